/* The film of a bulletin: sent at once, then made playable by the server while one writes on. What stands in the form is the mark
   of a film that the server has; it is kept in the draft with the words. */

import { send } from "./sending.js";

const MEGABYTE = 1 << 20;

class Film {
  #busy = false;
  #state = ""; // what is drawn

  constructor(box) {
    const part = (name) => box.querySelector(`[data-${name}]`);
    Object.assign(this, { box, form: box.closest("form"), words: box.dataset, mark: part("mark"), place: part("state-place") });
    Object.assign(this, { about: part("about"), tools: part("tools"), remove: part("remove"), refused: part("film-refused") });
    Object.assign(this, { sending: part("sending-box"), label: part("add-words"), input: part("add").querySelector("input") });
    part("plain").remove();
    this.first = this.label.textContent;
    this.input.addEventListener("change", (event) => {
      event.stopPropagation();
      const [file] = this.input.files;
      this.input.value = "";
      if (file) this.#take(file);
    });
    this.remove.addEventListener("click", () => {
      this.#is("");
      this.input.focus();
    });
    this.form.addEventListener("draft-dropped", () => this.#is(this.mark.value, false));
    this.place.addEventListener("htmx:afterSwap", () => this.#told());
    this.#state = this.place.querySelector("[data-state]")?.dataset.state ?? "";
    if (this.mark.value && !this.#state) this.#ask();
    this.#draw();
  }

  #say(name) {
    this.form.dispatchEvent(new Event(name, { bubbles: true }));
  }

  #draw() {
    this.tools.hidden = this.#busy;
    this.sending.hidden = !this.#busy;
    this.about.hidden = this.remove.hidden = !this.mark.value;
    this.label.textContent = this.mark.value ? this.label.dataset.other : this.first;
  }

  /** The film of the form is this one now, or none. */
  #is(mark, changed = true) {
    this.mark.value = mark;
    this.#state = "";
    this.#refuse("");
    this.place.replaceChildren();
    if (mark) this.#ask();
    this.#draw();
    if (changed) this.#say("change"); // so that it is in the draft
    this.#say("pictures-changed");
  }

  #ask() {
    const address = this.words.where.replace("MARK", encodeURIComponent(this.mark.value));
    htmx.ajax("GET", address, { target: this.place, swap: "innerHTML" });
  }

  /** The server said how far it is: what is seen of it is another when it is done. */
  #told() {
    const state = this.place.querySelector("[data-state]")?.dataset.state ?? "";
    if (state === this.#state) return;
    this.#state = state;
    if (state === "ready" || state === "failed") this.#say("pictures-changed");
  }

  #refuse(words) {
    this.refused.textContent = words;
    this.refused.hidden = !words;
  }

  #hold(on) {
    this.#busy = on;
    for (const button of document.querySelectorAll("#editor-buttons button")) button.disabled = on; // not saved without it
    this.#draw();
  }

  async #take(file) {
    this.#refuse("");
    if (file.size > Number(this.words.most) * MEGABYTE) return this.#refuse(`${file.name}: ${this.words.large}`);
    this.#hold(true);
    const bar = this.sending.querySelector("progress");
    const far = (share) => (share < 1 ? (bar.value = share) : bar.removeAttribute("value")); // sent: now it is looked at
    this.sending.querySelector("[data-sending-words]").textContent = `${this.words.sending}: ${file.name}`;
    bar.value = 0;
    const { take, failed } = this.words;
    const { mark, error } = await send("film", file, take, this.form.elements.csrfmiddlewaretoken.value, failed, far);
    this.#hold(false);
    if (error) return this.#refuse(`${file.name}: ${error}`);
    this.#is(mark);
    return this.about.querySelector("input").focus();
  }
}

const box = document.querySelector("[data-film-field]");
if (box) new Film(box);
