/* Short words over the page: from the server by the header HX-Trigger: {"toast": "words"}, and when a request fails. */

const SECONDS = 6;
const holder = document.getElementById("toasts");
const words = document.body.dataset;

function show(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  const said = document.createElement("span");
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = holder.dataset.close;
  close.addEventListener("click", () => toast.remove());
  toast.append(said, close);
  holder.append(toast);
  window.setTimeout(() => toast.remove(), SECONDS * 1000);
}

document.body.addEventListener("toast", (event) => {
  const { value, text } = event.detail;
  if (value ?? text) show(value ?? text);
});

document.body.addEventListener("htmx:sendError", () => show(words.lost));

document.body.addEventListener("htmx:responseError", (event) => {
  show(event.detail.xhr.status === 403 ? words.denied : words.broken);
});

/* Signed out meanwhile: the answer to a part of the page is the sign-in page; go there instead of putting it inside. */
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!words.signIn || !xhr?.responseURL) return;
  if (new URL(xhr.responseURL).pathname !== words.signIn) return;
  event.detail.shouldSwap = false;
  window.location.assign(words.signIn + "?next=" + encodeURIComponent(location.pathname + location.search));
});
