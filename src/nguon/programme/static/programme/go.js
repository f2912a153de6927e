/* <select data-go>: choosing goes there at once. <button data-take="06:00">: takes a proposed time into the form. */

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-go]")) event.target.form.submit();
});

document.addEventListener("click", (event) => {
  const taker = event.target.closest("[data-take]");
  if (!taker) return;
  const field = taker.closest("form").querySelector('input[name="at"]');
  field.value = taker.dataset.take;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});
