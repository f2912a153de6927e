/* A tap on the time of a line plays the sound from there. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-at]");
  const audio = document.querySelector("#sound audio");
  if (!button || !audio) return;
  audio.currentTime = Number(button.dataset.at) / 1000;
  audio.play().catch(() => undefined);
});
