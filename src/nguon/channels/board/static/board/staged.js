/* A whole board in a frame of the office: the regions of a layout as they show at a moment, by the renderer of the board itself.
   Message: {scene: its JSON, pages: JSON of each by its hash, at: ms or null for now}. */

import { documentOf } from "./show/document.js";
import { Stage } from "./shell/stage.js";
import { bytesOf } from "./wire/bytes.js";
import { decodeScene } from "./wire/shapes.js";

let ahead = 0; // ms that the moment asked for is after this one
const stage = new Stage(document.getElementById("screen"), { now: () => Date.now() + ahead });

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent || typeof data?.scene !== "string") return;
  ahead = data.at === null ? 0 : data.at - Date.now();
  const pages = new Map(Object.entries(data.pages).map(([digest, text]) => [digest, documentOf(bytesOf(text))]));
  stage.scene(decodeScene(bytesOf(data.scene)), pages);
  stage.idle();
});
