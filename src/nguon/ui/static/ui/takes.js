/* The takes of a recorder: each to be heard, one of them in the form. An earlier one stays until another is chosen. */

import { mount, unmount } from "./player.js";
import { decibels } from "./microphone.js";
import { decoded, ofTops } from "./wave.js";

const MOST = 5; // takes that are kept; the one in use always is
const SILENT = -46; // dBFS, of the loudest moment
const QUIET = -26;
const DECODED = 20 * 60; // seconds: a longer one is drawn from what was seen while it was recorded

export class Takes {
  constructor(root, input, say) {
    this.root = root;
    this.input = input;
    this.say = say;
    this.list = root.querySelector("[data-takes]");
    this.all = [];
    this.count = 0;
    input?.addEventListener("change", () => this.mark());
  }

  get used() {
    const file = this.input?.files[0];
    return this.all.find((take) => take.file === file);
  }

  /** Add a take: the first goes into the form, a later one waits to be chosen. */
  async add(file, { seconds, tops, clipped }) {
    this.count += 1;
    const item = this.root.querySelector("[data-take]").content.cloneNode(true).firstElementChild;
    const take = { file, item, number: this.count };
    item.querySelector("[data-name]").textContent = `${this.say("take")} ${take.number}`;
    item.querySelector("[data-use]").addEventListener("click", () => this.use(take));
    this.list.prepend(item);
    this.all.unshift(take);
    const first = !this.input?.files.length;
    if (first) this.put(file);
    this.drop();
    this.mark();
    const top = Math.max(0, ...tops);
    const judged = decibels(top) < SILENT ? "was-silent" : clipped ? "was-loud" : decibels(top) < QUIET ? "was-quiet" : "";
    item.querySelector("[data-judged]").textContent = judged ? this.say(judged) : "";
    const holder = item.querySelector("[data-player-here]");
    const drawn = ofTops(Float32Array.from(tops));
    const player = mount(holder, file, { ms: 1000 * seconds, peaks: drawn });
    if (seconds < DECODED) decoded(file).then((sound) => player.show(sound.peaks)).catch(() => undefined);
    return first;
  }

  use(take) {
    this.put(take.file);
    this.mark();
    take.item.querySelector("[data-player-here] button")?.focus();
    this.root.dispatchEvent(new CustomEvent("take-used", { bubbles: true }));
  }

  put(file) {
    if (!this.input) return;
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
    for (const take of this.all) {
      const used = take === this.used;
      const badge = this.root.querySelector(used ? "[data-badge-used]" : "[data-badge-spare]");
      take.item.querySelector("[data-use-state]").replaceChildren(badge.content.cloneNode(true));
      take.item.querySelector("[data-use]").hidden = used;
      take.item.toggleAttribute("data-used", used);
    }
  }
}
