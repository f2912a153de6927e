/* Passkeys: <form data-passkey="get|create" data-asked="address">. The server says what to ask, the browser's answer goes
   with the form as JSON in `credential`. Without passkeys in the browser the form stays hidden. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const listed = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(options, how) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (how === "create") {
    read.user = { ...options.user, id: bytes(options.user.id) };
    read.excludeCredentials = listed(options.excludeCredentials);
  } else {
    read.allowCredentials = listed(options.allowCredentials);
  }
  return read;
}

function answer(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = text(response.attestationObject);
  } else {
    said.authenticatorData = text(response.authenticatorData);
    said.signature = text(response.signature);
    if (response.userHandle) said.userHandle = text(response.userHandle);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
}

async function ask(form) {
  const how = form.dataset.passkey;
  const token = form.elements.csrfmiddlewaretoken.value;
  const reply = await fetch(form.dataset.asked, { method: "POST", headers: { "X-CSRFToken": token } });
  if (reply.redirected) {
    window.location.assign(reply.url);
    return null;
  }
  if (!reply.ok) throw new TypeError(String(reply.status));
  return navigator.credentials[how]({ publicKey: asked(await reply.json(), how) });
}

async function act(form) {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = said.dataset.waits;
  try {
    const credential = await ask(form);
    if (!credential) return;
    form.elements.credential.value = answer(credential);
    form.submit();
  } catch (error) {
    const words = { InvalidStateError: said.dataset.known, TypeError: said.dataset.lost };
    said.textContent = words[error.name] ?? said.dataset.stopped;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      act(form);
    });
  }
  for (const words of document.querySelectorAll("[data-passkey-lacking]")) words.hidden = true;
}
