// A passkey: the browser answers the page's challenge, and the answer goes along with the form.
// "create": at submitting, for a new passkey. "get": with the button, at logging in.
const place = document.querySelector("[data-passkey]");
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked() {
  const { publicKey } = JSON.parse(place.dataset.options);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const list of [publicKey.excludeCredentials, publicKey.allowCredentials])
    (list || []).forEach((known) => (known.id = bytes(known.id)));
  return { publicKey };
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults,
  });
}

async function answer(form) {
  const said = place.querySelector("[data-said]");
  said.textContent = "";
  try {
    form.elements.answer.value = told(await navigator.credentials[place.dataset.passkey](asked()));
    form.submit();
  } catch {
    said.textContent = place.dataset.failed;
  }
}

if (place && window.PublicKeyCredential) {
  const form = place.querySelector("form");
  const button = place.querySelector("[data-ask]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => answer(form));
  } else {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // the form is sent once the browser has answered
      answer(form);
    });
  }
}
