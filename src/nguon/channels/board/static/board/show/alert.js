/* What makes an alert: its colours, its head, its map. Drawn from numbers and words alone. */

import { drawing, drawn, element } from "./parts.js";
import { ISSUED, MAP } from "./words.js";

const READABLE = 3; // of large letters, as WCAG counts contrast

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Its ground and its ink; black or white should the ink not be readable on the ground. */
export function coloursOf({ colour, ink }) {
  if (contrast(colour, ink) >= READABLE) return { paper: colour, ink };
  return { paper: colour, ink: contrast(colour, "#000000") > contrast(colour, "#ffffff") ? "#000000" : "#ffffff" };
}

const sign = () =>
  drawing(
    "sign",
    24,
    22,
    "",
    drawn("path", { d: "M12 1.5 23 20.5H1z", fill: "currentColor", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }),
    drawn("path", { class: "sign-mark", d: "M12 7.5v6.2M12 16.9v.2", fill: "none", "stroke-width": 2.6, "stroke-linecap": "round" }),
  );

/** What it is, how grave, and since when. */
export function headOf({ hazard, word, issued }) {
  const head = element("header", "head");
  const what = element("div", "head-what");
  if (hazard) what.append(element("p", "hazard", hazard));
  if (word) what.append(element("p", "level", word));
  head.append(sign(), what);
  if (issued) {
    const when = element("p", "issued");
    when.append(element("span", "issued-word", ISSUED), " ", element("span", "issued-at", issued));
    head.append(when);
  }
  return head;
}

const NAME = 44 / 1000; // of the width of a map: an em of its names

const pathOf = (points) => `M${points.map(([x, y]) => `${x} ${y}`).join("L")}`;

/** Its map: the sea, rivers and roads, the warned area, borders above it, and names. */
export function mapOf({ width, height, shapes, lines, names }) {
  const map = drawing("map", width, height, MAP, drawn("rect", { class: "map-land", width, height }));
  const shape = ({ kind, points }) => drawn("path", { class: `map-${kind}`, d: `${pathOf(points)}z` });
  const of = (kind) => shapes.filter((one) => one.kind === kind).map(shape);
  const line = (points) => drawn("path", { class: "map-line", d: pathOf(points) });
  map.append(...of("sea"), ...lines.map(line), ...of("area"), ...of("outline"));
  for (const { name, x, y } of names) {
    const words = drawn("text", { class: "map-name", x, y, "font-size": width * NAME, "text-anchor": "middle" });
    words.textContent = name;
    map.append(words);
  }
  return map;
}
