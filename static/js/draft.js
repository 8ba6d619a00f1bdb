// A draft saves itself while somebody types. What was typed is never thrown away: a save that fails is tried again, and
// the buttons wait for a save that is under way, so that it cannot overtake them.
const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-draft-status]");
const seen = document.getElementById(form.dataset.draft);
const PAUSE = 1500;
const AGAIN = 10000;
let typed = 0;
let kept = 0;
let timer = 0;
let under_way = null;
let leaving = false;

const tell = (text) => {
  if (line.textContent !== text) line.textContent = text;
};
const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
};

function goOn(answer) {
  seen.value = answer.seen;
  form.action = answer.url;
  if (location.pathname !== answer.url) history.replaceState(null, "", answer.url);
  form.elements.organisation?.setAttribute("disabled", "");
  const bar = document.getElementById("intake-progress");
  bar.value = answer.percent;
  bar.labels[0].querySelector(".soft").textContent = `– ${answer.progress}`;
}

async function send(upTo) {
  const data = new FormData(form);
  data.append("typing", "1");
  try {
    const answer = await fetch(form.action || location.href, {
      method: "POST", body: data, redirect: "manual", keepalive: leaving, headers: { Accept: "application/json" },
    });
    const told = await answer.json();
    tell(told.said);
    if (!answer.ok) return;
    goOn(told);
    kept = upTo;
  } catch {
    tell(form.dataset.lost);
    later(AGAIN);
  }
}

async function keep() {
  clearTimeout(timer);
  if (under_way || kept === typed) return;
  under_way = send(typed);
  const upTo = typed;
  await under_way;
  under_way = null;
  if (typed > upTo) later(PAUSE);
}

const changed = () => {
  typed += 1;
  later(PAUSE);
};
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (!under_way) {
    kept = typed;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  await under_way;
  form.requestSubmit(event.submitter);
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) keep();
});
window.addEventListener("beforeunload", (event) => {
  if (kept === typed) return;
  leaving = true;
  keep();
  event.preventDefault();
});
