/* The page of a board: says who it is, or shows its code; then it is the board, until it is closed. */

import { Board } from "./shell/board.js";
import { identityOf } from "./shell/enrol.js";
import { Screen } from "./shell/screen.js";
import { Shelf } from "./shell/shelf.js";
import { Store } from "./shell/store.js";
import { decodeIdentity } from "./wire/shapes.js";

const root = document.getElementById("screen");
const words = document.getElementById("words").content;
const SOFTWARE = `nguon-board ${document.documentElement.dataset.version}`.slice(0, 40);

function show({ code = "", trouble = false }) {
  const found = words.querySelector(trouble ? "[data-trouble]" : "[data-code]").cloneNode(true);
  const place = found.querySelector("[data-shown]");
  if (place) place.textContent = code;
  root.replaceChildren(found);
}

navigator.serviceWorker?.register(document.documentElement.dataset.worker).catch((error) => console.warn(error));
const store = await Store.open("nguon-board");
const server = location.origin;
const identity = decodeIdentity(await identityOf({ server, store, software: SOFTWARE, show }));
await navigator.storage?.persist?.(); // a browser that is short of disk must not forget what a board lives by
const player = new Screen(root, { idle: true, now: () => window.board?.now() ?? Date.now() });
const board = new Board({ identity, server, store, shelf: new Shelf("nguon-board"), player, software: SOFTWARE });
window.board = board;
player.idle();
await board.start();
