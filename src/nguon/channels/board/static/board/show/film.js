/* A film on a board: without sound, in its own shape on black, from the moment the order is at. It is never begun anew. */

import { bandOf, boardOf } from "./frame.js";
import { element } from "./parts.js";

export const MIME = "video/mp4";
const PATIENCE = 5_000; // ms until its first picture

/** When the next picture of it is on the glass. */
function pictured(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(resolve);
    else video.addEventListener("playing", resolve, { once: true });
  });
}

/** Give up unless it comes in time. */
function inTime(promise, ms) {
  let timer = 0;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no picture of the film within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Film {
  #url = "";
  #board = null;
  #broken = null;

  /** `bytes`: of the file. `order`: {title, level, drill}. `lost(error)`: it broke, at whatever moment. */
  constructor(bytes, order, lost) {
    this.order = order;
    this.video = element("video", "film");
    Object.assign(this.video, { muted: true, playsInline: true, disablePictureInPicture: true, preload: "auto" });
    this.#broken = new Promise((_resolve, reject) => {
      this.video.addEventListener("error", () => {
        const error = new Error(`the film cannot be played: ${this.video.error?.message || this.video.error?.code}`);
        reject(error);
        lost(error);
      });
    });
    this.#broken.catch(() => {}); // told by `lost` when nobody waits for it
    this.#url = URL.createObjectURL(new Blob([bytes], { type: MIME }));
    this.video.src = this.#url;
  }

  /** Stand in `root`, a box of this size (px). What is moved in the page would stop, so it is put there once. */
  standIn(root, box) {
    const board = boardOf("film", box, { document: { title: this.order.title, lang: "vi", look: "film" }, order: this.order });
    if (this.#board) {
      this.#board.style.cssText = board.style.cssText;
      return;
    }
    this.#board = board;
    if (this.order.drill) board.append(bandOf(), this.video, bandOf());
    else board.append(this.video);
    root.replaceChildren(board);
  }

  /** Go on from this moment (ms); done when its first picture is seen. Throws what keeps it from being played. */
  async begin(moment) {
    const seen = pictured(this.video);
    this.video.currentTime = moment / 1000;
    const played = this.video.play();
    await inTime(Promise.race([Promise.all([played, seen]), this.#broken]), PATIENCE);
  }

  /** It goes by itself: no other look is needed. */
  at() {
    return Infinity;
  }

  /** Its bytes are no longer needed. */
  end() {
    this.video.pause();
    URL.revokeObjectURL(this.#url);
  }
}
