// Asking to be told on this telephone. Without this script, or where the browser cannot, the page says what else there is.

const form = document.querySelector("[data-push]");
const words = form.querySelector("[data-words]").dataset;
const state = form.querySelector("[data-state]");
const wrong = form.querySelector("[data-wrong]");
const keepButton = form.querySelector("[data-keep-button]");
const stopButton = form.querySelector("[data-stop-button]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

if (able && window.isSecureContext) begin();

async function begin() {
  document.querySelector("[data-without]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(keep);
  });
  form.addEventListener("change", sections);
  stopButton.addEventListener("click", () => busy(stop));
  if (location.hash === "#canh-bao") form.elements.warnings.checked = true; // pressed for, on the page of warnings
  show(false, Notification.permission === "denied" ? words.denied : words.new);
  await busy(look);
}

// What the server tells this browser now.
async function look() {
  const subscription = await subscribed();
  if (!subscription) return;
  const told = await ask(form.dataset.look, { endpoint: subscription.endpoint });
  if (!told.follows) return;
  form.elements.warnings.checked = told.warnings;
  form.elements.all_news.checked = told.all_news;
  for (const box of boxes()) box.checked = told.sections.includes(box.value);
  show(true, words.on);
}

async function keep() {
  const chosen = {
    warnings: form.elements.warnings.checked,
    all_news: form.elements.all_news.checked,
    sections: boxes().filter((box) => box.checked).map((box) => box.value),
  };
  if (!chosen.warnings && !chosen.all_news && !chosen.sections.length) throw new Told(words.none);
  const permission = await Notification.requestPermission();
  if (permission !== "granted") throw new Told(permission === "denied" ? words.denied : words.dismissed);
  const subscription = await subscribe();
  await ask(form.dataset.keep, { subscription: subscription.toJSON(), ...chosen });
  show(true, words.saved);
}

async function stop() {
  const subscription = await subscribed();
  if (subscription) {
    await ask(form.dataset.stop, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  for (const box of form.querySelectorAll("input")) box.checked = false;
  show(false, words.stopped);
  keepButton.focus();
}

async function subscribed() {
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.scope);
  return registration ? registration.pushManager.getSubscription() : null;
}

async function subscribe() {
  await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
  const registration = await navigator.serviceWorker.ready; // of this page's own worker: it lies below the site's root
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe(); // it was made for a key that the server no longer has
    return registration.pushManager.subscribe(options);
  }
}

async function ask(address, said) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(said),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Told(told.wrong || words.failed);
  return told;
}

class Told extends Error {}

async function busy(work) {
  wrong.hidden = true;
  keepButton.disabled = stopButton.disabled = true;
  try {
    await work();
  } catch (error) {
    wrong.textContent = error instanceof Told ? error.message : words.failed;
    wrong.hidden = false;
  } finally {
    keepButton.disabled = stopButton.disabled = false;
    sections();
  }
}

function show(follows, said) {
  state.textContent = said;
  keepButton.textContent = follows ? words.change : words.begin;
  stopButton.hidden = !follows;
}

// Who is told of everything need not choose.
function sections() {
  const part = form.querySelector("[data-sections]");
  if (part) part.hidden = form.elements.all_news.checked;
}

function boxes() {
  return [...form.querySelectorAll("input[name=section]")];
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
