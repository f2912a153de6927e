/* <figure data-player>: one sound at a time, its waveform to look at and click, arrows of five seconds. The sound is asked
   for when it is played. */

import { Wave } from "./wave.js";
import { whenSeen } from "./waveforms.js";

const STEP = 5; // seconds of an arrow
const LEAP = 30; // seconds of Page up and Page down

const clock = (seconds) => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

export class Player {
  constructor(root) {
    root.dataset.ready = "1";
    root.player = this;
    this.root = root;
    this.audio = root.querySelector("audio");
    this.frame = root.querySelector("template").content.cloneNode(true).firstElementChild;
    this.find = (name) => this.frame.querySelector(`[data-${name}]`);
    this.seek = this.frame.querySelector("input");
    this.wave = new Wave(this.frame.querySelector("canvas"));
    this.seek.setAttribute("aria-label", root.dataset.seek);
    this.listen();
    this.audio.controls = false;
    this.audio.hidden = true;
    this.audio.after(this.frame);
    this.draw();
    if (this.audio.error) this.fail();
    whenSeen(root);
  }

  /* Seconds: as the sound says, or before it is asked for as the page says; 0 if nobody knows. */
  get length() {
    const { duration } = this.audio;
    return Number.isFinite(duration) && duration > 0 ? duration : Number(this.root.dataset.ms ?? 0) / 1000;
  }

  get share() {
    return this.length ? Math.min(1, this.audio.currentTime / this.length) : 0;
  }

  listen() {
    const { audio, seek } = this;
    this.frame.querySelector("button").addEventListener("click", () => this.toggle());
    seek.addEventListener("input", () => this.go((this.length * Number(seek.value)) / 1000));
    seek.addEventListener("keydown", (event) => this.press(event));
    for (const name of ["input", "change"]) seek.addEventListener(name, (event) => event.stopPropagation());
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
    const steps = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP, PageUp: LEAP, PageDown: -LEAP };
    if (event.key in steps) this.go(this.audio.currentTime + steps[event.key]);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.length);
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

  draw() {
    const { audio, root, seek } = this;
    this.find("word").textContent = audio.paused ? root.dataset.play : root.dataset.pause;
    root.toggleAttribute("data-playing", !audio.paused);
    this.find("at").textContent = clock(audio.currentTime);
    if (!this.length) return;
    this.find("length").textContent = clock(this.length);
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
    const words = { className: "player-broken", role: "alert", textContent: this.root.dataset.broken };
    this.frame.replaceWith(Object.assign(document.createElement("p"), words));
  }
}

const start = () => document.querySelectorAll("[data-player]:not([data-ready])").forEach((root) => new Player(root));
start();
document.addEventListener("htmx:load", start);
