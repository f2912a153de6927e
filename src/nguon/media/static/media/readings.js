/* The page of readings: a span of the tried sentence goes into the form. */

document.addEventListener("correct", (event) => {
  const written = document.getElementById("id_written");
  if (!written) return;
  written.value = event.detail.written;
  const spoken = document.getElementById("id_spoken");
  spoken.value = event.detail.said;
  spoken.focus();
  spoken.select();
});
