/* The player of a board: shows the slides of a document, one after the other, until its time is over. */

import { documentOf } from "./board.js";

/** After the next picture is on the glass. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text; // never markup: what is shown is words
  return made;
}

function slideOf({ title = "", lines = [] }) {
  const slide = element("article", "slide", "");
  if (title) slide.append(element("h1", "slide-title", title));
  for (const line of lines) slide.append(element("p", "slide-line", line));
  return slide;
}

export class Screen {
  #timers = [];
  #showing = 0;

  constructor(root) {
    this.root = root;
  }

  /** Show it from `effect.offset`; tells started, and finished or failed. */
  async start(effect, bytes, tell) {
    this.stop();
    const showing = this.#showing;
    const { order, offset } = effect;
    const duration = order.content.duration;
    let slides;
    try {
      ({ slides } = documentOf(bytes));
      this.#lay(slides, offset, order.level);
    } catch (error) {
      tell({ type: "player-failed", detail: String(error).slice(0, 200), position: 0 });
      return;
    }
    this.#later(duration - offset, () => {
      this.stop();
      tell({ type: "player-finished", position: duration });
    });
    await painted();
    if (showing === this.#showing) tell({ type: "player-started" });
  }

  #lay(slides, offset, level) {
    let begin = 0;
    this.root.dataset.level = level;
    for (const [index, slide] of slides.entries()) {
      const end = index === slides.length - 1 ? Infinity : begin + slide.ms;
      if (end > offset) this.#later(Math.max(begin - offset, 0), () => this.root.replaceChildren(slideOf(slide)));
      begin += slide.ms;
    }
  }

  #later(ms, work) {
    if (ms <= 0) work();
    else this.#timers.push(setTimeout(work, ms));
  }

  /** Dark, at once. */
  stop() {
    this.#showing += 1;
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    this.root.replaceChildren();
    delete this.root.dataset.level;
  }
}
