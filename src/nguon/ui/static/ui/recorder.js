/* <div data-recorder data-input="#id_sound" data-minutes="60">: records with the microphone into that file input.

   One press opens the microphone, counts down and records; it can pause. Takes are listened to and compared; the first
   goes into the form, a later one when it is chosen. */

import { impossible, Microphone, microphones, decibels } from "./microphone.js";
import { Takes } from "./takes.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const COUNTDOWN = 3; // seconds
const LONG = 300; // seconds after which people stop listening
const WARNED = 60; // seconds before the limit
const KEPT = "nguon:microphone"; // the chosen one, in this browser
const BAR = 3; // CSS pixels of one look in the live waveform
const FALL = 0.06; // of the meter, at each look, so that a peak can be seen

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
const BUTTONS = {
  idle: ["start", "test"],
  asking: [],
  testing: ["start", "cancel"],
  counting: ["cancel"],
  recording: ["stop", "pause"],
  paused: ["resume", "stop"],
};

class Recorder {
  constructor(root) {
    if (!root.firstElementChild) root.append(document.getElementById("recorder-frame").content.cloneNode(true));
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.takes = new Takes(root, document.querySelector(root.dataset.input), (name) => this.words(name));
    document.querySelector(root.dataset.input)?.addEventListener("change", () => {
      if (this.state === "idle" && this.takes.all.length && !this.takes.used) this.tell("");
    });
    this.limit = 60 * Number(root.dataset.minutes || 60);
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this[button.dataset.act]());
    }
    this.find("device").addEventListener("change", () => this.change());
    this.find("calm").addEventListener("change", () => this.change());
    for (const name of ["device", "calm"]) {
      for (const event of ["input", "change"]) this.find(name).addEventListener(event, (one) => one.stopPropagation());
    }
    root.addEventListener("take-used", () => this.tell("chosen"));
    window.addEventListener("beforeunload", (event) => this.active && event.preventDefault());
    this.guard(root.closest("form"));
    this.turn("idle");
    const why = impossible();
    if (why) {
      this.find("acts").hidden = true;
      this.tell(why);
    }
  }

  /* ---- words ---- */

  words(name) {
    return this.find("words").content.querySelector(`[data-said="${name}"]`).textContent;
  }

  tell(name) {
    this.find("state").textContent = name ? this.words(name) : "";
    this.find("state").dataset.said = name;
  }

  hint(name) {
    if (this.hinted === name) return; // a screen reader says it once
    this.hinted = name;
    this.find("hint").textContent = name ? this.words(name) : "";
  }

  get active() {
    return this.state === "recording" || this.state === "paused";
  }

  turn(state) {
    this.state = state;
    this.root.dataset.state = state;
    const shown = BUTTONS[state];
    for (const button of this.root.querySelectorAll("[data-act]")) button.hidden = !shown.includes(button.dataset.act);
    this.find("desk").hidden = state === "idle" || state === "asking";
    this.find("count").hidden = state !== "counting";
    this.find("device").disabled = this.find("calm").disabled = this.active;
    this.find("first").hidden = this.takes.all.length > 0;
    this.find("again").hidden = this.takes.all.length === 0;
  }

  /* ---- the microphone ---- */

  async open(state) {
    this.turn("asking");
    this.tell("asking");
    this.hint("");
    this.asked = {};
    const { asked } = this;
    try {
      const microphone = await Microphone.open({
        device: localStorage.getItem(KEPT) ?? "",
        calm: this.find("calm").checked,
        onlevel: (level) => this.level(level),
        onlost: () => this.lost(),
      });
      if (this.asked !== asked) return microphone.close();
      this.microphone = microphone;
    } catch (error) {
      this.turn("idle");
      this.tell(error.word ?? "missing");
      return false;
    }
    this.tops = [];
    this.held = 0;
    this.find("time").textContent = clock(0);
    await this.list();
    this.turn(state);
    this.tell(state);
    return true;
  }

  close() {
    window.clearTimeout(this.counting);
    this.asked = null;
    this.microphone?.close();
    this.microphone = null;
    this.lock?.release().catch(() => undefined);
    this.lock = null;
    this.hint("");
  }

  async list() {
    const found = await microphones();
    const select = this.find("device");
    select.replaceChildren(
      ...found.map(({ id, name }, n) => new Option(name || `${this.words("device")} ${n + 1}`, id)),
    );
    select.value = this.microphone.device;
    this.find("devices").hidden = found.length < 2;
  }

  /* Another microphone, or another treatment: what was begun begins anew with it. */
  async change() {
    localStorage.setItem(KEPT, this.find("device").value);
    const { state } = this;
    if (state !== "testing" && state !== "counting") return;
    this.close();
    if (state === "testing") this.test();
    else this.start();
  }

  level({ peak, clipped, hint }) {
    const share = Math.min(1, Math.max(0, 1 + decibels(peak) / 60));
    this.held = Math.max(share, this.held - FALL);
    const kind = hint === "loud" ? "high" : peak > 0.02 ? "good" : "low";
    this.find("bar").style.inlineSize = `${100 * share}%`;
    this.find("peak").style.insetInlineStart = `${100 * this.held}%`;
    this.find("meter").dataset.kind = kind;
    this.find("meter").setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.find("word").textContent = this.words(`level-${kind}`);
    if (this.state === "paused") return;
    this.tops.push(peak);
    if (this.state === "recording") {
      this.clipped ||= clipped;
      this.pass(hint);
    } else {
      this.hint(hint);
    }
    this.drawLive();
  }

  drawLive() {
    const canvas = this.find("live");
    const dots = window.devicePixelRatio || 1;
    const [width, tall] = [canvas.clientWidth, canvas.clientHeight];
    [canvas.width, canvas.height] = [Math.round(width * dots), Math.round(tall * dots)];
    const paper = canvas.getContext("2d");
    paper.scale(dots, dots);
    const style = getComputedStyle(canvas);
    paper.fillStyle = style.getPropertyValue(this.state === "recording" ? "--wave-heard" : "--wave-rest");
    const shown = this.tops.slice(-Math.floor(width / BAR));
    shown.forEach((top, n) => {
      const size = Math.max(2, tall * Math.min(1, Math.max(0, 1 + decibels(top) / 48)) ** 1.3);
      paper.fillRect(width - (shown.length - n) * BAR, (tall - size) / 2, BAR - 1, size);
    });
  }

  /* ---- what the buttons do ---- */

  async test() {
    if (await this.open("testing")) this.root.querySelector('[data-act="start"]').focus();
  }

  async start() {
    if (this.state === "testing") {
      this.turn("counting");
      this.tell("counting");
    } else if (!(await this.open("counting"))) return;
    this.root.querySelector('[data-act="cancel"]').focus();
    this.count(COUNTDOWN);
  }

  count(left) {
    if (this.state !== "counting") return;
    this.find("count").textContent = String(left);
    if (left === 0) this.record();
    else this.counting = window.setTimeout(() => this.count(left - 1), 1000);
  }

  cancel() {
    this.close();
    this.turn("idle");
    this.tell("");
    this.root.querySelector('[data-act="start"]').focus();
  }

  record() {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(this.microphone.stream, { mimeType, audioBitsPerSecond: 128000 });
    this.parts = [];
    this.tops = [];
    this.clipped = false;
    this.ending = "";
    this.past = 0;
    this.since = performance.now();
    this.microphone.forget();
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.recorder.addEventListener("stop", () => this.finish());
    this.recorder.addEventListener("error", () => this.lost());
    this.recorder.start(1000);
    navigator.wakeLock?.request("screen").then((lock) => (this.lock = lock)).catch(() => undefined);
    this.turn("recording");
    this.tell("recording");
    this.root.querySelector('[data-act="stop"]').focus();
  }

  get seconds() {
    return (this.past + (this.state === "recording" ? performance.now() - this.since : 0)) / 1000;
  }

  /* Time goes on while recording: what to say of it, and the end when there is no more room. */
  pass(hint) {
    const { seconds } = this;
    this.find("time").textContent = clock(seconds);
    if (seconds >= this.limit) return this.stop("full");
    const left = this.limit - seconds;
    return this.hint(hint || (left < WARNED && this.limit > 2 * WARNED ? "ending" : seconds > LONG ? "long" : ""));
  }

  pause() {
    this.past = 1000 * this.seconds;
    this.recorder.pause();
    this.turn("paused");
    this.tell("paused");
    this.hint("");
    this.root.querySelector('[data-act="resume"]').focus();
  }

  resume() {
    this.since = performance.now();
    this.recorder.resume();
    this.microphone.forget();
    this.turn("recording");
    this.tell("recording");
    this.root.querySelector('[data-act="stop"]').focus();
  }

  stop(ending = "") {
    if (!this.active || this.recorder.state === "inactive") return;
    this.past = 1000 * this.seconds;
    this.ending = ending;
    this.recorder.stop();
  }

  /* The microphone went, or the browser gave up: what there is, is kept. */
  lost() {
    if (this.active) {
      this.ending = "unplugged";
      if (this.recorder.state === "inactive") this.finish();
      else this.stop("unplugged");
    } else if (this.microphone) {
      this.close();
      this.turn("idle");
      this.tell("missing");
    }
  }

  async finish() {
    if (!this.active) return;
    const seconds = this.past / 1000;
    const type = this.recorder.mimeType.split(";")[0];
    const file = new File(this.parts, `thu-am.${ENDINGS[type] ?? "webm"}`, { type });
    const { tops, clipped, ending } = this;
    this.turn("idle");
    this.close();
    if (!file.size) return this.tell("nothing");
    const first = await this.takes.add(file, { seconds, tops, clipped });
    this.turn("idle");
    this.tell(ending || (first ? "kept" : "spare"));
    return this.root.querySelector('[data-takes] button:not([hidden])')?.focus();
  }

  /* A form that is sent in the middle of a recording would go without it. */
  guard(form) {
    const hold = (event) => {
      if (!this.active) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.tell("saving");
      this.root.scrollIntoView({ block: "center", behavior: "smooth" });
    };
    form?.addEventListener("submit", hold, true);
    document.body.addEventListener("htmx:confirm", (event) => {
      const { elt } = event.detail;
      if (form && (elt === form || elt.form === form) && elt.matches("button, form")) hold(event);
    });
  }
}

function start() {
  for (const root of document.querySelectorAll("[data-recorder]:not([data-ready])")) {
    root.dataset.ready = "1";
    root.recorder = new Recorder(root);
  }
}

start();
document.addEventListener("htmx:load", start);
