/* A text on pages: where the pages turn, and when. */

import { Fit, leafOf, piecesOf } from "./fit.js";
import { among } from "./pictures.js";
import { leafOfRows, pagesOfRows, rowsAsText } from "./table.js";

const TOO_FAST = 300; // ms a word: under that nobody reads along, and every page gets the same
const CALM = 450; // ms a word, and
const TURN = 2_000; // ms a page, that one needs to read it at leisure: a text for which there is twice the time is shown again
const LEAST = 2_500; // ms that a page is shown, where there is the time
const SEEN = 15; // words that take as long to read as a picture to be seen
const TITLED = 200; // px of the height of a page: from there a title stands above a picture
const EVEN_MOST = 12; // pages that are made equally full

/** The best place to turn the page, among those that fit: at the end of a sentence, about where it is wanted. */
function turnOf(pieces, first, most, wanted) {
  let [best, least] = [most, Infinity];
  for (let count = Math.max(Math.ceil(Math.min(wanted, most) / 2), 1); count <= most; count += 1) {
    const score = Math.abs(count - Math.min(wanted, most)) / most + pieces[first + count - 1].end;
    if (score <= least) [best, least] = [count, score];
  }
  return best;
}

/** Pages by how much they are wanted to hold: `wanted(pieces left, page)`. */
function divided(pieces, reach, wanted) {
  const pages = [];
  for (let first = 0; first < pieces.length; ) {
    const left = pieces.length - first;
    const most = reach(first, pages.length);
    const wish = wanted(left, pages.length);
    const count = most >= left && wish >= left ? left : turnOf(pieces, first, Math.min(most, left), wish);
    pages.push(pieces.slice(first, first + count));
    first += count;
  }
  return pages;
}

/** The pages of a text. `reach(first, page)`: how many pieces from `first` stand on that page. */
export function split(pieces, reach) {
  const full = divided(pieces, reach, () => Infinity);
  if (full.length === 1 || full.length > EVEN_MOST) return full;
  const even = divided(pieces, reach, (left, page) => (page < full.length ? left / (full.length - page) : Infinity));
  return even.length <= full.length ? even : full;
}

/** What each page shows: {title, running, pieces, sizes, whole}. `host`: an empty element of the size of a page. */
export function pagesOf(host, shorter, { title, text }, lines) {
  const fit = new Fit(host, shorter, title, text);
  const whole = fit.whole();
  if (whole) return [{ title, running: false, pieces: text, sizes: whole, whole: true }];
  const sizes = fit.many();
  const running = fit.running(sizes, lines);
  const asText = sizes.title === null && running.endsWith("…"); // it is too long for a title: it is said before the text
  const all = asText ? [...piecesOf([title]), ...text.map((piece) => ({ ...piece, paragraph: piece.paragraph + 1 }))] : text;
  const head = (page) => (page === 0 && sizes.title !== null ? { title, running: false, sizes } : { title: running, running: true, sizes });
  if (!all.length) return [{ ...head(0), pieces: [] }]; // a title, and nothing after it
  const found = split(all, (first, page) => fit.reach(all, first, head(page)));
  return found.map((pieces, page) => ({ ...head(page), pieces }));
}

/** When each page begins (ms) in one round. `words`: those of each page. */
export function shared(words, duration) {
  const all = words.reduce((sum, count) => sum + count, 0);
  const even = duration < all * TOO_FAST || all === 0;
  const least = even ? duration / words.length : Math.min(LEAST, duration / words.length);
  const rest = duration - least * words.length;
  let begin = 0;
  return words.map((count) => {
    const mine = begin;
    begin += least + (even ? 0 : (rest * count) / all);
    return mine;
  });
}

/** Which page stands at this moment (ms), and how long it still will. */
export function pageAt(words, duration, moment) {
  const needed = words.reduce((sum, count) => sum + count * CALM + TURN, 0);
  const rounds = words.length > 1 ? Math.max(Math.floor(duration / needed), 1) : 1;
  const round = duration / rounds;
  const within = Math.max(moment, 0) % round;
  const begins = shared(words, round);
  const page = begins.findLastIndex((begin) => begin <= within);
  return { page, left: (begins[page + 1] ?? round) - within };
}

const wordsIn = (text) => text.split(/\s+/u).filter(Boolean).length;

function countOf({ title, running, pieces, table, picture }) {
  if (picture) return SEEN;
  return (table ? wordsIn(table.rows.flat().join(" ")) : pieces.length) + (running ? 0 : wordsIn(title));
}

/** The pages of what is read in a document: its text, then its table; a table that has no room is text as well. */
function readPages({ host, shorter, wide }, { title, text, table, asOf }) {
  const lines = wide ? 1 : 2;
  const rows = table && pagesOfRows(host, shorter, { title, asOf, table, follows: text.length > 0 }, lines);
  if (rows && !text.length) return rows;
  const said = [...text, ...(table && !rows ? rowsAsText(table) : []), ...(asOf && !rows ? [asOf] : [])];
  return [...pagesOf(host, shorter, { title, text: piecesOf(said) }, lines), ...(rows ?? [])];
}

/** The pages of pictures: {title, running, pieces, sizes, picture}. */
function picturePages(host, shorter, { title, text }, pictures) {
  if (!pictures.length) return [];
  const fit = new Fit(host, shorter, title, text);
  const sizes = fit.many();
  const words = host.clientHeight >= TITLED ? fit.running(sizes, 1) : "";
  return pictures.map((picture) => ({ title: words, running: true, pieces: [], sizes, picture }));
}

function pageOf(page) {
  const leaf = page.table ? leafOfRows(page) : leafOf(page);
  if (!page.picture) return leaf;
  leaf.classList.add("of-picture");
  leaf.append(page.picture);
  return leaf;
}

export class Pages {
  #page = -1;

  /** `frame`: {host, mark, shorter, wide, own}. `what`: {document, order}. */
  constructor(frame, { document, order }) {
    this.frame = frame;
    this.duration = order.duration;
    const { host, shorter, own } = frame;
    const { title, text, table } = document;
    const texts = title || text.length || table || !own.length ? readPages(frame, document) : [];
    this.pages = among(texts, picturePages(host, shorter, { title, text: piecesOf(text) }, own));
    this.words = this.pages.map(countOf);
    host.dataset.pages = texts.length;
  }

  /** Show what belongs to this moment (ms); how long it stays. */
  at(moment) {
    const { page, left } = pageAt(this.words, this.duration, moment);
    if (page !== this.#page) {
      this.#page = page;
      this.frame.host.replaceChildren(pageOf(this.pages[page]));
      this.frame.mark.textContent = this.pages.length > 1 ? `${page + 1}/${this.pages.length}` : "";
    }
    return left;
  }
}
