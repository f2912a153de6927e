/* The marks of the map follow the stream: each message carries the new kind and words of what changed. */

document.body.addEventListener("htmx:oobAfterSwap", () => {
  const carrier = document.getElementById("marks");
  if (!carrier?.dataset.marks) return;
  for (const [id, [kind, said]] of Object.entries(JSON.parse(carrier.dataset.marks))) mark(id, kind, said);
  delete carrier.dataset.marks;
});

function mark(id, kind, said) {
  const found = document.getElementById(`m-${id}`);
  if (!found) return;
  found.setAttribute("class", `map-mark map-mark-${kind}`);
  found.setAttribute("aria-label", said);
  found.querySelector("use").setAttribute("href", `#mark-${kind}`);
  found.querySelector("text").textContent = said;
}

/* A filter is at work as soon as it is chosen. */
for (const select of document.querySelectorAll(".watch-filter select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
