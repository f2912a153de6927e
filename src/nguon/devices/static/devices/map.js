import { draw } from "./area.js";

/* The map: zoom by buttons, pinch, or Ctrl and wheel; pan by dragging or arrows. With data-pick a tap gives coordinates,
   with data-draw the corners of an area.
   Marks and names keep their size on the screen: each carries its place in data-x and data-y. */

const CLOSEST = 80; // units across: 800 m
const ASIDE = [[0, 0], [0, 20], [0, -20], [44, 0], [-44, 0], [40, 22], [-40, 22], [40, -22], [-40, -22]]; // pixels

class Paper {
  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector(".map-paper");
    this.home = numbers(this.svg.dataset.home);
    this.all = numbers(this.svg.dataset.all);
    this.kept = [...figure.querySelectorAll("[data-x]")];
    this.pointers = new Map();
    this.moved = 0;
    this.svg.tabIndex = 0;
    this.listen();
    new ResizeObserver(() => this.show(this.view ?? this.home)).observe(this.svg);
  }

  listen() {
    this.figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (button) this.press(button.dataset.zoom);
    });
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 0.8 : 1.25, this.at(event));
    }, { passive: false });
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("pointerdown", (event) => this.down(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      this.svg.addEventListener(name, (event) => this.up(event));
    }
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
    this.svg.addEventListener("click", (event) => {
      if (this.moved > 6) event.preventDefault();
      else if ("pick" in this.figure.dataset) this.pick(this.at(event));
      else if ("draw" in this.figure.dataset) {
        event.preventDefault();
        this.tell(this.at(event));
      }
    });
  }

  press(what) {
    if (what === "home") this.show(this.home);
    else this.zoom(what === "in" ? 0.6 : 1 / 0.6, this.middle());
  }

  key(event) {
    const step = this.view[2] / 8;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (way) this.show([this.view[0] + way[0], this.view[1] + way[1], this.view[2], this.view[3]]);
    else if (event.key === "+" || event.key === "=") this.zoom(0.7, this.middle());
    else if (event.key === "-") this.zoom(1 / 0.7, this.middle());
    else return;
    event.preventDefault();
  }

  down(event) {
    this.pointers.set(event.pointerId, event);
    this.moved = 0;
  }

  up(event) {
    this.pointers.delete(event.pointerId);
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.pointers.values()].filter((one) => one.pointerId !== event.pointerId);
    const across = event.clientX - before.clientX;
    const down = event.clientY - before.clientY;
    this.moved += Math.abs(across) + Math.abs(down);
    this.pointers.set(event.pointerId, event);
    if (others.length === 1) {
      const gap = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY);
      this.zoom(gap(before) / Math.max(gap(event), 1), this.at(event));
    } else if (event.pointerType === "mouse" || "zoomed" in this.figure.dataset) {
      this.show([this.view[0] - across * this.step, this.view[1] - down * this.step, this.view[2], this.view[3]]);
    }
  }

  zoom(factor, [x, y]) {
    const largest = Math.max(this.all[2], this.home[2]) * 1.5;
    const width = Math.min(Math.max(this.view[2] * factor, CLOSEST), largest);
    const real = width / this.view[2];
    this.show([x - (x - this.view[0]) * real, y - (y - this.view[1]) * real, width, this.view[3] * real]);
  }

  show(view) {
    const box = this.svg.getBoundingClientRect();
    if (!box.width) return;
    this.view = this.shaped(view, box);
    this.step = this.view[2] / box.width;
    this.svg.setAttribute("viewBox", this.view.map((each) => each.toFixed(1)).join(" "));
    for (const each of this.kept) this.place(each);
    this.figure.toggleAttribute("data-zoomed", this.view[2] < this.shaped(this.home, box)[2] * 0.98);
    this.thin();
  }

  shaped([x, y, width, height], box) {
    const wanted = box.width / box.height;
    if (width / height < wanted) return [x - (height * wanted - width) / 2, y, height * wanted, height];
    return [x, y - (width / wanted - height) / 2, width, width / wanted];
  }

  place(each) {
    each.setAttribute("transform", `translate(${each.dataset.x} ${each.dataset.y}) scale(${this.step.toFixed(4)})`);
  }

  /* A name moves a little aside where it would lie over a mark or another name; where that does not help, it goes. */
  thin() {
    this.edge = this.svg.getBoundingClientRect();
    const taken = [...this.svg.querySelectorAll(".map-disc")].map((disc) => disc.getBoundingClientRect());
    for (const kind of ["place", "road", "station", "water", "river", "rail"]) {
      const spots = kind === "place" || kind === "water" ? ASIDE : ASIDE.slice(0, 3);
      for (const name of this.svg.querySelectorAll(`.map-name-${kind}`)) this.settle(name, spots, taken);
    }
  }

  settle(name, spots, taken) {
    name.removeAttribute("visibility");
    for (const [x, y] of spots) {
      const spot = `translate(${name.dataset.x} ${name.dataset.y}) scale(${this.step.toFixed(4)}) translate(${x} ${y})`;
      name.setAttribute("transform", spot);
      const box = name.getBoundingClientRect();
      if (box.left < this.edge.left || box.right > this.edge.right || taken.some((one) => meet(one, box))) continue;
      taken.push(box);
      return;
    }
    name.setAttribute("visibility", "hidden");
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    return [this.view[0] + (event.clientX - box.left) * this.step, this.view[1] + (event.clientY - box.top) * this.step];
  }

  middle() {
    return [this.view[0] + this.view[2] / 2, this.view[1] + this.view[3] / 2];
  }

  pick(spot) {
    this.pin(spot);
    this.tell(spot);
  }

  tell([x, y]) {
    const said = this.figure.dataset;
    const longitude = Number(said.west) + x / Number(said.across);
    const latitude = Number(said.north) - y / Number(said.down);
    this.figure.dispatchEvent(new CustomEvent("map:picked", { bubbles: true, detail: { latitude, longitude } }));
  }

  spot(latitude, longitude) {
    const said = this.figure.dataset;
    return [(longitude - Number(said.west)) * Number(said.across), (Number(said.north) - latitude) * Number(said.down)];
  }

  pinAt(latitude, longitude) {
    this.pin(this.spot(latitude, longitude));
  }

  pin([x, y]) {
    const pin = this.figure.querySelector("[data-pin]");
    pin.dataset.x = x;
    pin.dataset.y = y;
    if (!this.kept.includes(pin)) this.kept.push(pin);
    pin.removeAttribute("hidden");
    if (this.step) this.place(pin);
  }
}

function meet(one, two) {
  return one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
}

function numbers(text) {
  return text.split(" ").map(Number);
}

function field(name) {
  return document.querySelector(`[name="${name}"]`);
}

for (const figure of document.querySelectorAll("[data-map]")) {
  const paper = new Paper(figure);
  if ("draw" in figure.dataset) draw(paper, figure);
  if (!("pick" in figure.dataset)) continue;
  const [latitude, longitude] = [field("latitude"), field("longitude")];
  figure.addEventListener("map:picked", (event) => {
    latitude.value = event.detail.latitude.toFixed(6);
    longitude.value = event.detail.longitude.toFixed(6);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const pin = () => {
    const spot = [latitude, longitude].map((input) => Number(input.value.replace(",", ".")));
    if (latitude.value && longitude.value && spot.every(Number.isFinite)) paper.pinAt(...spot);
  };
  for (const input of [latitude, longitude]) input.addEventListener("change", pin);
  requestAnimationFrame(pin);
}
