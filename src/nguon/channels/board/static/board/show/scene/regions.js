/* What stands in the regions of a scene. Each is built in its own element and asked again and again: `at(now)` shows what belongs to
   this moment of the clock (ms) and says for how long (ms). What has a playlist says in `stands` what is on it now: {turn, pages}, or null. */

import { MINUTE } from "../../core/units.js";
import { Crawl } from "../crawl.js";
import { boardOf } from "../frame.js";
import { idleIn } from "../idle.js";
import { element } from "../parts.js";
import { copyOf } from "../pictures.js";
import { rowsAsText } from "../table.js";
import { viewIn } from "../view.js";
import { tellTime } from "../words.js";
import { running, turnOf } from "./rules.js";

const JUMP = 1_000; // ms: a clock that differs by more from the browser's counter was set
const EVER = 1e12; // ms: as long as it likes

const toMinute = (now) => MINUTE - (now % MINUTE);

/** An element of the screen with its box; built anew when that, or the letters, are others. */
class Region {
  stands = null; // `turn` is another for each showing
  #built = "";

  constructor(root) {
    this.root = root;
  }

  /** Forget what was built: there are other letters. */
  again() {
    this.#built = "";
  }

  /** Build when `key` is another than what stands there; whether there is room for it. */
  fresh(key, build) {
    const box = { width: this.root.clientWidth, height: this.root.clientHeight };
    if (!box.width || !box.height) return false;
    const mark = `${key} ${box.width}×${box.height}`;
    if (mark !== this.#built) {
      this.#built = mark;
      build(box);
    }
    return true;
  }
}

/** The pages of a playlist, one after the other. `shows`: whether there is one now. */
export class List extends Region {
  shows = false;
  #view = null;
  #rounds = 0;
  #begun = 0;

  constructor(root, { items }, pages) {
    super(root);
    Object.assign(this, { items, pages });
  }

  at(now) {
    const turn = turnOf(this.items, now);
    this.shows = turn !== null;
    this.stands = null;
    if (!this.shows) {
      this.again();
      this.root.replaceChildren();
      return toMinute(now);
    }
    const begun = performance.now() - turn.moment;
    if (this.#view instanceof Crawl && Math.abs(begun - this.#begun) > JUMP) this.#rounds += 1; // a line passes from a moment on
    const room = this.fresh(`${turn.index} ${this.#rounds}`, (box) => this.#build(box, turn, begun));
    if (room) this.stands = { turn: Math.round(now - turn.moment), pages: [this.items[turn.index].page.sha256] };
    const next = room ? this.#view.at(turn.moment) : Infinity;
    return Math.min(next, turn.left, toMinute(now));
  }

  #build(box, { index }, begun) {
    const { length, page } = this.items[index];
    const order = { level: 0, drill: false, alarm: false, duration: length };
    this.#begun = begun;
    const document = this.pages.get(page.sha256);
    this.#view = viewIn(this.root, box, { document, order, pictures: document.drawn?.map(copyOf) });
  }
}

/** The words of a playlist in one line, round and round. */
export class Line extends Region {
  #crawl = null;
  #rounds = 0;
  #begun = 0; // by the browser's counter: when the clock was 0
  #base = 0; // and when this round was

  constructor(root, { items }, pages) {
    super(root);
    Object.assign(this, { items, pages });
  }

  at(now) {
    const found = running(this.items, now);
    this.stands = null;
    if (!found.length) {
      this.again();
      this.root.replaceChildren();
      return toMinute(now);
    }
    const begun = performance.now() - now;
    if (Math.abs(begun - this.#begun) > JUMP) this.#rounds += 1;
    if (!this.fresh(`${found.join()} ${this.#rounds}`, (box) => this.#build(box, found, now))) return toMinute(now);
    const moment = performance.now() - this.#base;
    return Math.min(this.#crawl.at(moment), this.#turn(found, moment), toMinute(now));
  }

  /** A round is a turn of all that is in it; a line that stands has one only. How long it goes on. */
  #turn(found, moment) {
    const { stands, round, speed } = this.#crawl;
    const length = stands ? Infinity : round / speed;
    const past = Math.floor(moment / length);
    const pages = [...new Set(found.map((index) => this.items[index].page.sha256))];
    this.stands = { turn: stands ? "stands" : `${Math.round(this.#base)} ${past}`, pages };
    return (past + 1) * length - moment;
  }

  #build(box, found, now) {
    const said = found.map((index) => this.pages.get(this.items[index].page.sha256));
    const text = said.flatMap((one) => [one.title, ...one.text, ...(one.table ? rowsAsText(one.table) : []), one.asOf]);
    const none = { title: "", issuer: "", link: null, alert: null, table: null, asOf: "" };
    const document = { ...none, look: "notice", lang: said[0].lang, text };
    const order = { level: 0, drill: false, alarm: false, duration: EVER };
    this.#crawl = new Crawl(this.root, box, { document, order });
    this.#begun = performance.now() - now;
    this.#base = performance.now() - (now % (this.#crawl.round / this.#crawl.speed)); // as on every other board
  }
}

export class Clock extends Region {
  at(now) {
    this.fresh("clock", (box) => idleIn(this.root, box, ""));
    return tellTime(this.root, now);
  }
}

/** Whose board it is: the first line large, the others below it. */
export class Logo extends Region {
  constructor(root, { lines }) {
    super(root);
    this.lines = lines;
  }

  at() {
    this.fresh("logo", (box) => this.#build(box));
    return Infinity;
  }

  #build(box) {
    const board = boardOf("logo", box);
    const sign = element("div", "sign-lines");
    sign.append(...this.lines.map((line) => element("p", "sign-line", line)));
    board.append(sign);
    this.root.replaceChildren(board);
    for (let size = Math.min(box.height / 1.4, box.width / 4); size > 8; size *= 0.93) {
      sign.style.fontSize = `${size}px`;
      if (sign.scrollHeight <= box.height * 0.92 && sign.scrollWidth <= sign.clientWidth) return;
    }
  }
}

export const KINDS = { main: List, list: List, crawl: Line, clock: Clock, logo: Logo };
