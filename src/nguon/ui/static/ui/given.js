/* A file of sound that is chosen and not sent yet is looked at and heard here first: <input type=file accept="audio/*">. */

import { mount, unmount } from "./mount.js";
import { decoded } from "./wave.js";

const DECODED = 20 * 1024 * 1024; // bytes: a larger file is only played
const RECORDED = "thu-am."; // the recorder shows its own
const SILENT = 0.005; // of full scale, the highest sample

const size = (bytes) => {
  const unit = bytes < 1_000_000 ? ["kB", 1000] : ["MB", 1_000_000];
  const count = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return `${count.format(bytes / unit[1])} ${unit[0]}`;
};

function setUp(input) {
  const box = document.getElementById("given").content.cloneNode(true).firstElementChild;
  const holder = box.querySelector("[data-player-here]");
  const most = 1024 * 1024 * Number(box.dataset.max);
  const say = (name) => {
    const words = name && box.querySelector("[data-words]").content.querySelector(`[data-said="${name}"]`);
    box.querySelector("[data-warning]").textContent = words ? words.textContent : "";
  };
  input.dataset.ready = "1";
  input.after(box);
  box.hidden = true;

  input.addEventListener("change", async () => {
    const [file] = input.files;
    unmount(holder);
    say("");
    box.hidden = !file || file.name.startsWith(RECORDED);
    if (box.hidden) return;
    box.querySelector("[data-facts]").textContent = `${file.name} · ${size(file.size)}`;
    if (!file.size) return say("empty");
    if (most && file.size > most) return say("large");
    if (file.size > DECODED) return mount(holder, file);
    try {
      const sound = await decoded(file);
      if (input.files[0] !== file) return undefined; // another one was chosen meanwhile
      if (sound.top < SILENT) say("silent");
      return mount(holder, file, { ms: 1000 * sound.seconds, peaks: sound.peaks });
    } catch {
      return input.files[0] === file ? say("unknown") : undefined;
    }
  });
}

function start() {
  for (const input of document.querySelectorAll("input[type=file][accept*=audio]:not([multiple], [data-ready])")) {
    setUp(input);
  }
}

start();
document.addEventListener("htmx:load", start);
