/* What stands around the words: the head of an alert, its map, the code, the foot, and the bands of a drill. */

import { coloursOf, headOf, mapOf } from "./alert.js";
import { shorten } from "./fit.js";
import { element } from "./parts.js";
import { linkOf } from "./qr.js";
import { DRILL } from "./words.js";

const ROOMY = 480; // px of the shorter side: from there a map is seen, and a code is read by a phone
const FOOT = 240; // px of the shorter side: from there the foot has words
const WIDE = 1.2; // width to height: from there parts stand beside each other
const MAP = { wide: 0.36, high: 0.27 }; // of the width that a map takes at most beside the words; of the height above them
const PICTURE = { wide: 0.44, high: 0.38 }; // the same of a picture
const WORDS_HIGH = 0.36; // of the height that is kept for the words below a map
const ROOM = 60; // px: three of the smallest lines
const BESIDE_LEAST = 0.2; // of the shorter side: what is lower shows nothing

/** The whole board, in the colours of what it says. `form`: "pages", "crawl" or "idle". `box`: px. */
export function boardOf(form, { width, height }, { document, order } = {}) {
  const board = element("section", "board");
  board.dataset.form = form;
  board.style.setProperty("--u", `${Math.min(width, height) / 100}px`);
  board.style.setProperty("--w", `${width / 100}px`);
  if (!document) return board;
  board.lang = document.lang;
  board.setAttribute("role", "group");
  board.setAttribute("aria-label", [order.drill ? DRILL : "", document.title].filter(Boolean).join(": "));
  if (document.look === "alert") {
    const { paper, ink } = coloursOf(document.alert);
    board.dataset.look = "alert";
    board.style.setProperty("--paper", paper);
    board.style.setProperty("--ink", ink);
  } else if (order.alarm) {
    board.dataset.look = "alarm";
  }
  return board;
}

/** A band that nobody takes for the real thing. */
export function bandOf(words = DRILL) {
  const band = element("div", "band");
  if (words) band.append(element("strong", "band-word", words));
  return band;
}

function footOf({ issuer }, shorter) {
  const foot = element("footer", "foot");
  const [who, mark, hour] = [element("span", "issuer", issuer), element("span", "mark"), element("time", "hour")];
  hour.dataset.hour = "";
  if (shorter >= FOOT) foot.append(who, mark, hour);
  else foot.append(mark);
  return { foot, mark };
}

/** Give a map or a picture what the words and the code leave it; should that be too little, the code makes room, then it goes. */
function fitBeside(beside, { width, height }, share, frame, box) {
  const { paddingTop, paddingBottom } = getComputedStyle(frame);
  const link = frame.querySelector(".link");
  const room = frame.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) - (link?.offsetHeight ?? 0);
  const wide = box.width >= WIDE * box.height;
  const most = wide ? room : Math.min(box.height * share.high, room - box.height * WORDS_HIGH);
  const across = wide ? box.width * share.wide : frame.querySelector(".host").clientWidth;
  const high = Math.min(most, (across * height) / width);
  beside.style.height = `${high}px`;
  beside.style.width = `${(high * width) / height}px`;
  if (high >= Math.min(box.width, box.height) * BESIDE_LEAST) return;
  if (!link) return void beside.remove();
  link.remove();
  fitBeside(beside, { width, height }, share, frame, box);
}

/** Where the words would have no room, what can be spared gives way to them. */
function makeRoom(board, host) {
  for (const part of [".issued", ".sign", ".foot"]) {
    if (host.clientHeight < ROOM) board.querySelector(part)?.remove();
  }
}

/** What stands beside the words: {part, size, share}; null if nothing. One picture does, where there are words to it. */
function besideOf({ title, text }, alert, pictures) {
  if (alert?.map) return { part: mapOf(alert.map), size: alert.map, share: MAP };
  if (pictures.length !== 1 || !`${title}${text.join("")}`.trim()) return null;
  const [part] = pictures;
  return { part, size: { width: part.width, height: part.height }, share: PICTURE };
}

/** Build it in `root`: {host (where pages stand), mark (which page), shorter, wide, own (pictures that need pages)}. */
export function frameIn(root, box, { document, order, pictures = [] }) {
  const shorter = Math.min(box.width, box.height);
  const wide = box.width >= WIDE * box.height;
  const board = boardOf("pages", box, { document, order });
  board.dataset.way = wide ? "wide" : "tall";
  const frame = element("div", "frame");
  const host = element("div", "host");
  const { foot, mark } = footOf(document, shorter);
  const alert = document.look === "alert" ? document.alert : null;
  const roomy = shorter >= ROOMY;
  if (alert) board.append(headOf(alert));
  const beside = roomy ? besideOf(document, alert, pictures) : null;
  if (beside) {
    beside.part.classList.add("beside");
    frame.append(beside.part);
  }
  frame.append(host);
  if (document.link && roomy) frame.append(linkOf(document.link, shorter));
  board.append(frame, foot);
  if (order.drill) {
    board.prepend(bandOf());
    board.append(bandOf());
  }
  root.replaceChildren(board);
  for (const [part, lines] of [[".hazard", 1], [".level", 2], [".issued-at", 2], [".issuer", 1], [".link-label", 3]]) {
    const place = board.querySelector(part);
    if (place?.textContent) shorten(place, lines);
  }
  if (beside) fitBeside(beside.part, beside.size, beside.share, frame, box);
  makeRoom(board, host);
  const own = pictures.filter((picture) => !frame.contains(picture));
  for (const picture of own) {
    picture.classList.remove("beside");
    picture.removeAttribute("style");
  }
  return { host, mark, shorter, wide, own };
}
