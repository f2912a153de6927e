/* The week beside each other: blocks stand at their hours; they are dragged with the mouse, or moved by Shift and arrows.
   Nothing is changed here: the place it is dropped at is asked of the server, which says what would come of it. */

const STEP = 5; // minutes
const KEY_STEP = 15;
const FAR = 6; // px: less is a click
const ROOMY = 60; // minutes
const TALL = 40; // px: room for a second line

const week = document.querySelector("[data-week]");
const wide = window.matchMedia("(min-width: 60rem)");
const first = 60 * Number(week.dataset.first);
const minutes = 60 * Number(week.dataset.hours);
const days = [...week.querySelectorAll("[data-day]")];
const dialog = document.getElementById("asking");
const said = document.getElementById("week-said");

const percent = (value) => `${(100 * value) / minutes}%`;
const clock = (at) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
const between = (low, value, high) => Math.max(low, Math.min(high, value));

function place(block) {
  const { from, to, lane, lanes } = block.dataset;
  const top = between(first, Number(from), first + minutes) - first;
  const end = between(first, Number(to), first + minutes) - first;
  block.style.top = percent(top);
  block.style.height = percent(Math.max(0, end - top));
  if (lane !== undefined) {
    block.style.left = `${(100 * lane) / lanes}%`;
    block.style.width = `${100 / lanes}%`;
  }
}

/* Minutes until the next one of the day: a short one in an empty hour may be drawn higher, so that its name is read. */
function roomAfter(block) {
  if (!block.classList.contains("block")) return 0;
  const from = Number(block.dataset.from);
  const later = [...block.parentElement.querySelectorAll(".block")].map((other) => Number(other.dataset.from));
  if (Number(block.dataset.lanes) > 1) return 0;
  return Math.min(first + minutes, ...later.filter((at) => at > from)) - from;
}

function lay() {
  week.style.setProperty("--hours", week.dataset.hours);
  week.classList.toggle("week-laid", wide.matches);
  for (const block of week.querySelectorAll("[data-from]")) {
    if (wide.matches) place(block);
    else block.removeAttribute("style");
    if (wide.matches && roomAfter(block) >= ROOMY) block.style.minHeight = "2.75rem";
    block.classList.toggle("block-tall", wide.matches && block.offsetHeight > TALL);
  }
}

/* Ask: the page of the question is a page of its own, shown here in a dialog. */
async function ask(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) {
    window.location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = dialog.querySelector(".dialog-body");
  body.replaceChildren(page.getElementById("asked"));
  dialog.showModal();
  body.querySelector("button.button-primary")?.focus();
}

const minuteAt = (column, y) => {
  const box = column.querySelector(".week-blocks").getBoundingClientRect();
  return first + ((y - box.top) / box.height) * minutes;
};
const columnAt = (x) =>
  days.find((day) => {
    const box = day.getBoundingClientRect();
    return x >= box.left && x < box.right;
  });
const rounded = (value, step) => Math.round(value / step) * step;

function moveTo(block, day, at) {
  const query = new URLSearchParams({ day: block.closest("[data-day]").dataset.day, to: day, at: clock(at) });
  ask(`${block.dataset.move}?${query}`);
}

/* Letting go of what was dragged is no click: neither on its link nor on the empty hour below. */
function swallowClick() {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  window.setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
}

/* Dragging */
function drag(event, block) {
  const column = block.closest("[data-day]");
  const from = Number(block.dataset.from);
  const length = Number(block.dataset.to) - from;
  const grabbed = minuteAt(column, event.clientY) - from;
  const stretching = block.dataset.stretch && event.target.closest(".block-edge");
  let ghost = null;
  let target = null;

  const move = (now) => {
    if (!ghost && Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) < FAR) return;
    if (!ghost) {
      ghost = block.cloneNode(true);
      ghost.classList.add("block-ghost");
      block.classList.add("block-dragged");
    }
    const over = stretching ? column : (columnAt(now.clientX) ?? column);
    const minute = minuteAt(over, now.clientY) - grabbed;
    const start = stretching ? from : between(0, rounded(minute, STEP), 1440 - STEP);
    const end = start + (stretching ? Math.max(STEP, length + rounded(minute - from, STEP)) : length);
    Object.assign(ghost.dataset, { from: start, to: end, lane: 0, lanes: 1 });
    over.querySelector(".week-blocks").append(ghost);
    place(ghost);
    ghost.querySelector(".block-time").textContent = stretching ? `${clock(from)}–${clock(end % 1440)}` : clock(start);
    target = { day: over.dataset.day, start, end };
  };
  const stop = () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("keydown", escape, true);
    ghost?.remove();
    block.classList.remove("block-dragged");
  };
  const end = () => {
    stop();
    if (!target) return;
    swallowClick();
    if (stretching) {
      const by = target.end - Number(block.dataset.to);
      if (by) ask(`${block.dataset.stretch}?minutes=${by}`);
    } else if (target.day !== column.dataset.day || target.start !== from) {
      moveTo(block, target.day, target.start);
    }
  };
  const escape = (key) => {
    if (key.key !== "Escape") return;
    target = null;
    stop();
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("keydown", escape, true);
}

week.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("[data-move]");
  if (!block || !wide.matches || event.button || event.pointerType === "touch") return;
  event.preventDefault();
  block.querySelector("a").focus({ preventScroll: true });
  drag(event, block);
});

/* By keyboard: Shift and arrows shift a shadow, Enter asks, Escape leaves it */
let shadow = null;

function forget() {
  shadow?.ghost.remove();
  shadow?.block.classList.remove("block-dragged");
  shadow = null;
}

week.addEventListener("keydown", (event) => {
  const block = event.target.closest("[data-move]");
  if (!block || !wide.matches) return;
  if (shadow && event.key === "Escape") return forget();
  if (shadow && event.key === "Enter") {
    event.preventDefault();
    const { day, at } = shadow;
    forget();
    return moveTo(block, day, at);
  }
  const by = { ArrowUp: [0, -KEY_STEP], ArrowDown: [0, KEY_STEP], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!by || !event.shiftKey) return;
  event.preventDefault();
  if (!shadow) {
    const ghost = block.cloneNode(true);
    ghost.classList.add("block-ghost");
    ghost.setAttribute("aria-hidden", "true");
    shadow = { block, ghost, day: block.closest("[data-day]").dataset.day, at: Number(block.dataset.from) };
    block.classList.add("block-dragged");
  }
  const place_ = between(0, days.findIndex((day) => day.dataset.day === shadow.day) + by[0], days.length - 1);
  shadow.day = days[place_].dataset.day;
  shadow.at = between(0, shadow.at + by[1], 1440 - KEY_STEP);
  const length = Number(block.dataset.to) - Number(block.dataset.from);
  Object.assign(shadow.ghost.dataset, { from: shadow.at, to: shadow.at + length, lane: 0, lanes: 1 });
  days[place_].querySelector(".week-blocks").append(shadow.ghost);
  place(shadow.ghost);
  shadow.ghost.querySelector(".block-time").textContent = clock(shadow.at);
  said.textContent = `${week.dataset.moved} ${days[place_].querySelector("h2").textContent.trim()}, ${clock(shadow.at)}. ${week.dataset.how}`;
});
week.addEventListener("focusout", forget);

/* An empty hour is where a new one begins */
week.addEventListener("click", (event) => {
  if (!wide.matches || !week.dataset.new || event.target.closest(".block")) return;
  const list = event.target.closest(".week-blocks");
  if (!list) return;
  const column = list.closest("[data-day]");
  const at = between(0, Math.floor(minuteAt(column, event.clientY) / 15) * 15, 1425);
  window.location.assign(`${week.dataset.new}&day=${column.dataset.day}&at=${clock(at)}`);
});

for (const block of week.querySelectorAll("[data-stretch]")) {
  const edge = document.createElement("span");
  edge.className = "block-edge";
  block.append(edge);
}
wide.addEventListener("change", lay);
lay();
const told = document.querySelector(".messages"); // what was just done is read first
if (!wide.matches && !window.location.hash && !told) week.querySelector(".week-today")?.scrollIntoView({ block: "start" });
