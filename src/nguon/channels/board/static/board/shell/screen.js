/* The player of a board: shows a document, or a film, until its time is over, laid out for the box it stands in. */

import { EMERGENCY } from "../core/units.js";
import { documentOf } from "../show/document.js";
import { Film, MIME as FILM } from "../show/film.js";
import { idleIn } from "../show/idle.js";
import { drawnPictures } from "../show/pictures.js";
import { viewIn } from "../show/view.js";
import { tellTime } from "../show/words.js";

const REST = 1_500; // ms of darkness before the clock comes: what follows at once finds no clock in its way
const PATIENCE = 500; // ms that words wait for their letters; after that they are laid out again when those come

/** After the next picture is on the glass. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

/** When the letters of the house are here, or are not to be waited for. */
function lettered() {
  const fonts = ["400", "700"].map((weight) => `${weight} 1em "Be Vietnam Pro"`);
  if (fonts.every((font) => document.fonts.check(font, "aế"))) return undefined;
  const loaded = Promise.all(fonts.map((font) => document.fonts.load(font, "aế"))).catch(() => {});
  return Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

export class Screen {
  #showing = 0;
  #what = null; // {document, order, pictures} of what is shown, or {film, order}
  #view = null;
  #begun = 0; // when its first moment was, by the browser's counter
  #over = () => {};
  #box = "";
  #idles = false;
  #words = "";
  #timers = { turn: 0, rest: 0, minute: 0 };

  /** `idle`: show the hour when there is nothing else. `now`: the time, ms. `whole`: the glass, of which `root` may be a part.
      All sizes follow the box of `root`: a preview of a
      board of 1920×1080 is a root of that size, made smaller by `transform`. */
  constructor(root, { idle = false, now = Date.now, whole = root } = {}) {
    Object.assign(this, { root, resting: idle, now, whole });
    new ResizeObserver(() => this.#boxOf() !== this.#box && this.#again()).observe(root);
    document.fonts.addEventListener("loadingdone", () => this.#again());
    lettered();
  }

  /** Show it from `effect.offset`; tells started, and finished or failed. */
  async start(effect, bytes, tell) {
    this.#dark();
    const showing = this.#showing;
    const { order, offset } = effect;
    const { duration, mime } = order.content ?? {};
    const failed = (error) => {
      if (showing !== this.#showing) return;
      const position = this.#what ? Math.max(Math.round(performance.now() - this.#begun), 0) : 0;
      this.stop();
      tell({ type: "player-failed", detail: String(error).slice(0, 200), position });
    };
    try {
      const made = mime === FILM ? { film: new Film(bytes, order, failed) } : await this.#read(bytes);
      if (showing !== this.#showing) return;
      const { level, drill = false } = order;
      this.#what = { ...made, order: { level, drill, duration, alarm: level >= EMERGENCY } };
      this.#begun = performance.now() - offset;
      this.#over = () => tell({ type: "player-finished", position: duration });
      this.whole.dataset.level = level;
      this.#lay();
      await (made.film ? made.film.begin(performance.now() - this.#begun) : painted());
    } catch (error) {
      failed(error);
      return;
    }
    if (showing === this.#showing) tell({ type: "player-started" });
  }

  async #read(bytes) {
    const document = documentOf(bytes);
    const [pictures] = await Promise.all([drawnPictures(document.pictures), lettered()]);
    return { document, pictures };
  }

  /** Show the hour, until something starts. `words`: whose board it is. */
  idle(words = this.#words) {
    this.#words = words;
    if (this.#what) return;
    clearTimeout(this.#timers.rest);
    this.#idles = true;
    this.#lay();
  }

  /** Whether the hour is to show when nothing else does: something may show behind. */
  rest(wanted) {
    const before = this.resting;
    this.resting = wanted;
    if (wanted && !before) this.idle();
    if (wanted) return;
    clearTimeout(this.#timers.rest);
    if (this.#idles) this.#dark();
  }

  /** The hour that stands on the glass is no longer right. */
  clockMoved() {
    this.#tellTime();
  }

  /** Dark, at once. */
  stop() {
    this.#dark();
    if (this.resting) this.#timers.rest = setTimeout(() => this.idle(), REST);
  }

  /** Dark for good: somebody else has the box now. */
  off() {
    this.resting = false;
    this.#dark();
  }

  /** Be in this part of the screen only (percent); null for all of it. What shows is laid out again. */
  place(area) {
    const { left = 0, top = 0, width = 100, height = 100 } = area ?? {};
    Object.assign(this.whole.style, { position: "fixed", left: `${left}%`, top: `${top}%` });
    Object.assign(this.whole.style, { width: `${width}%`, height: `${height}%` });
  }

  /** Show this bright (percent): a veil lies over everything. */
  dim(light) {
    this.whole.toggleAttribute("data-dimmed", light < 100);
    this.whole.style.setProperty("--veil", String(1 - light / 100));
  }

  #dark() {
    this.#showing += 1;
    Object.values(this.#timers).forEach(clearTimeout);
    this.#what?.film?.end();
    this.#what = this.#view = null;
    this.#idles = false;
    this.#box = "";
    this.root.replaceChildren();
    delete this.whole.dataset.level;
  }

  #boxOf() {
    return `${this.root.clientWidth}×${this.root.clientHeight}`;
  }

  /** Lay out what is shown, for the box as it is now. */
  #lay() {
    const box = { width: this.root.clientWidth, height: this.root.clientHeight };
    this.#box = this.#boxOf();
    this.#view = null;
    if (box.width && box.height) {
      if (this.#idles) idleIn(this.root, box, this.#words);
      else if (this.#what.film) this.#view = this.#film(box);
      else this.#view = viewIn(this.root, box, this.#what);
    }
    this.#tellTime();
    if (this.#what) this.#turn();
  }

  #film(box) {
    this.#what.film.standIn(this.root, box);
    return this.#what.film;
  }

  /** Another box, or other letters: the same moment, laid out again. */
  #again() {
    if (this.#what || this.#idles) this.#lay();
  }

  /** Bring what belongs to this moment, and come again when that is another. */
  #turn() {
    clearTimeout(this.#timers.turn);
    const { duration } = this.#what.order;
    const moment = performance.now() - this.#begun;
    if (moment >= duration) {
      const over = this.#over;
      this.stop();
      over();
      return;
    }
    const next = this.#view?.at(moment) ?? Infinity;
    this.#timers.turn = setTimeout(() => this.#turn(), Math.ceil(Math.min(next, duration - moment)));
  }

  #tellTime() {
    clearTimeout(this.#timers.minute);
    this.#timers.minute = setTimeout(() => this.#tellTime(), tellTime(this.root, this.now()));
  }
}
