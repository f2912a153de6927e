/* <ol data-pairs>: what is said beside what was written. A changed span and its other half light up together by mouse,
   focus and tap; arrows go from one to the next, Enter and blank press it. With data-edit a press fires "correct". */

import "./say.js";

const holder = (element) => element.closest("[data-pairs]");
const stops = (pairs) => [...pairs.querySelectorAll("[data-stop]")].filter((one) => one.offsetParent !== null);

function light(span, on) {
  const pairs = holder(span);
  for (const lit of pairs.querySelectorAll(".change-lit")) lit.classList.remove("change-lit");
  if (!on) return;
  for (const half of pairs.querySelectorAll(`[data-change="${span.dataset.change}"]`)) half.classList.add("change-lit");
}

function change(event) {
  return event.target instanceof Element ? event.target.closest("[data-pairs] [data-change]") : null;
}

for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => {
    const span = change(event);
    if (span) light(span, on);
  });
}

/* One stop of the list is in the order of Tab; the arrows move it. */
function rove(stop, focus = true) {
  for (const other of holder(stop).querySelectorAll("[data-stop][tabindex='0']")) other.tabIndex = -1;
  stop.tabIndex = 0;
  if (focus) stop.focus();
}

export function ready(root) {
  for (const pairs of root.querySelectorAll("[data-pairs]")) {
    const first = pairs.querySelector("[data-stop].change") ?? pairs.querySelector("[data-stop]");
    if (first && !pairs.querySelector("[data-stop][tabindex='0']")) rove(first, false);
  }
}

document.addEventListener("keydown", (event) => {
  const stop = event.target instanceof Element ? event.target.closest("[data-pairs] [data-stop]") : null;
  if (!stop || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = stops(holder(stop));
  const at = all.indexOf(stop);
  const next = {
    ArrowRight: all[at + 1],
    ArrowDown: all[at + 1],
    ArrowLeft: all[at - 1],
    ArrowUp: all[at - 1],
    Home: all[0],
    End: all.at(-1),
  };
  if (event.key in next) {
    event.preventDefault();
    if (next[event.key]) rove(next[event.key]);
  } else if ((event.key === "Enter" || event.key === " ") && stop.tagName !== "BUTTON") {
    event.preventDefault();
    stop.click();
  }
});

document.addEventListener("click", (event) => {
  const span = change(event);
  if (span) {
    const stop = holder(span).querySelector(`[data-stop][data-change="${span.dataset.change}"]`);
    rove(stop);
    light(stop, true);
    if (holder(span).hasAttribute("data-edit")) {
      stop.dispatchEvent(new CustomEvent("correct", { bubbles: true, detail: { ...stop.dataset } }));
    }
    return;
  }
  const jump = event.target.closest("[data-next-doubt]");
  if (jump) nextDoubt(document.querySelector(jump.dataset.nextDoubt));
});

/* To the doubtful span after the one that has or last had the focus, round the end to the first. */
function nextDoubt(root) {
  const doubtful = [...root.querySelectorAll("[data-stop][data-doubtful]")].filter((one) => one.offsetParent !== null);
  if (doubtful.length === 0) return;
  const current = root.querySelector("[data-stop][tabindex='0']");
  const after = doubtful.find(
    (one) => current && current.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const fresh = current?.hasAttribute("data-doubtful") || root.contains(document.activeElement);
  const next = (fresh ? after : doubtful[0]) ?? doubtful[0];
  rove(next);
  next.scrollIntoView({ block: "center", behavior: "smooth" });
}

ready(document);
document.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement ?? document));
