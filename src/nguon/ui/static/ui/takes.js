/* The takes of a recorder: each to be heard, one of them in the form. An earlier one stays until another is chosen. */

import { decibels } from "./microphone.js";
import { mount, unmount } from "./mount.js";
import { decoded, ofTops } from "./wave.js";

const MOST = 5; // takes that are kept; the one in use always is
const SILENT = -46; // dBFS, of the loudest moment
const QUIET = -26;
const DECODED = 20 * 60; // seconds: a longer one is drawn from what was seen while it was recorded

export class Takes {
  constructor(root, input, desk) {
    this.root = root;
    this.input = input;
    this.desk = desk;
    this.all = [];
    this.count = 0;
    input?.addEventListener("change", () => this.mark());
  }

  get used() {
    const file = this.input?.files[0];
    return this.all.find((take) => take.file === file);
  }

  focus() {
    this.desk.find("takes").querySelector("button:not([hidden])")?.focus();
  }

  /** Add a take: the first goes into the form, a later one waits to be chosen. Whether it is in the form. */
  add(file, { seconds, tops, clipped }) {
    this.count += 1;
    const item = this.desk.find("take").content.cloneNode(true).firstElementChild;
    const take = { file, item };
    item.querySelector("[data-name]").textContent = `${this.desk.words("take")} ${this.count}`;
    item.querySelector("[data-use]").addEventListener("click", () => this.use(take));
    this.desk.find("takes").prepend(item);
    this.all.unshift(take);
    const first = this.input?.files.length === 0;
    if (first) this.put(file);
    this.drop();
    this.mark();
    const word = judged(Math.max(0, ...tops.slice(-60_000)), clipped);
    item.querySelector("[data-judged]").textContent = word && this.desk.words(word);
    const holder = item.querySelector("[data-player-here]");
    const player = mount(holder, file, { ms: 1000 * seconds, peaks: ofTops(Float32Array.from(tops)) });
    if (seconds < DECODED) decoded(file).then((sound) => player.show(sound.peaks)).catch(() => undefined);
    return first;
  }

  use(take) {
    this.put(take.file);
    this.mark();
    this.desk.tell("chosen");
    take.item.querySelector("[data-player-here] button").focus();
  }

  put(file) {
    const files = new DataTransfer();
    files.items.add(file);
    this.input.files = files.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  drop() {
    while (this.all.length > MOST) {
      const old = this.all.findLast((take) => take !== this.used);
      this.all = this.all.filter((take) => take !== old);
      unmount(old.item.querySelector("[data-player-here]"));
      old.item.remove();
    }
  }

  mark() {
    const { used } = this;
    if (!used && this.desk.state === "idle" && this.all.length) this.desk.tell(""); // a file was chosen instead
    for (const take of this.all) {
      const badge = this.desk.find(take === used ? "badge-used" : "badge-spare");
      take.item.querySelector("[data-use-state]").replaceChildren(badge.content.cloneNode(true));
      take.item.querySelector("[data-use]").hidden = take === used;
    }
  }
}

/* What is wrong with a take, by its loudest moment (0–1) and whether it was cut off at the top. */
function judged(top, clipped) {
  if (decibels(top) < SILENT) return "was-silent";
  if (clipped) return "was-loud";
  return decibels(top) < QUIET ? "was-quiet" : "";
}
