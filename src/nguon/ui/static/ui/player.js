/* <figure data-player>: one sound at a time, its waveform to look at and click, arrows of five seconds. The waveform is
   asked for when the player comes into sight, the sound when it is played. mount() makes one for a sound of this page. */

import { Wave } from "./wave.js";

const STEP = 5; // seconds of an arrow
const LEAP = 30; // seconds of Page up and Page down
const TRIES = 6; // for a waveform that is still being drawn

const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

class Player {
  constructor(root) {
    root.dataset.ready = "1";
    root.player = this;
    this.root = root;
    this.audio = root.querySelector("audio");
    this.frame = root.querySelector("template").content.cloneNode(true).firstElementChild;
    this.button = this.frame.querySelector("button");
    this.seek = this.frame.querySelector("input");
    this.wave = new Wave(this.frame.querySelector("canvas"));
    this.seek.setAttribute("aria-label", root.dataset.seek);
    this.listen();
    this.audio.controls = false;
    this.audio.hidden = true;
    this.audio.after(this.frame);
    this.draw();
    if (this.audio.error) this.fail();
    if (root.dataset.peaks) inSight.observe(root);
  }

  /* Seconds: as the sound says, or before it is asked for as the page says; 0 if nobody knows. */
  get length() {
    const { duration } = this.audio;
    return Number.isFinite(duration) && duration > 0 ? duration : Number(this.root.dataset.ms ?? 0) / 1000;
  }

  listen() {
    const { audio, seek } = this;
    this.button.addEventListener("click", () => this.toggle());
    seek.addEventListener("input", () => this.go((this.length * Number(seek.value)) / 1000));
    seek.addEventListener("keydown", (event) => this.press(event));
    audio.addEventListener("play", () => {
      for (const other of document.querySelectorAll("[data-player] audio")) if (other !== audio) other.pause();
      this.follow();
    });
    audio.addEventListener("ended", () => {
      this.root.dataset.heard = "1";
      this.root.dispatchEvent(new CustomEvent("heard", { bubbles: true }));
    });
    for (const name of ["play", "pause", "ended", "timeupdate", "loadedmetadata", "durationchange", "seeked"]) {
      audio.addEventListener(name, () => this.draw());
    }
    audio.addEventListener("error", () => this.fail());
  }

  toggle() {
    if (this.audio.paused) this.audio.play().catch(() => undefined);
    else this.audio.pause();
  }

  go(seconds) {
    if (!this.length) return;
    this.audio.currentTime = Math.min(this.length, Math.max(0, seconds));
    this.draw();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.audio.currentTime;
    const to = {
      ArrowRight: at + STEP,
      ArrowUp: at + STEP,
      ArrowLeft: at - STEP,
      ArrowDown: at - STEP,
      PageUp: at + LEAP,
      PageDown: at - LEAP,
      Home: 0,
      End: this.length,
    }[event.key];
    if (to !== undefined) this.go(to);
    else if (event.key === " " || event.key === "Enter") this.toggle();
    else return;
    event.preventDefault();
  }

  /* While it plays the waveform fills smoothly, not four times a second. */
  follow() {
    if (this.audio.paused || !this.root.isConnected) return;
    this.wave.at(this.share);
    requestAnimationFrame(() => this.follow());
  }

  get share() {
    return this.length ? Math.min(1, this.audio.currentTime / this.length) : 0;
  }

  draw() {
    const { audio, root, frame, seek } = this;
    frame.querySelector("[data-word]").textContent = audio.paused ? root.dataset.play : root.dataset.pause;
    root.toggleAttribute("data-playing", !audio.paused);
    frame.querySelector("[data-at]").textContent = clock(audio.currentTime);
    if (!this.length) return;
    frame.querySelector("[data-length]").textContent = clock(this.length);
    seek.value = String(Math.round(1000 * this.share));
    seek.style.setProperty("--done", `${100 * this.share}%`);
    seek.setAttribute("aria-valuetext", `${clock(audio.currentTime)} ${root.dataset.of} ${clock(this.length)}`);
    this.wave.at(this.share);
  }

  show(peaks) {
    if (!peaks.length) return;
    this.root.toggleAttribute("data-waved", true);
    this.wave.show(peaks);
  }

  fail() {
    const words = document.createElement("p");
    words.className = "player-broken";
    words.setAttribute("role", "alert");
    words.textContent = this.root.dataset.broken;
    this.frame.replaceWith(words);
  }
}

/* ---- waveforms, when they come into sight ---- */

const inSight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      inSight.unobserve(target);
      fetchPeaks(target, TRIES);
    }
  },
  { rootMargin: "200px" },
);

async function fetchPeaks(root, tries) {
  let answer;
  try {
    answer = await fetch(root.dataset.peaks, { headers: { Accept: "application/octet-stream" } });
  } catch {
    return; // without a line there is no waveform, and the player plays on
  }
  if (answer.status === 202 && tries > 1 && root.isConnected) {
    const wait = Number(answer.headers.get("Retry-After") || 3);
    window.setTimeout(() => fetchPeaks(root, tries - 1), 1000 * wait);
  } else if (answer.status === 200 && !answer.redirected) {
    root.player.show(new Uint8Array(await answer.arrayBuffer()));
  }
}

/* ---- a sound that is only in this page: an upload that is not sent yet, a take ---- */

/** A player in `holder` for a Blob. `ms` is its length if known, `peaks` its waveform. Frees the one that was there. */
export function mount(holder, blob, { title = "", ms = 0, peaks = null } = {}) {
  unmount(holder);
  const root = document.getElementById("player-frame").content.cloneNode(true).firstElementChild;
  const caption = root.querySelector("[data-title]");
  caption.textContent = title;
  caption.parentElement.hidden = !title;
  if (ms) root.dataset.ms = String(Math.round(ms));
  const audio = root.querySelector("audio");
  audio.preload = ms ? "none" : "metadata";
  audio.src = URL.createObjectURL(blob);
  holder.replaceChildren(root);
  const player = new Player(root);
  if (peaks) player.show(peaks);
  return player;
}

/** Take the player out of `holder`, and let go of its sound. */
export function unmount(holder) {
  const old = holder.querySelector("audio");
  if (old) {
    old.pause();
    URL.revokeObjectURL(old.src);
  }
  holder.replaceChildren();
}

export function start(root) {
  for (const player of root.querySelectorAll("[data-player]:not([data-ready])")) new Player(player);
}

start(document);
document.addEventListener("htmx:load", () => start(document));
