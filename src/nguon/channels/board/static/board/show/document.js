/* The document that a board shows, version 1: what it says, never how it looks in pixels. Strict: a board shows all of it or says
   why not. Unknown keys are let be, so that a later server may add some. */

import { Malformed, fromBase64, textOf } from "../wire/bytes.js";

const LIMIT = 262_144; // bytes of all but its pictures
const LIMIT_OF_ALL = 2_097_152; // bytes
const SIDE = 10_000; // of a map
const COLOUR = /^#[0-9a-f]{6}$/i;
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const MODULES = /^[01]{21,177}$/;
const COLUMNS = 6; // of a table
const ROWS = 200;
const CELL = 80; // letters
const LOOKS = ["notice", "alert"];
const SHAPES = ["area", "outline", "sea"];
const KINDS = ["image/webp", "image/jpeg", "image/png"];
const MOST_PICTURES = 4;
const MOST_SIDE = 4_096; // px of a picture
const MOST_ALT = 400; // letters
const LEVELS = [0, 1, 2, 3, 4, 5];

const fail = (path, words) => {
  throw new Malformed(`${words} - at \`$${path}\``);
};

function wellFormed(value, path) {
  if (typeof value !== "string") fail(path, "expected a string");
  return value.isWellFormed() ? value : fail(path, "half a letter");
}

const matching = (pattern, value, path) => (pattern.test(wellFormed(value, path)) ? value : fail(path, "of another form"));
const oneOf = (known, value, path) => (known.includes(value) ? value : fail(path, "unknown"));
const list = (value, path) => (Array.isArray(value) ? value : fail(path, "expected a list"));

function number(value, least, most, path) {
  if (typeof value !== "number" || !(value >= least && value <= most)) fail(path, `no number from ${least} to ${most}`);
  return value;
}

function object(value, path) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) fail(path, "expected an object");
  return value;
}

const orNull = (read, value, path) => (value === null ? null : read(object(value, path), path));

function address(value, path) {
  const url = URL.parse(wellFormed(value, path));
  return url && (url.protocol === "https:" || url.protocol === "http:") ? value : fail(path, "no address of a page");
}

function modules(value, path) {
  const rows = list(value, path).map((row, index) => matching(MODULES, row, `${path}[${index}]`));
  const side = rows.length;
  if (side < 21 || side > 177 || side % 4 !== 1 || rows.some((row) => row.length !== side)) fail(path, "no square of a QR code");
  return rows;
}

const linkOf = ({ label, url, qr }, path) => ({
  label: wellFormed(label, `${path}.label`),
  url: address(url, `${path}.url`),
  qr: modules(qr, `${path}.qr`),
});

function pointOf(value, path) {
  const [x, y] = list(value, path).length === 2 ? value : fail(path, "expected x and y");
  return [number(x, -SIDE, 2 * SIDE, path), number(y, -SIDE, 2 * SIDE, path)];
}

function shapeOf(value, path) {
  const { kind, points } = object(value, path);
  const found = list(points, `${path}.points`).map((point, index) => pointOf(point, `${path}.points[${index}]`));
  if (found.length < 2) fail(`${path}.points`, "fewer than two");
  return { kind: oneOf(SHAPES, kind, `${path}.kind`), points: found };
}

const lineOf = (value, path) => list(value, path).map((point, index) => pointOf(point, `${path}[${index}]`));

const nameOf = ({ name, x, y }, path) => ({
  name: wellFormed(name, `${path}.name`),
  x: number(x, -SIDE, 2 * SIDE, `${path}.x`),
  y: number(y, -SIDE, 2 * SIDE, `${path}.y`),
});

const mapOf = ({ width, height, shapes, lines = [], names = [] }, path) => ({
  width: number(width, 1, SIDE, `${path}.width`),
  height: number(height, 1, SIDE, `${path}.height`),
  shapes: list(shapes, `${path}.shapes`).map((shape, index) => shapeOf(shape, `${path}.shapes[${index}]`)),
  lines: list(lines, `${path}.lines`).map((line, index) => lineOf(line, `${path}.lines[${index}]`)),
  names: list(names, `${path}.names`).map((one, index) => nameOf(object(one, path), `${path}.names[${index}]`)),
});

const alertOf = ({ level, colour, ink, word, hazard, issued, map }, path) => ({
  level: oneOf(LEVELS, level, `${path}.level`),
  colour: matching(COLOUR, colour, `${path}.colour`),
  ink: matching(COLOUR, ink, `${path}.ink`),
  word: wellFormed(word, `${path}.word`),
  hazard: wellFormed(hazard, `${path}.hazard`),
  issued: wellFormed(issued, `${path}.issued`),
  map: orNull(mapOf, map, `${path}.map`),
});

function cellOf(value, path) {
  return [...wellFormed(value, path)].length <= CELL ? value.trim() : fail(path, "a cell of too many letters");
}

const cellsOf = (value, path) => list(value, path).map((cell, index) => cellOf(cell, `${path}[${index}]`));

function tableOf({ head, rows }, path) {
  const found = { head: cellsOf(head, `${path}.head`), rows: list(rows, `${path}.rows`).map((row, index) => cellsOf(row, `${path}.rows[${index}]`)) };
  if (found.rows.length < 1 || found.rows.length > ROWS) fail(`${path}.rows`, "no row, or too many");
  const [wide] = found.rows.map((row) => row.length);
  const uneven = found.rows.some((row) => row.length !== wide) || (found.head.length && found.head.length !== wide);
  if (uneven || wide < 1 || wide > COLUMNS) fail(path, "no table of equally wide rows");
  return found;
}

function lengthOf(value, path) {
  return Number.isInteger(number(value, 1, MOST_SIDE, path)) ? value : fail(path, "expected a whole number");
}

function pictureOf(value, path) {
  const { mime, width, height, alt, data } = object(value, path);
  const said = wellFormed(alt, `${path}.alt`);
  if (!said || said.length > MOST_ALT) fail(`${path}.alt`, `not from 1 to ${MOST_ALT} letters`);
  const bytes = fromBase64(wellFormed(data, `${path}.data`));
  if (!bytes.length) fail(`${path}.data`, "no picture");
  const size = { width: lengthOf(width, `${path}.width`), height: lengthOf(height, `${path}.height`) };
  return { mime: oneOf(KINDS, mime, `${path}.mime`), ...size, alt: said, bytes };
}

function picturesOf(value, bytes) {
  if (value === undefined) return checked([], bytes);
  const found = list(value, ".pictures");
  if (found.length < 1 || found.length > MOST_PICTURES) fail(".pictures", `not from 1 to ${MOST_PICTURES}`);
  return checked(found.map((one, index) => pictureOf(one, `.pictures[${index}]`)), bytes);
}

/** These pictures, unless what stands beside them is too much. */
function checked(pictures, length) {
  const words = pictures.reduce((rest, { bytes }) => rest - 4 * Math.ceil(bytes.length / 3), length);
  if (words > LIMIT) throw new Malformed(`${words} bytes without pictures, the limit is ${LIMIT}`);
  return pictures;
}

function parsed(bytes) {
  if (!bytes) throw new Malformed("no document");
  if (bytes.length > LIMIT_OF_ALL) throw new Malformed(`${bytes.length} bytes, the limit is ${LIMIT_OF_ALL}`);
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed("not JSON");
  }
}

/** All that can be read in it. */
const said = ({ title, text, table }) => `${title}${text.join("")}${table?.rows.flat().join("") ?? ""}`.trim();

/** What a player shows: {look, lang, title, text, issuer, link, alert, table, asOf, pictures}. Throws Malformed. */
export function documentOf(bytes) {
  const { v, look, lang, title, text, issuer, link, alert, table, as_of: asOf = "", pictures } = object(parsed(bytes), "");
  if (v !== 1) fail(".v", "a version that is not known here");
  const found = {
    look: oneOf(LOOKS, look, ".look"),
    lang: matching(LANGUAGE, lang, ".lang"),
    title: wellFormed(title, ".title").trim(),
    text: list(text, ".text").map((one, index) => wellFormed(one, `.text[${index}]`)),
    issuer: wellFormed(issuer, ".issuer").trim(),
    link: orNull(linkOf, link, ".link"),
    alert: orNull(alertOf, alert, ".alert"),
    table: table === undefined ? null : tableOf(object(table, ".table"), ".table"),
    asOf: cellOf(asOf, ".as_of"),
    pictures: picturesOf(pictures, bytes.length),
  };
  if (found.look === "alert" && found.alert === null) fail(".alert", "an alert without one");
  if (found.look === "notice" && !found.pictures.length && !said(found)) fail("", "it says nothing");
  return found;
}
