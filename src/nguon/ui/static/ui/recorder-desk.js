/* What the recorder shows: its buttons, its words, the meter, the live waveform, the list of microphones. */

import { decibels, microphones } from "./microphone.js";

const BAR = 3; // CSS pixels of one look in the live waveform
const FALL = 0.06; // of the meter, at each look, so that a peak can be seen
const HEARD = 0.02; // of full scale: a peak over this is speech
const BUTTONS = {
  idle: ["start", "test"],
  asking: [],
  testing: ["start", "cancel"],
  counting: ["cancel"],
  recording: ["stop", "pause"],
  paused: ["resume", "stop"],
};

export const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

export class Desk {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.held = 0;
    this.hinted = "";
    for (const name of ["device", "calm"]) {
      // what is chosen here is nothing to be saved
      for (const event of ["input", "change"]) this.find(name).addEventListener(event, (one) => one.stopPropagation());
    }
  }

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

  focus(act) {
    this.root.querySelector(`[data-act="${act}"]`).focus();
  }

  turn(state, taken) {
    this.state = state;
    this.root.dataset.state = state;
    for (const button of this.root.querySelectorAll("[data-act]")) {
      button.hidden = !BUTTONS[state].includes(button.dataset.act);
    }
    this.find("desk").hidden = state === "idle" || state === "asking";
    this.find("count").hidden = state !== "counting";
    this.find("device").disabled = this.find("calm").disabled = state === "recording" || state === "paused";
    this.find("first").hidden = taken;
    this.find("again").hidden = !taken;
  }

  async list(chosen) {
    const found = await microphones();
    const named = ({ id, name }, n) => new Option(name || `${this.words("device")} ${n + 1}`, id);
    this.find("device").replaceChildren(...found.map(named));
    this.find("device").value = chosen;
    this.find("devices").hidden = found.length < 2;
  }

  level(peak, tooLoud) {
    const share = Math.min(1, Math.max(0, 1 + decibels(peak) / 60));
    this.held = Math.max(share, this.held - FALL);
    const kind = tooLoud ? "high" : peak > HEARD ? "good" : "low";
    this.find("bar").style.inlineSize = `${100 * share}%`;
    this.find("peak").style.insetInlineStart = `${100 * this.held}%`;
    this.find("meter").dataset.kind = kind;
    this.find("meter").setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.find("word").textContent = this.words(`level-${kind}`);
  }

  draw(tops) {
    const canvas = this.find("live");
    const dots = window.devicePixelRatio || 1;
    const [width, tall] = [canvas.clientWidth, canvas.clientHeight];
    [canvas.width, canvas.height] = [Math.round(width * dots), Math.round(tall * dots)];
    const paper = canvas.getContext("2d");
    paper.scale(dots, dots);
    const colour = this.state === "recording" ? "--wave-heard" : "--wave-rest";
    paper.fillStyle = getComputedStyle(canvas).getPropertyValue(colour);
    const shown = tops.slice(-Math.floor(width / BAR));
    shown.forEach((top, n) => {
      const size = Math.max(2, tall * Math.min(1, Math.max(0, 1 + decibels(top) / 48)) ** 1.3);
      paper.fillRect(width - (shown.length - n) * BAR, (tall - size) / 2, BAR - 1, size);
    });
  }
}
