/* <section data-live-desk>: the desk of whoever speaks live. Test the microphone, confirm, speak, end; a broken line is
   taken up again by itself for as long as the server waits. */

import { Line } from "./line.js";
import { Meter } from "./meter.js";
import { impossible, Microphone, microphones } from "../ui/microphone.js";

const KEPT = "nguon:microphone"; // the chosen one, in this browser; the recorder's too
const SOON = 60_000; // ms before the end at which to say so
const BUTTONS = {
  idle: ["open"],
  asking: [],
  testing: ["ask"],
  connecting: [],
  "on-air": ["end"],
  lost: ["end"],
  mute: ["open", "end"],
  ended: ["after", "again"],
};
const SIGNS = { asking: "idle", testing: "idle", mute: "lost" };

const clock = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

class Desk {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.meter = new Meter(this);
    for (const button of root.querySelectorAll("button[data-act]")) {
      button.addEventListener("click", () => this[button.dataset.act]());
    }
    const dialog = this.find("dialog");
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && this.begin());
    this.find("device").addEventListener("change", () => this.change());
    window.addEventListener("beforeunload", (event) => this.speaking && event.preventDefault());
    this.turn("idle", impossible() || "idle");
    this.act("open").disabled = impossible() !== "";
  }

  words(name) {
    return this.find("words").content.querySelector(`[data-said="${name}"]`)?.textContent ?? name;
  }

  act(name) {
    return this.root.querySelector(`[data-act="${name}"]`);
  }

  get speaking() {
    return ["on-air", "lost", "mute"].includes(this.state);
  }

  turn(state, said = state, plain = "") {
    this.state = state;
    this.root.dataset.state = state;
    for (const button of this.root.querySelectorAll("[data-act]")) {
      button.hidden = !BUTTONS[state].includes(button.dataset.act);
    }
    this.find("sign").textContent = this.words(`sign-${SIGNS[state] ?? state}`);
    this.find("sound").hidden = !this.microphone;
    this.find("heard-line").hidden ||= state !== "on-air";
    this.find("device").disabled = this.speaking || state === "connecting";
    this.tell(said, plain);
  }

  tell(said, plain = "") {
    this.find("told").textContent = plain || this.words(said);
    this.find("told").dataset.said = said;
  }

  async open() {
    const before = this.state;
    if (!this.speaking) this.turn("asking");
    try {
      this.microphone = await Microphone.open({
        device: localStorage.getItem(KEPT) ?? "",
        calm: true,
        onlevel: (level) => this.meter.show(level, this.line?.slow ? "slow" : ""),
        onlost: () => this.unplugged(),
      });
    } catch (error) {
      return this.turn(before, error.word ?? "missing");
    }
    const found = await microphones();
    const named = ({ id, name }, n) => new Option(name || `${this.words("device")} ${n + 1}`, id);
    this.find("device").replaceChildren(...found.map(named));
    this.find("device").value = this.microphone.device;
    this.find("devices").hidden = found.length < 2;
    if (this.line) {
      this.turn("on-air", "back");
      this.line.speak(this.microphone.stream);
      return this.act("end").focus();
    }
    if ("resume" in this.root.dataset) return this.begin();
    this.turn("testing");
    return this.act("ask").focus();
  }

  change() {
    localStorage.setItem(KEPT, this.find("device").value);
    this.microphone?.close();
    this.open();
  }

  ask() {
    this.find("dialog").returnValue = "";
    this.find("dialog").showModal();
  }

  begin() {
    this.turn("connecting");
    this.line = new Line(this.root.dataset.path, {
      resume: "resume" in this.root.dataset,
      onair: (left, again) => this.onAir(left, again),
      lost: () => this.turn("lost"),
      ended: (why) => this.ended(`why-${why}`),
      gone: () => this.ended("gone"),
      refused: (words) => this.refused(words),
      heard: (started, total) => this.heard(started, total),
    });
  }

  onAir(left, again) {
    this.until = performance.now() + left;
    this.turn("on-air", again ? "back" : "on-air");
    this.act("end").focus();
    this.line.speak(this.microphone.stream);
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => this.count(), 250);
    navigator.wakeLock?.request("screen").then((lock) => (this.lock = lock)).catch(() => undefined);
    this.count();
  }

  count() {
    const left = this.until - performance.now();
    this.find("left").textContent = `${this.words("left")} ${clock(left)}`;
    if (left < SOON && !this.warned && this.state === "on-air") {
      this.warned = true;
      this.tell("ending");
    }
  }

  heard(started, total) {
    this.find("heard-line").hidden = false;
    this.find("heard").textContent = this.words("heard").replace("#1", started).replace("#2", total);
  }

  unplugged() {
    this.microphone = null;
    if (!this.line) return this.turn("idle", "missing");
    this.line.hush();
    this.turn("mute", "unplugged");
    return this.act("open").focus();
  }

  end() {
    this.line.end();
    this.act("end").disabled = true;
  }

  refused(words) {
    this.line = null;
    if (words) this.turn("testing", "refused-words", words);
    else this.turn("testing", "unreached");
    this.act("ask").focus();
  }

  ended(why) {
    window.clearInterval(this.timer);
    this.find("left").textContent = "";
    this.find("heard-line").hidden = true;
    this.meter.hint("");
    this.lock?.release().catch(() => undefined);
    this.line = null;
    this.microphone?.close();
    this.microphone = null;
    this.turn("ended", why, why === "gone" ? "" : `${this.words("ended")} ${this.words(why)}.`);
    this.act("after").focus();
  }
}

for (const root of document.querySelectorAll("[data-live-desk]")) root.liveDesk = new Desk(root);
