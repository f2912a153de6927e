/* How large letters may be, and how many words a page takes: found by measuring, in the box where they will stand.

   The rule of sizes. A line is 1/6 to 1/14 of the shorter side: the largest that has the whole text on one page. What needs more
   pages has lines of 1/12: an em of 64 px on a television of 1080 lines, a capital of 25 mm on one of 43 inches, which is read
   across a yard of 10 m. No letter is smaller than an em of 12 px, however small the screen. Sizes are those of layout: a preview
   that is scaled by `transform` is measured like the board itself. */

import { element } from "./parts.js";

const LOW = 200; // px: what is lower is a banner
const LONG_SHAPE = 4; // width to height: so is what is longer

export const LEADING = 1.4; // em: room for the marks of Ế and Ộ
const LEAST = 12; // px of an em
export const STEPS = [6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 13, 14];
export const MANY = 12;
const TITLES = [1.6, 1.45, 1.3, 1.15, 1]; // em of a title, in those of the text
const TITLE_MOST = 0.36; // of the height of a page that has text as well
const TEXT_LEAST = 3; // lines of text that are enough under a title in its smallest letters
const RUNNING = 0.72; // em of the title on the pages that follow
const DENSE = 0.42 * 1.25; // em² that a letter takes, at least
const LONG = 24; // letters: what is longer may be broken
const PART = 8; // letters of its parts
const ENDS = { paragraph: 0, sentence: 0.08, clause: 0.3, word: 0.45, inside: 1 }; // how bad it is to turn the page after it

/** How words stand on a screen of this size (px): on pages, or in one line that crawls. */
export const formOf = (width, height) => (height < LOW || width > LONG_SHAPE * height ? "crawl" : "pages");

const letters = new Intl.Segmenter("vi", { granularity: "grapheme" });

/** Words, and the parts of what is too long for one. */
function* wordsOf(text) {
  for (const word of text.split(/\s+/u)) {
    if (!word) continue;
    const found = word.length > LONG ? Array.from(letters.segment(word), ({ segment }) => segment) : [word];
    if (found.length <= LONG) yield { text: word, glue: " " };
    else for (let at = 0; at < found.length; at += PART) yield { text: found.slice(at, at + PART).join(""), glue: at ? "" : " " };
  }
}

function endOf({ text }, next) {
  if (!next) return ENDS.paragraph;
  if (next.glue === "") return ENDS.inside;
  if (/[.!?…]["”’)]*$/u.test(text)) return ENDS.sentence;
  return /[,;:–]$/u.test(text) ? ENDS.clause : ENDS.word;
}

/** The sizes (px of an em) of a page whose lines are `step` to the shorter side; of its title `times` that. */
export function sizesOf(shorter, step, times = TITLES[0]) {
  const text = Math.max(shorter / step / LEADING, LEAST);
  return { text, title: text * times, running: Math.max(text * RUNNING, LEAST) };
}

/** What stays whole when a text is broken: {text, glue (what stands before it), paragraph, end}. */
export function piecesOf(paragraphs) {
  return paragraphs
    .flatMap((text) => text.split(/\n+/))
    .flatMap((text, paragraph) => {
      const words = [...wordsOf(text)];
      return words.map((word, index) => ({ ...word, paragraph, end: endOf(word, words[index + 1]) }));
    });
}

/** Paragraphs of these pieces; each piece in an element of its own if they are to be measured. */
function textOf(pieces, size, apart) {
  const text = element("div", "text");
  text.style.fontSize = `${size}px`;
  let paragraph = -1;
  for (const piece of pieces) {
    const first = piece.paragraph !== paragraph;
    if (first) text.append(element("p", "words"));
    paragraph = piece.paragraph;
    const glue = first ? "" : piece.glue;
    text.lastChild.append(glue, apart ? element("span", "", piece.text) : piece.text);
  }
  text.normalize();
  return text;
}

const apartOf = (title) => piecesOf([title]).flatMap(({ glue, text }) => [glue, element("span", "", text)]);

/** One page: its title and its text. `sizes`: px of an em. `apart`: to be measured. `whole`: there is no other page. */
export function leafOf({ title, running = false, pieces, sizes, apart = false, whole = false }) {
  const leaf = element("article", whole ? "leaf whole" : "leaf");
  if (title) {
    const head = element("h1", running ? "title running" : "title", apart ? "" : title);
    if (apart) head.append(...apartOf(title));
    head.style.fontSize = `${running ? sizes.running : sizes.title}px`;
    leaf.append(head);
  }
  if (pieces.length) leaf.append(textOf(pieces, sizes.text, apart));
  return leaf;
}

/** Words of a text, as many as stand on so many lines in this element, which is in the page; "…" for the rest. */
export function shorten(place, lines) {
  const words = place.textContent.split(/\s+/u).flatMap((word) => [...wordsOf(word)]);
  const most = lines * parseFloat(getComputedStyle(place).lineHeight) + 1;
  const said = (count) => words.slice(0, count).reduce((text, word, index) => text + (index ? word.glue : "") + word.text, "");
  let [fits, not] = [0, words.length + 1];
  place.textContent = said(words.length);
  if (place.offsetHeight <= most) return place.textContent; // as nearly always
  while (not - fits > 1) {
    const count = (fits + not) >> 1;
    place.textContent = count < words.length ? `${said(count)}…` : said(count);
    if (place.offsetHeight <= most) fits = count;
    else not = count;
  }
  place.textContent = fits < words.length ? `${said(fits)}…` : said(fits);
  return place.textContent;
}

export class Fit {
  /** `host`: an empty element of the size of a page. `shorter`: px of the shorter side of the screen. */
  constructor(host, shorter, title, text) {
    Object.assign(this, { host, shorter, title, text, width: host.clientWidth, height: host.clientHeight });
  }

  #measured(leaf, look) {
    leaf.classList.add("measured");
    this.host.append(leaf);
    const found = look(leaf);
    leaf.remove();
    return found;
  }

  #sizes(step, times = TITLES[0]) {
    return sizesOf(this.shorter, step, times);
  }

  /** Whether no word can be broken in these sizes: no letter is wider than an em. */
  #short(sizes) {
    const title = piecesOf([this.title]).every(({ text }) => text.length * sizes.title <= this.width);
    return title && this.text.every(({ text }) => text.length * sizes.text <= this.width);
  }

  /** Whether all stands on one page in these sizes, without a word broken. */
  #holds(sizes) {
    const count = this.text.reduce((sum, { text }) => sum + text.length + 1, this.title.length);
    if (count * sizes.text ** 2 * DENSE > this.width * this.height * 1.3) return false;
    const apart = !this.#short(sizes); // an element for each word is dear
    return this.#measured(leafOf({ title: this.title, pieces: this.text, sizes, apart, whole: true }), (leaf) => {
      const broken = [...leaf.querySelectorAll("span")].some((span) => {
        const size = span.parentElement.matches(".title") ? sizes.title : sizes.text;
        return span.offsetHeight > size * 2;
      });
      return !broken && leaf.offsetHeight <= this.height && leaf.scrollWidth <= leaf.clientWidth;
    });
  }

  /** The sizes in which all is on one page; null if it needs more. */
  whole() {
    const steps = this.text.length ? STEPS : STEPS.map((step) => step * 0.8); // words that stand alone may be larger
    const smaller = TITLES.slice(1).map((times) => this.#sizes(steps.at(-1), times));
    const all = [...steps.map((step) => this.#sizes(step)), ...smaller];
    let [not, holds] = [-1, all.length];
    while (holds - not > 1) {
      const middle = (not + holds) >> 1;
      if (this.#holds(all[middle])) holds = middle;
      else not = middle;
    }
    return all[holds] ?? null;
  }

  /** The sizes of a text on many pages; without `title` if the title is too long to be one. */
  many() {
    for (const times of TITLES) {
      const sizes = this.#sizes(MANY, times);
      const height = this.#measured(leafOf({ title: this.title, pieces: [], sizes }), (leaf) => leaf.offsetHeight);
      const spared = times === TITLES.at(-1) ? this.height - sizes.text * LEADING * TEXT_LEAST : 0;
      if (height <= Math.max(this.height * TITLE_MOST, spared)) return sizes;
    }
    const { text, running } = this.#sizes(MANY);
    return { text, running, title: null };
  }

  /** The title as it stands on the pages that follow. */
  running(sizes, lines) {
    if (!this.title) return "";
    const leaf = leafOf({ title: this.title, running: true, pieces: [], sizes });
    return this.#measured(leaf, () => shorten(leaf.querySelector("h1"), lines));
  }

  /** How many of the pieces from `first` a page takes under this title; one at least. */
  reach(pieces, first, { title, running, sizes }) {
    const most = Math.ceil((this.width * this.height * 1.3) / (sizes.text ** 2 * DENSE));
    let [end, count] = [first, 0];
    while (end < pieces.length && count <= most) count += pieces[end++].text.length + 1;
    const given = pieces.slice(first, end);
    return this.#measured(leafOf({ title, running, pieces: given, sizes, apart: true }), (leaf) => {
      const foot = this.height - 1 - sizes.text * (LEADING - 1.27) * 0.5; // the line goes on below the letters
      const over = [...leaf.querySelectorAll(".words span")].findIndex((span) => span.offsetTop + span.offsetHeight > foot);
      return Math.max(over < 0 ? given.length : over, 1);
    });
  }
}
