/* While a recording runs the page is not left unasked, and its form not sent: it would go without it. */

/** `active()` says whether one runs; `tell()` says that it must be stopped first. */
export function guard(form, active, tell) {
  const hold = (event) => {
    if (!active()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell();
  };
  window.addEventListener("beforeunload", (event) => active() && event.preventDefault());
  if (!form) return;
  form.addEventListener("submit", hold, true);
  document.body.addEventListener("htmx:confirm", (event) => {
    const { elt } = event.detail;
    if ((elt === form || elt.form === form) && elt.matches("button, form")) hold(event);
  });
}
