/* A document in a box, as the box asks for it: on pages, or in one line that crawls. */

import { Crawl } from "./crawl.js";
import { formOf } from "./fit.js";
import { frameIn } from "./frame.js";
import { Pages } from "./pages.js";

/** Built in `root`: {at(moment) → how long that stays}. `what`: {document, order}; `box`: px. */
export function viewIn(root, box, what) {
  return formOf(box.width, box.height) === "crawl" ? new Crawl(root, box, what) : new Pages(frameIn(root, box, what), what);
}
