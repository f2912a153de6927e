/* A whole board in a frame of the office: the regions of a layout as they show at a moment, by the renderer of the board itself.
   Message: {scene: its JSON, pages: JSON of each by its hash, at: ms or null for now}. */

import { documentOf } from "./show/document.js";
import { drawnPictures } from "./show/pictures.js";
import { Stage } from "./shell/stage.js";
import { bytesOf } from "./wire/bytes.js";
import { decodeScene } from "./wire/shapes.js";

let ahead = 0; // ms that the moment asked for is after this one
const stage = new Stage(document.getElementById("screen"), { now: () => Date.now() + ahead });

async function pageOf(text) {
  const document = documentOf(bytesOf(text));
  return { ...document, drawn: await drawnPictures(document.pictures) };
}

addEventListener("message", async ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent || typeof data?.scene !== "string") return;
  ahead = data.at === null ? 0 : data.at - Date.now();
  const pages = new Map(await Promise.all(Object.entries(data.pages).map(async ([digest, text]) => [digest, await pageOf(text)])));
  stage.scene(decodeScene(bytesOf(data.scene)), pages);
  stage.idle();
});
