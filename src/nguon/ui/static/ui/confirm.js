/* One tap and a confirm: <button type="submit" data-confirm="id"> opens <dialog id="id">, whose form does the work.
   Without script the button sends that form at once. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button) {
    const dialog = document.getElementById(button.dataset.confirm);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("dialog [data-close]")) {
    event.target.closest("dialog").close();
  } else if (event.target instanceof HTMLDialogElement && event.target.classList.contains("dialog")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

/* A slow line invites a second tap: a form that is on its way does not go twice . */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 30_000);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
