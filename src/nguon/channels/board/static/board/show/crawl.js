/* One line that crawls over a banner or a module of LEDs.

   The compositor moves it: each piece of the line (a wagon) is one animation of `transform` that was given its beginning and its
   end, so nothing of ours runs from frame to frame. Only the wagons that are seen, and the next, are in the page: a text of 5,000
   words is no wider a picture than one of fifty. */

import { piecesOf } from "./fit.js";
import { element } from "./parts.js";
import { bandOf, boardOf } from "./frame.js";
import { rowsAsText } from "./table.js";
import { DRILL } from "./words.js";

const PACE = 8; // letters a second, about two words: what is read without haste
const HASTE = 2; // times faster, at most, for a text that would not be over in its time
const SEEN = 1.4; // s that a letter stays on the screen, at least
const WIDEST = 2; // of an em: the screen is this wide at least, or letters are smaller than it is high
const FILL = 0.94; // of the height of the line, from the marks of Ấ to the dot of ỵ
const WAGON = 2_048; // px of one wagon, about
const AHEAD = 1_000; // ms that a wagon is in the page before it is seen
const MARK = "•";
const SAMPLE = "ẤỆỘgỵQ";

/** What is said, in the order in which it passes: {kind, pieces}. */
function partsOf({ look, title, text, table, asOf, issuer, alert }) {
  const parts = [];
  const say = (kind, paragraphs) => {
    for (const paragraph of paragraphs) {
      const pieces = piecesOf([paragraph]);
      if (pieces.length) parts.push({ kind, pieces });
    }
  };
  if (look === "alert") say("title", [[alert.hazard, alert.word].filter(Boolean).join(". ")]);
  say("title", [title]);
  say("text", text);
  if (table) say("text", rowsAsText(table));
  say("issuer", [asOf]);
  if (look === "alert") say("issuer", [alert.issued]);
  say("issuer", [issuer]);
  return parts;
}

/** The wagons of these parts: {kind, text, width, begin}, in px from the beginning of the line. */
function trainOf(parts, size, measure) {
  const wagons = [];
  let begin = 0;
  const put = (kind, text) => {
    const width = measure(text);
    wagons.push({ kind, text, width, begin });
    begin += width;
  };
  for (const [index, { kind, pieces }] of parts.entries()) {
    if (index) put("mark", ` ${MARK} `);
    let text = "";
    for (const [place, piece] of pieces.entries()) {
      text += place ? piece.glue + piece.text : piece.text;
      if (text.length * size * 0.55 < WAGON && place < pieces.length - 1) continue;
      put(kind, text);
      text = "";
    }
  }
  return { wagons, length: begin };
}

function laneIn(root, box, { document, order }) {
  const board = boardOf("crawl", box, { document, order });
  const line = element("div", "line");
  const lane = element("div", "lane");
  line.append(lane);
  board.append(line);
  if (order.drill) drillOn(board, line, box);
  root.replaceChildren(board);
  return lane;
}

/** On a long banner the words stand before the line, on a small module above it. */
function drillOn(board, line, { width, height }) {
  const before = width >= 3 * height;
  board.dataset.drill = before ? "before" : "above";
  board.prepend(bandOf(before ? "" : DRILL));
  board.append(bandOf(""));
  if (!before) return;
  const plate = element("strong", "plate");
  for (const word of DRILL.split(" ")) plate.append(element("span", "plate-word", word), " ");
  line.prepend(plate);
}

export class Crawl {
  #next = 0; // of all wagons of all rounds
  #base = null; // of the timeline of the page, ms: when the line begins to pass

  constructor(root, box, what) {
    this.duration = what.order.duration;
    this.lane = laneIn(root, box, what);
    this.width = this.lane.clientWidth;
    const pen = globalThis.document.createElement("canvas").getContext("2d");
    const family = getComputedStyle(this.lane).fontFamily;
    const size = this.#sizeOf(pen, family, this.lane.clientHeight);
    pen.font = `700 ${size}px ${family}`;
    const { wagons, length } = trainOf(partsOf(what.document), size, (text) => pen.measureText(text).width);
    Object.assign(this, { wagons, length });
    this.lane.setAttribute("role", "marquee");
    this.lane.setAttribute("aria-label", wagons.map(({ text }) => text).join(""));
    this.stands = length <= this.width - size * 0.5;
    this.round = length + Math.max(this.width * 0.4, size * 2);
    this.speed = this.#speedOf(wagons, length);
  }

  /** The largest letters whose marks are on the screen, the line of which is set in the middle by what is seen of them. */
  #sizeOf(pen, family, height) {
    pen.font = `700 100px ${family}`;
    const seen = pen.measureText(SAMPLE);
    const [up, down] = [seen.actualBoundingBoxAscent / 100, seen.actualBoundingBoxDescent / 100];
    const size = Math.floor(Math.min((height * FILL) / (up + down), this.width / WIDEST));
    const line = (seen.fontBoundingBoxAscent - seen.fontBoundingBoxDescent) / 100; // twice the middle of a line of the font
    this.lane.style.fontSize = `${size}px`;
    this.lane.style.lineHeight = `${height}px`;
    this.lane.style.setProperty("--lift", `${((up - down - line) / 2) * size}px`);
    return size;
  }

  /** px a ms. */
  #speedOf(wagons, length) {
    const letters = wagons.reduce((sum, { text }) => sum + text.length, 0);
    const pace = Math.min((length / letters) * PACE, this.width / SEEN) / 1_000;
    return Math.min(Math.max(pace, (length + this.width) / this.duration), pace * HASTE);
  }

  /** When (ms) the left end of a wagon, counted over all rounds, comes to the right end of the screen. */
  #comes(count) {
    const round = Math.floor(count / this.wagons.length);
    const { begin } = this.wagons[count % this.wagons.length];
    return (round * this.round + begin - this.#first()) / this.speed;
  }

  /** px: how much of the line is on the screen when it begins, so that something is seen at once. */
  #first() {
    return Math.min(this.width * 0.4, this.wagons[0].width);
  }

  #put(count, comes) {
    const { kind, text, width } = this.wagons[count % this.wagons.length];
    const wagon = element("span", `wagon of-${kind}`, text);
    wagon.setAttribute("aria-hidden", "true");
    this.lane.append(wagon);
    const way = [`translate3d(${this.width}px, 0, 0)`, `translate3d(${-width}px, 0, 0)`];
    const passing = wagon.animate({ transform: way }, { duration: (this.width + width) / this.speed, fill: "both" });
    passing.startTime = this.#base + comes;
    passing.onfinish = () => wagon.remove();
  }

  #stand() {
    if (this.lane.childElementCount) return Infinity;
    const place = element("p", "standing");
    for (const { kind, text } of this.wagons) place.append(element("span", `of-${kind}`, text));
    this.lane.append(place);
    return Infinity;
  }

  /** Show what belongs to this moment (ms); how long until the next wagon is due. */
  at(moment) {
    if (this.stands) return this.#stand();
    this.#base ??= performance.now() - moment; // both count from the same moment
    for (;;) {
      const comes = this.#comes(this.#next);
      if (comes > moment + AHEAD) return comes - AHEAD - moment;
      const { width } = this.wagons[this.#next % this.wagons.length];
      if (comes + (this.width + width) / this.speed > moment) this.#put(this.#next, comes);
      this.#next += 1;
    }
  }
}
