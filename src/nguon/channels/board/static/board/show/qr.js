/* A QR code: its dark modules as one path, on white, with the quiet zone that readers need. */

import { drawing, drawn, element } from "./parts.js";

const QUIET = 4; // modules on each side
const SHARE = 0.2; // of the shorter side, for the modules alone: a phone at arm's length, or some steps away, reads it

/** Whole pixels to a module, so that every edge is sharp. */
const moduleOf = (side, shorter) => Math.ceil((shorter * SHARE) / side);

/** The code of these rows ("0110…", 1 is dark). */
export function codeOf(rows, words, shorter) {
  const side = rows.length + 2 * QUIET;
  let path = "";
  for (const [y, row] of rows.entries()) {
    for (const run of row.matchAll(/1+/g)) path += `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`;
  }
  const paper = drawn("rect", { width: side, height: side, fill: "#ffffff" });
  const code = drawing("code", side, side, words, paper, drawn("path", { d: path, fill: "#000000" }));
  const size = side * moduleOf(rows.length, shorter);
  code.setAttribute("width", size);
  code.setAttribute("height", size);
  code.setAttribute("shape-rendering", "crispEdges");
  return code;
}

/** The corner with the code and what is behind it. */
export function linkOf({ label, url, qr }, shorter) {
  const link = element("aside", "link");
  link.append(codeOf(qr, url, shorter), element("p", "link-label", label));
  return link;
}
