// Saves a point of a DPIA while somebody types. Without this script the page saves with its buttons.
// No keystroke is lost: what is not saved yet also stands in this tab's own storage, and is sent as soon as that works.
const PAUSE = 700, AGAIN = 5000, HERE = 15000;
const form = document.querySelector("form[data-autosave]");
const sections = () => [...form.querySelectorAll("[data-question]")].filter((one) => one.querySelector("[name^=seen-]"));
const sectionOf = (question) => form.querySelector(`[data-question="${question}"]`);
const storage = (question) => `dpia ${form.dataset.user} ${form.dataset.autosave} ${question}`;
const text = (name) => form.querySelector(`template[data-text="${name}"]`).content.textContent.trim();

const dirty = new Map(); // question -> the number of the change that is not saved yet
const refused = new Map(); // question -> the number of the change that was refused
const conflicts = new Set();
let changes = 0, timer = 0, busy = null, leaving = false, focus = "", trouble = "";

function entriesOf(question) {
  const names = new Set([...sectionOf(question).querySelectorAll("input, select, textarea")].map((field) => field.name));
  return [...new FormData(form)].filter(([name]) => names.has(name));
}

function remember(question) {
  try { sessionStorage.setItem(storage(question), JSON.stringify(entriesOf(question))); } catch { /* full or forbidden */ }
}

function settle(question) {
  dirty.delete(question);
  refused.delete(question);
  sessionStorage.removeItem(storage(question));
}

function changed(question) {
  dirty.set(question, ++changes);
  remember(question);
  tell();
  later(PAUSE);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

const chosen = () => [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);
const unsent = () => [...dirty.keys()].filter((one) => !conflicts.has(one) && refused.get(one) !== dirty.get(one));

function tell(said = "") {
  const name = trouble || (conflicts.size && "conflict") || (refused.size && "refused") || (unsent().length && "typing");
  const place = form.querySelector("[data-said]"), now = name ? text(name) : said;
  if (now) form.querySelector("[data-saving]").hidden = false;
  if (now && place.textContent !== now) place.textContent = now;
}

// One request at a time, so that an older text never comes after a newer one.
function save(options = {}) {
  if (!busy) busy = send(options).finally(() => { busy = null; });
  return busy;
}

async function send({ here = false, keepalive = false } = {}) {
  clearTimeout(timer);
  const sent = new Map(unsent().map((question) => [question, dirty.get(question)]));
  if (!sent.size && !here) return;
  const body = new URLSearchParams([...sent.keys()].flatMap(entriesOf));
  body.append("asked", form.elements.asked.value);
  if (here) body.append("here", focus);
  const answer = await post(body, keepalive);
  if (!answer) return later(AGAIN);
  const said = Object.entries(answer.questions).map(([question, one]) => outcome(question, one, sent.get(question)));
  show(answer);
  tell(said.filter(Boolean).at(-1) ?? "");
  if (unsent().length) later(PAUSE);
}

async function post(body, keepalive) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", headers, body, redirect: "manual", keepalive });
    trouble = answer.ok ? "" : answer.status >= 500 ? "offline" : "logged-out";
    if (answer.ok) return await answer.json();
  } catch { trouble = "offline"; }
  tell();
  return null;
}

function outcome(question, one, number) {
  const section = sectionOf(question), state = section.querySelector("[data-state]");
  state.hidden = one.state !== "refused";
  if (one.state === "saved") {
    form.elements[`seen-${question}`].value = one.seen;
    (one.ids ?? []).forEach((id, row) => { form.elements[`${question}-${row}-id`].value = id; });
    if (dirty.get(question) === number) settle(question);
    else remember(question); // typed on meanwhile: kept with what stands there now
    (one.levels ?? []).forEach((html, row) => { section.querySelectorAll("[data-levels]")[row].innerHTML = html; });
    return one.said;
  }
  if (one.state === "refused") {
    refused.set(question, number);
    state.textContent = one.said;
    return "";
  }
  conflicts.add(question);
  section.dataset.theirs = one.seen;
  section.insertAdjacentHTML("afterbegin", one.theirs);
  return "";
}

function show(answer) {
  if (answer.progress) document.querySelector("[data-progress]").innerHTML = answer.progress;
  for (const [question, html] of Object.entries(answer.computed ?? {})) {
    const place = form.querySelector(`[data-question="${question}"] [data-answer]`);
    if (place) place.innerHTML = html;
  }
  if ("matrices" in answer) form.querySelector("[data-matrices]").innerHTML = answer.matrices;
  if ("other_questions" in answer) form.querySelector("[data-more]").hidden = !answer.other_questions;
  const others = form.querySelector("[data-others]");
  if ("others" in answer && others.innerHTML.trim() !== answer.others.trim()) others.innerHTML = answer.others;
}

// Two people wrote at the same time: the person chooses, and the other text stays with the earlier answers.
function choose(button) {
  const section = button.closest("[data-question]"), question = section.dataset.question;
  conflicts.delete(question);
  section.querySelector(`#theirs-${question}`).remove();
  section.querySelector("textarea, select, input:not([type=hidden])").focus();
  if (button.dataset.choose === "mine") {
    form.elements[`seen-${question}`].value = section.dataset.theirs;
    return changed(question);
  }
  settle(question);
  return reload();
}

async function reload() {
  if (await flushed()) {
    leaving = true;
    location.reload();
  }
}

async function flushed() {
  while (unsent().length) {
    const left = [...dirty.values()].join();
    await (busy ?? save());
    if (trouble || left === [...dirty.values()].join()) break;
  }
  return !dirty.size;
}

// Buttons send the whole form; what is typed is saved first, so that nothing is lost on the way.
async function submitted(event) {
  if (leaving || !dirty.size) {
    leaving = true;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (!(await flushed())) return tell();
  leaving = true;
  form.requestSubmit(event.submitter);
}

// What an earlier visit of this tab could not send (the browser stopped, the connection was lost) is sent as it was.
async function restore() {
  const left = sections().map((one) => one.dataset.question).filter((one) => sessionStorage.getItem(storage(one)));
  if (!left.length) return;
  const body = new URLSearchParams(left.flatMap((one) => JSON.parse(sessionStorage.getItem(storage(one)))));
  const answer = await post(body, false);
  if (!answer) return setTimeout(restore, AGAIN);
  const states = Object.values(answer.questions).map((one) => one.state);
  left.forEach((one) => sessionStorage.removeItem(storage(one)));
  if (states.includes("saved") && !dirty.size) location.reload();
  else if (states.some((one) => one !== "saved")) form.querySelector("[data-kept]").hidden = false;
}

function start() {
  restore();
  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name?.endsWith("-library")) return; // chosen: a button adds it
    const section = event.target.closest("[data-question]");
    if (section) changed(section.dataset.question);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (button) choose(button);
  });
  form.addEventListener("submit", submitted);
  form.addEventListener("focusin", (event) => { focus = event.target.closest("[data-question]")?.dataset.question ?? ""; });
  if (form.dataset.unsaved) {
    sections().filter((one) => one.querySelector("[name$=-rows]")).forEach((one) => changed(one.dataset.question));
  }
  save({ here: true });
  setInterval(() => { if (!document.hidden) save({ here: true }); }, HERE);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save({ keepalive: true }); });
  window.addEventListener("beforeunload", (event) => { if (!leaving && (unsent().length || chosen())) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; });
}

if (form) start();
