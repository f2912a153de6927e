/* The whole glass of a board: the regions of its scene, and among them the one in which orders show. Without a scene that is all of
   it; and so it is for a warning, which leaves no room beside it, and while a screen of somebody else is not ours. */

import { EMERGENCY } from "../core/units.js";
import { documentOf } from "../show/document.js";
import { MIME as FILM } from "../show/film.js";
import { element } from "../show/parts.js";
import { KINDS } from "../show/scene/regions.js";
import { Screen } from "./screen.js";

const WHOLE = { left: 0, top: 0, width: 100, height: 100 };
const SHORTEST = 20; // ms between two looks
const LONGEST = 60_000;

function isWarning({ order }, bytes) {
  if (order.level >= EMERGENCY) return true;
  if (order.content?.mime === FILM) return false;
  try {
    return documentOf(bytes).look === "alert";
  } catch {
    return false; // it tells so itself
  }
}

function put(region, { left, top, width, height }) {
  Object.assign(region.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
}

export class Stage {
  #views = []; // what stands in the regions
  #area = WHOLE; // of the region of orders
  #list = null; // what shows there when no order does
  #warns = false;
  #off = false;
  #ordered = false; // an order has the main region
  #dark = false;
  #timer = 0;

  /** `now`: the time, ms. `may()`: whether the screen is ours at this moment, for what nobody ordered. `seen`: told what of playlists
      is on the glass, whenever that may be another: [{region, turn, pages}]. */
  constructor(root, { now = Date.now, may = () => true, seen = () => {} } = {}) {
    Object.assign(this, { root, now, may, seen });
    root.classList.add("stage");
    this.main = element("div", "region");
    this.main.dataset.region = "orders";
    root.replaceChildren(this.main);
    put(this.main, WHOLE);
    this.screen = new Screen(this.main, { idle: true, now, whole: root });
    new ResizeObserver(() => this.look()).observe(root);
    document.fonts.addEventListener("loadingdone", () => this.#again());
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Show this scene, whose pages are all here: documents by hash. null: none, only orders and the hour. */
  scene(scene, pages = new Map()) {
    this.#views.forEach(({ root }) => root.remove());
    this.#views = [];
    this.#list = null;
    this.#area = WHOLE;
    for (const region of scene?.regions ?? []) {
      if (region.kind === "main") this.#area = region.area;
      const place = element("div", "region");
      place.dataset.region = region.kind;
      put(place, region.area);
      this.root.insertBefore(place, this.main);
      const view = new KINDS[region.kind](place, region, pages);
      this.#views.push(view);
      if (region.kind === "main") this.#list = view;
    }
    this.look();
  }

  start(effect, bytes, tell) {
    this.#warns = isWarning(effect, bytes);
    this.#ordered = true;
    this.#share();
    this.#tellSeen();
    return this.screen.start(effect, bytes, (event) => {
      if (event.type !== "player-started") this.#gaveBack();
      tell(event);
    });
  }

  idle(words) {
    this.screen.idle(words);
    this.look();
  }

  stop() {
    this.screen.stop();
    this.#gaveBack();
  }

  /** Dark for good: somebody else has the box now. */
  off() {
    this.#off = true;
    clearTimeout(this.#timer);
    this.scene(null);
    this.#tellSeen();
    this.screen.off();
  }

  place(area) {
    this.screen.place(area);
  }

  dim(light) {
    this.screen.dim(light);
    if (this.#dark === light <= 0) return;
    this.#dark = light <= 0;
    this.#tellSeen();
  }

  /** The clock by which all of it goes was set. */
  clockMoved() {
    this.screen.clockMoved();
    this.look();
  }

  /** Show what belongs to this moment, and come again when that is another. */
  look() {
    clearTimeout(this.#timer);
    if (this.#off) return;
    this.#share();
    const now = this.now();
    const next = Math.min(LONGEST, ...this.#views.map((view) => view.at(now)));
    this.screen.rest(!(this.#list?.shows && this.may()));
    this.#tellSeen();
    this.#timer = setTimeout(() => this.look(), Math.max(Math.ceil(next), SHORTEST));
  }

  #again() {
    this.#views.forEach((view) => view.again());
    this.look();
  }

  #gaveBack() {
    this.#warns = this.#ordered = false;
    this.look();
  }

  /** What stands there and is covered by nothing. */
  #tellSeen() {
    const covered = this.#off || this.#warns || this.#dark || document.hidden || !this.may();
    const open = (view) => view.stands && !(this.#ordered && view === this.#list);
    const found = this.#views.flatMap((view, region) => (open(view) ? [{ region, ...view.stands }] : []));
    this.seen(covered ? [] : found);
  }

  /** Who has how much of the glass. */
  #share() {
    const whole = this.#warns || !this.may();
    this.root.toggleAttribute("data-whole", whole);
    put(this.main, whole ? WHOLE : this.#area);
  }
}
