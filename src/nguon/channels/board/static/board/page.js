/* The page of a board: says who it is, or shows its code; then it is the board, until it is closed. */

import { Board } from "./shell/board.js";
import { enrolled } from "./shell/enrol.js";
import { lack } from "./shell/lack.js";
import { Renewal } from "./shell/renewal.js";
import { Shelf } from "./shell/shelf.js";
import { Stage } from "./shell/stage.js";
import { hasStanding } from "./shell/standing.js";
import { Store } from "./shell/store.js";
import { decodeIdentity } from "./wire/shapes.js";

const page = document.documentElement;
page.dataset.begun = "";
const root = document.getElementById("screen");
const words = document.getElementById("words").content;
const SOFTWARE = `nguon-board ${page.dataset.version}`.slice(0, 40);
const AGAIN = 30_000; // ms after the page itself failed
const STANDING_EVERY = 300_000; // ms between two questions whether a board that was removed is wanted again
const server = location.origin;

/** Say how it stands: a state of the page's words, and a code or an address with it. */
function say(state, said = "") {
  const found = words.querySelector(`[data-state=${state}]`).cloneNode(true);
  const place = found.querySelector("[data-said]");
  if (place) place.textContent = said;
  root.replaceChildren(found);
}

/** Take another identity, and begin anew with it; until then `state` is said with each code. */
async function become({ store, shelf, renewal, state }) {
  const told = (other, said) => say(other === "code" ? state : other, said);
  await enrolled({ server, store, shelf, software: SOFTWARE, say: told, turn: () => renewal.take() });
  location.reload();
}

/** The server knows us no more: a new code; and should it know us again, we go on as who we were. */
function removed(identity, given) {
  setInterval(async () => (await hasStanding(server, identity)) && location.reload(), STANDING_EVERY);
  return become({ ...given, state: "removed" });
}

/** Who this board is; null if it was never told, or what is kept can no more be read. */
function readable(kept) {
  try {
    return kept ? decodeIdentity(kept) : null;
  } catch (error) {
    console.error("the identity cannot be read", error);
    return null;
  }
}

async function begin() {
  const missing = await lack();
  if (missing) return say(missing, `https://${location.hostname}${location.pathname}`);
  let [board, player] = [null, null];
  const renewal = new Renewal(page.dataset.worker, () => board?.idle ?? false);
  navigator.storage?.persist?.().catch(() => {}); // a browser short of disk must not forget what a board lives by
  const store = await Store.open("nguon-board");
  const shelf = new Shelf("nguon-board");
  const identity = readable(await store.get("identity"));
  if (!identity) return become({ store, shelf, renewal, state: "code" });
  const gone = () => {
    board = null;
    player.off();
    return removed(identity, { store, shelf, renewal });
  };
  const [now, may] = [() => window.board?.now() ?? Date.now(), () => window.board?.may() ?? true];
  player = new Stage(root, { now, may, seen: (standing) => window.board?.tally.see(standing) });
  board = new Board({ identity, server, store, shelf, player, software: SOFTWARE, gone });
  window.board = board;
  player.idle();
  return board.start();
}

begin().catch((error) => {
  console.error("the page could not begin", error);
  say(error?.name === "QuotaExceededError" ? "full" : "trouble");
  setTimeout(() => location.reload(), AGAIN);
});
