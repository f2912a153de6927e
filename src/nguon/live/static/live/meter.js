/* How loud the microphone is, as a bar and in words; a hint to who speaks. */

import { decibels } from "../ui/microphone.js";

const FALL = 0.06; // of the bar, at each look, so that a peak can be seen
const HEARD = 0.02; // of full scale: a peak over this is speech

export class Meter {
  constructor(desk) {
    this.desk = desk;
    this.held = 0;
    this.hinted = "";
  }

  show({ peak, hint }, other) {
    const { desk } = this;
    const share = Math.min(1, Math.max(0, 1 + decibels(peak) / 60));
    this.held = Math.max(share, this.held - FALL);
    const kind = hint === "loud" ? "high" : peak > HEARD ? "good" : "low";
    desk.find("bar").style.inlineSize = `${100 * share}%`;
    desk.find("peak").style.insetInlineStart = `${100 * this.held}%`;
    desk.find("meter").dataset.kind = kind;
    desk.find("meter").setAttribute("aria-valuenow", String(Math.round(100 * share)));
    desk.find("word").textContent = desk.words(`level-${kind}`);
    this.hint(other || hint);
  }

  hint(name) {
    if (this.hinted === name) return; // a screen reader says it once
    this.hinted = name;
    this.desk.find("hint-line").hidden = !name;
    this.desk.find("hint").textContent = name ? this.desk.words(name) : "";
  }
}
