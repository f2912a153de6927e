/* Pictures of a bulletin: what is chosen is sent at once, so that saving takes no time and a refusal loses nothing. What stands
   in the form are marks of pictures that the server has; they are kept in the draft with the words. */

import { send } from "./sending.js";

const NONE = { mark: "", alt: "" };

class Slot {
  constructor(item) {
    const part = (name) => item.querySelector(`[data-${name}]`);
    Object.assign(this, { item, mark: part("mark"), alt: part("alt"), thumb: part("thumb") });
    Object.assign(this, { earlier: part("earlier"), later: part("later"), gone: part("remove") });
    part("plain").remove();
    part("tools").hidden = false;
  }

  get values() {
    return { mark: this.mark.value, alt: this.alt.value };
  }

  set values({ mark, alt }) {
    this.mark.value = mark;
    this.alt.value = alt;
  }

  /** `place`: which of so many pictures it is. `address`: where a look at its picture is. */
  draw(place, count, address) {
    this.item.hidden = this.thumb.hidden = !this.mark.value;
    if (this.mark.value && this.thumb.getAttribute("src") !== address) this.thumb.src = address;
    this.earlier.disabled = place === 0;
    this.later.disabled = place >= count - 1;
    this.earlier.hidden = this.later.hidden = count < 2;
  }
}

class Pictures {
  #busy = false;

  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.words = box.dataset;
    this.slots = [...box.querySelectorAll("[data-picture]")].map((item) => new Slot(item));
    this.add = box.querySelector("[data-add]");
    this.input = this.add.querySelector("input");
    this.sending = box.querySelector("[data-sending-box]");
    this.refused = box.querySelector("[data-refused]");
    this.slots.forEach((slot) => this.#listen(slot));
    this.input.addEventListener("change", (event) => {
      event.stopPropagation();
      const files = [...this.input.files];
      this.input.value = "";
      if (files.length) this.#takeAll(files);
    });
    this.form.addEventListener("draft-dropped", () => {
      this.#draw();
      this.#say("pictures-changed");
    });
    this.#draw();
  }

  #listen(slot) {
    slot.earlier.addEventListener("click", () => this.#move(slot, -1));
    slot.later.addEventListener("click", () => this.#move(slot, 1));
    slot.gone.addEventListener("click", () => {
      this.#arrange(this.#full().filter((other) => other !== slot));
      (this.#full().at(-1)?.alt ?? this.input).focus();
    });
    slot.thumb.addEventListener("error", () => (slot.thumb.alt = this.words.none));
    slot.thumb.addEventListener("load", () => (slot.thumb.alt = ""));
  }

  #full() {
    return this.slots.filter(({ mark }) => mark.value);
  }

  #say(name) {
    this.form.dispatchEvent(new Event(name, { bubbles: true }));
  }

  #draw() {
    const count = this.#full().length;
    for (const [place, slot] of this.slots.entries()) {
      slot.draw(place, count, this.words.look.replace("MARK", encodeURIComponent(slot.mark.value)));
    }
    this.add.hidden = this.#busy || count === this.slots.length;
  }

  #changed() {
    this.#draw();
    this.#say("change"); // so that it is in the draft
    this.#say("pictures-changed");
  }

  #arrange(order) {
    const values = order.map((slot) => slot.values);
    for (const [place, slot] of this.slots.entries()) slot.values = values[place] ?? NONE;
    this.#changed();
  }

  #move(slot, by) {
    const order = this.#full();
    const at = order.indexOf(slot);
    if (!order[at + by]) return;
    [order[at], order[at + by]] = [order[at + by], order[at]];
    this.#arrange(order);
    const there = this.slots[at + by];
    const tool = by < 0 ? there.earlier : there.later;
    (tool.disabled ? there.alt : tool).focus();
  }

  #tell(words) {
    const line = document.createElement("li");
    line.textContent = words;
    this.refused.append(line);
    this.refused.hidden = false;
  }

  #hold(on) {
    this.#busy = on;
    this.sending.hidden = !on;
    for (const button of document.querySelectorAll("#editor-buttons button")) button.disabled = on; // not saved without it
    this.#draw();
  }

  async #takeAll(files) {
    this.refused.replaceChildren();
    this.refused.hidden = true;
    this.#hold(true);
    for (const file of files) {
      const slot = this.slots.find(({ mark }) => !mark.value);
      if (slot) await this.#take(file, slot);
      else this.#tell(`${this.words.many} ${file.name}`);
    }
    this.#hold(false);
  }

  async #take(file, slot) {
    const bar = this.sending.querySelector("progress");
    const far = (share) => (share < 1 ? (bar.value = share) : bar.removeAttribute("value")); // sent: now it is made small
    this.sending.querySelector("[data-sending-words]").textContent = `${this.words.sending}: ${file.name}`;
    bar.value = 0;
    const { take, failed } = this.words;
    const { mark, error } = await send("picture", file, take, this.form.elements.csrfmiddlewaretoken.value, failed, far);
    if (error) return this.#tell(`${file.name}: ${error}`);
    slot.values = { mark, alt: slot.alt.value };
    this.#changed();
    return slot.alt.focus();
  }
}

const box = document.querySelector("[data-pictures]");
if (box) new Pictures(box);
