/* A player for a sound that is only in this page: an upload that is not sent yet, a take. */

import { Player } from "./player.js";

/** A player in `holder` for a Blob. `ms` is its length if known, `peaks` its waveform. Frees the one that was there. */
export function mount(holder, blob, { title = "", ms = 0, peaks = null } = {}) {
  unmount(holder);
  const root = document.getElementById("player-frame").content.cloneNode(true).firstElementChild;
  const caption = root.querySelector("[data-title]");
  caption.textContent = title;
  caption.parentElement.hidden = !title;
  if (ms) root.dataset.ms = String(Math.round(ms));
  const audio = root.querySelector("audio");
  audio.preload = ms ? "none" : "metadata";
  audio.src = URL.createObjectURL(blob);
  holder.replaceChildren(root);
  const player = new Player(root);
  if (peaks) player.show(peaks);
  return player;
}

/** Take the player out of `holder`, and let go of its sound. */
export function unmount(holder) {
  const old = holder.querySelector("audio");
  if (old) {
    old.pause();
    URL.revokeObjectURL(old.src);
  }
  holder.replaceChildren();
}
