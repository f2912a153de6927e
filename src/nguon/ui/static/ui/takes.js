/* The takes of a recorder: each to be heard, one of them in the form. An earlier one stays until another is chosen. */

import { decibels } from "./microphone.js";
import { forget, left, sent } from "./keeping.js";
import { mount, unmount } from "./mount.js";
import { named } from "./recording.js";
import { decoded, ofTops } from "./wave.js";

const MOST = 5; // takes that are kept; the one in use always is
const SILENT = -46; // dBFS, of the loudest moment
const QUIET = -26;
const WHEN = { hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric" };
const DECODED = 20 * 60; // seconds: a longer one is drawn from what was seen while it was recorded

export class Takes {
  constructor(root, input, desk) {
    this.root = root;
    this.input = input;
    this.desk = desk;
    this.all = [];
    this.count = 0;
    input?.addEventListener("change", () => this.mark());
    this.form = root.closest("form");
    this.form?.addEventListener("draft-saved", () => this.all.forEach(({ id }) => forget(id)));
    this.form?.addEventListener("submit", (event) => event.defaultPrevented || this.all.forEach(({ id }) => sent(id)));
  }

  get used() {
    const file = this.input?.files[0];
    return this.all.find((take) => take.file === file);
  }

  focus() {
    this.desk.find("takes").querySelector("button:not([hidden])")?.focus();
  }

  /** What a page that died had recorded, to be listened to; none of it goes into the form by itself. Whether there was. */
  async recover() {
    const found = await left(this.form?.querySelector(".field-bad") != null);
    for (const take of found) this.add(named(take.data, take.type), { ...take, chosen: true });
    return found.length > 0;
  }

  /** Add a take: the first goes into the form, a later one waits to be chosen. Whether it is in the form. */
  add(file, { id, seconds, tops, clipped, at, chosen = false }) {
    this.count += 1;
    const item = this.desk.find("take").content.cloneNode(true).firstElementChild;
    const take = { id, file, item };
    const when = at ? ` · ${new Date(at).toLocaleString(document.documentElement.lang, WHEN)}` : "";
    item.querySelector("[data-name]").textContent = `${this.desk.words("take")} ${this.count}${when}`;
    item.querySelector("[data-drop]").addEventListener("click", () => this.remove(take));
    item.querySelector("[data-use]").addEventListener("click", () => this.use(take));
    this.desk.find("takes").prepend(item);
    this.all.unshift(take);
    const first = !chosen && this.input?.files.length === 0;
    if (first) this.put(file);
    this.limit();
    this.mark();
    const word = judged(tops.reduce((most, top) => Math.max(most, top), 0), clipped);
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

  limit() {
    while (this.all.length > MOST) this.remove(this.all.findLast((take) => take !== this.used));
  }

  remove(take) {
    this.all = this.all.filter((other) => other !== take);
    unmount(take.item.querySelector("[data-player-here]"));
    take.item.remove();
    forget(take.id);
    this.mark();
  }

  mark() {
    const { used } = this;
    if (!used && this.desk.state === "idle" && this.all.length) this.desk.tell(""); // a file was chosen instead
    for (const take of this.all) {
      const badge = this.desk.find(take === used ? "badge-used" : "badge-spare");
      take.item.querySelector("[data-use-state]").replaceChildren(badge.content.cloneNode(true));
      take.item.querySelector("[data-use]").hidden = take.item.querySelector("[data-drop]").hidden = take === used;
    }
  }
}

/* What is wrong with a take, by its loudest moment (0–1) and whether it was cut off at the top. */
function judged(top, clipped) {
  if (decibels(top) < SILENT) return "was-silent";
  if (clipped) return "was-loud";
  return decibels(top) < QUIET ? "was-quiet" : "";
}
