/* <figure data-player>: a large button and a line to move along, in place of the browser's own controls. */

const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function setUp(player) {
  player.dataset.ready = "1";
  const audio = player.querySelector("audio");
  const frame = player.querySelector("template").content.cloneNode(true).firstElementChild;
  const button = frame.querySelector("button");
  const word = frame.querySelector("[data-word]");
  const seek = frame.querySelector("input");
  const at = frame.querySelector("[data-at]");
  const length = frame.querySelector("[data-length]");
  const known = () => Number.isFinite(audio.duration) && audio.duration > 0;

  function draw() {
    word.textContent = audio.paused ? player.dataset.play : player.dataset.pause;
    player.toggleAttribute("data-playing", !audio.paused);
    at.textContent = clock(audio.currentTime);
    if (!known()) return;
    length.textContent = clock(audio.duration);
    seek.value = String(Math.round((1000 * audio.currentTime) / audio.duration));
    seek.style.setProperty("--done", `${(100 * audio.currentTime) / audio.duration}%`);
    seek.setAttribute("aria-valuetext", `${at.textContent} / ${length.textContent}`);
  }

  seek.setAttribute("aria-label", player.dataset.seek);
  button.addEventListener("click", () => {
    if (audio.paused) audio.play().catch(() => undefined);
    else audio.pause();
  });
  seek.addEventListener("input", () => {
    if (known()) audio.currentTime = (audio.duration * Number(seek.value)) / 1000;
  });
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("[data-player] audio")) if (other !== audio) other.pause();
  });
  audio.addEventListener("ended", () => {
    player.dataset.heard = "1";
    player.dispatchEvent(new CustomEvent("heard", { bubbles: true }));
  });
  for (const name of ["play", "pause", "ended", "timeupdate", "loadedmetadata", "durationchange", "seeked"]) {
    audio.addEventListener(name, draw);
  }
  audio.addEventListener("error", () => {
    const words = document.createElement("p");
    words.className = "player-broken";
    words.setAttribute("role", "alert");
    words.textContent = player.dataset.broken;
    frame.replaceWith(words);
  });
  audio.controls = false;
  audio.hidden = true;
  audio.after(frame);
  draw();
  if (audio.error) audio.dispatchEvent(new Event("error"));
}

function start(root) {
  for (const player of root.querySelectorAll("[data-player]:not([data-ready])")) setUp(player);
}

start(document);
document.addEventListener("htmx:load", () => start(document));
