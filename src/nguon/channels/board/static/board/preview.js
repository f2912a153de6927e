/* A board in a frame of the office: what the page around it hands over is drawn by the very renderer of a board, again and
   again. Message: {page: bytes or null, duration: ms, offset: ms, level, drill}. Whatever is wrong with it stays inside this frame. */

import { Screen } from "./shell/screen.js";

const AGAIN = 500; // ms of darkness before it begins anew
const root = document.getElementById("screen");
const failed = document.getElementById("failed").content;
const screen = new Screen(root);
let shown = 0; // the number of what is on the glass: what an earlier one still tells is of no interest

function dark() {
  shown += 1;
  try {
    screen.stop();
  } catch (error) {
    console.warn(error);
  }
  root.replaceChildren();
}

function fail(mine, why) {
  if (mine !== shown) return;
  console.warn("preview:", why);
  dark();
  root.replaceChildren(failed.cloneNode(true));
}

async function show(told) {
  dark();
  const mine = shown;
  const { page, duration, offset = 0, level = 40, drill = false } = told;
  const tell = ({ type, detail }) => {
    if (type === "player-failed") fail(mine, detail);
    if (type === "player-finished") setTimeout(() => mine === shown && show({ ...told, offset: 0 }), AGAIN);
  };
  try {
    await screen.start({ order: { level, drill, content: { duration } }, offset }, page, tell);
  } catch (error) {
    fail(mine, error);
  }
}

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data?.page instanceof Uint8Array) show(data);
  else dark();
});
