/* <p class="live" data-live> says whether the server-sent events of the page arrive. */

function say(state) {
  for (const sign of document.querySelectorAll("[data-live]")) sign.dataset.state = state;
}

document.body.addEventListener("htmx:sseOpen", () => say("on"));
document.body.addEventListener("htmx:sseMessage", () => say("on"));
document.body.addEventListener("htmx:sseError", () => say("lost"));
document.body.addEventListener("htmx:sseClose", () => say("lost"));
window.addEventListener("offline", () => say("lost"));
