/* <… data-sortable="row" data-moved="…">: its <ol> of items is put in another order by dragging a [data-grip], or with
   the arrow keys on it. The order of the hidden fields is the order; `reorder` tells of it. */

const STEP = { ArrowUp: -1, ArrowDown: 1 };

const listOf = (grip) => grip.closest("[data-sortable]").querySelector("ol");
const itemsOf = (list) => [...list.children].filter((item) => item.querySelector("[data-grip]"));

/* An answer that is on its way would take the list out of the hand. */
const wait = (grip) => grip.closest("[data-sortable]").dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));

function renumber(list) {
  itemsOf(list).forEach((item, at) => {
    item.querySelector(".item-number").textContent = at + 1;
  });
}

function tell(grip) {
  const holder = grip.closest("[data-sortable]");
  const list = listOf(grip);
  const at = itemsOf(list).indexOf(grip.closest("li")) + 1;
  const said = holder.querySelector("[data-said]");
  if (said) said.textContent = `${holder.dataset.moved} ${at}`;
  renumber(list);
  unsaved(holder);
}

/* Only now does the page ask the server: once, when the thing lies where it shall. */
function done(grip) {
  const holder = grip.closest("[data-sortable]");
  const at = itemsOf(listOf(grip)).indexOf(grip.closest("li"));
  holder.dataset.focusAt = at;
  holder.dispatchEvent(new CustomEvent("reorder", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const step = STEP[event.key];
  if (!grip || !step) return;
  event.preventDefault();
  wait(grip);
  const item = grip.closest("li");
  const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!beside) return;
  if (step < 0) beside.before(item);
  else beside.after(item);
  grip.focus();
  tell(grip);
  done(grip);
});

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  wait(grip);
  const item = grip.closest("li");
  const list = listOf(grip);
  const before = itemsOf(list).indexOf(item);
  grip.setPointerCapture(event.pointerId);
  item.classList.add("item-held");

  const move = (at) => {
    for (const other of itemsOf(list)) {
      if (other === item) continue;
      const box = other.getBoundingClientRect();
      if (at.clientY < box.top || at.clientY > box.bottom) continue;
      const upper = at.clientY < box.top + box.height / 2;
      if (upper && other !== item.nextElementSibling) other.before(item);
      else if (!upper && other !== item.previousElementSibling) other.after(item);
      break;
    }
  };
  const end = () => {
    grip.removeEventListener("pointermove", move);
    item.classList.remove("item-held");
    if (itemsOf(list).indexOf(item) === before) return;
    tell(grip);
    done(grip);
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", end, { once: true });
  grip.addEventListener("pointercancel", end, { once: true });
});

/* What the server sent in place of the list: the cursor stays with what was moved or added. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const holder = event.target.closest?.("[data-sortable]");
  if (holder) window.setTimeout(() => delete holder.dataset.focusAt, 0);
  focusAt = holder?.dataset.focusAt ?? null;
});

let focusAt = null;

document.addEventListener("htmx:afterSettle", (event) => {
  const holder = event.target.closest?.("[data-sortable]") ?? document.querySelector("[data-sortable]");
  if (!holder) return;
  const moved = focusAt !== null ? itemsOf(holder.querySelector("ol"))[Number(focusAt)] : holder.querySelector("[data-focus]");
  const inner = focusAt === null ? moved?.querySelector("select, .item-body input, textarea") : moved?.querySelector("[data-grip]");
  inner?.focus({ preventScroll: true });
  moved?.scrollIntoView({ block: "nearest" });
  focusAt = null;
});

/* An answer to an earlier look would take away what was typed since: it is let go. Whoever leaves the field asks again. */
const asked = new WeakMap();
let typed = 0;

document.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.requestConfig.parameters.do === "check") asked.set(event.detail.xhr, typed);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const then = asked.get(event.detail.xhr);
  if (then !== undefined && then !== typed) event.detail.shouldSwap = false;
});

/* A programme that is not saved is not left without a word. */
let changed = false;

function unsaved(within) {
  if (within.closest("[data-compose]")) changed = true;
}

document.addEventListener("input", (event) => {
  typed += 1;
  unsaved(event.target);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-compose] [name=do]:not([value=save])")) changed = true;
});
document.addEventListener("submit", () => {
  changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
