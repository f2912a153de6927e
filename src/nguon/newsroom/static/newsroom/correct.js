/* The panel "what the loudspeaker will say": its filter, jumping to where a long text should be split, and the dialog that
   corrects a reading, lets it be heard, keeps it for the place, or writes the words anew in this bulletin alone. */

const panel = document.getElementById("aloud");
const form = document.getElementById("editor");
const dialog = document.getElementById("correct");
const fields = dialog.querySelector("form").elements;
const body = form.elements.namedItem("body");
let from = null; // the words that are being corrected, and which of the stops they are
let kept = false; // a reading was kept, and the panel has not told yet what that changes

/* What is chosen here is nothing to be saved. */
for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation());

function choose(view) {
  panel.querySelector(`[name=aloud-view][value=${view}]`).checked = true;
}
if (matchMedia("(max-width: 40rem)").matches) choose("doubtful"); // a phone has no room for what is as it should be

/* ---- the dialog ---- */

const stops = () => [...panel.querySelectorAll("[data-stop]")].filter((one) => one.offsetParent !== null);

function placeName() {
  const place = form.elements.namedItem("place");
  return place.selectedOptions?.[0]?.text ?? "";
}

function open({ written, said, ordinal = "0", why = "" }) {
  from = { written, ordinal: Number(ordinal), stop: stops().indexOf(document.activeElement) };
  fields.namedItem("place").value = form.elements.namedItem("place").value;
  fields.namedItem("written").value = written.replace(/\s+/g, " ").trim();
  fields.namedItem("spoken").value = said.replace(/\s+/g, " ").trim();
  dialog.querySelector("[data-now]").textContent = said || "–";
  dialog.querySelector("[data-why]").textContent = why ? `(${why})` : "";
  dialog.querySelector("[data-now-say]").dataset.say = said;
  dialog.querySelector("[data-now-say]").hidden = !said;
  const name = placeName();
  dialog.querySelector("[data-place]").textContent = name.charAt(0).toLowerCase() + name.slice(1);
  document.getElementById("correct-refused").replaceChildren();
  dialog.showModal();
  fields.namedItem("spoken").focus();
  fields.namedItem("spoken").select();
}

panel.addEventListener("correct", (event) => open(event.detail));

/* Words chosen with the mouse or the finger, in the panel or in the text. */
panel.addEventListener("click", (event) => {
  if (!event.target.closest("[data-correct-chosen]")) return;
  const chosen = body.value.slice(body.selectionStart, body.selectionEnd).trim();
  open({ written: chosen, said: chosen });
});

/* ---- only here: the written words become the spoken ones ---- */

function nth(text, words, ordinal) {
  let at = text.indexOf(words);
  for (let n = 0; n < ordinal && at >= 0; n += 1) at = text.indexOf(words, at + 1);
  return at;
}

function loose(words) {
  return new RegExp(words.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"));
}

function write(at, length, words) {
  body.focus();
  body.setSelectionRange(at, at + length);
  /* insertText keeps the browser's own undo */
  if (!document.execCommand("insertText", false, words)) body.setRangeText(words, at, at + length, "end");
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

dialog.querySelector("[data-here]").addEventListener("click", () => {
  const words = fields.namedItem("spoken").value.trim();
  if (!words) {
    fields.namedItem("spoken").reportValidity();
    return;
  }
  if (body.value !== body.value.normalize("NFC")) body.value = body.value.normalize("NFC");
  let at = nth(body.value, from.written, from.ordinal);
  let length = from.written.length;
  if (at < 0 && from.written) {
    const found = loose(from.written).exec(body.value);
    if (found) [at, length] = [found.index, found[0].length];
  }
  dialog.close();
  if (at >= 0) write(at, length, words);
});

/* ---- kept for the place ---- */

function tell({ words, undo }) {
  const holder = document.getElementById("aloud-kept");
  const notice = document.getElementById("kept-notice").content.cloneNode(true);
  notice.querySelector("[data-words]").textContent = words;
  const back = notice.querySelector("[data-undo]");
  if (undo) back.addEventListener("click", () => htmx.ajax("POST", undo, { source: holder, swap: "none" }));
  else back.remove();
  holder.replaceChildren(notice);
}

document.body.addEventListener("reading-kept", (event) => {
  if (dialog.open) dialog.close();
  tell(event.detail);
  kept = true;
  htmx.trigger(document.body, "reread");
});

const hear = () => document.querySelector("#editor-buttons [value=hear]").click();

panel.addEventListener("click", (event) => {
  if (event.target.closest("[data-reread]")) {
    for (const field of document.querySelectorAll("[name=reread]")) field.value = "1";
    hear();
  }
  const caret = event.target.closest("[data-caret]");
  if (caret) {
    const all = [...body.value.normalize("NFC").matchAll(new RegExp(loose(caret.dataset.caret), "g"))];
    const at = (all[Number(caret.dataset.ordinal)] ?? all[0])?.index;
    if (at === undefined) return;
    body.setSelectionRange(at, at);
    body.blur(); // so that the next line scrolls to it
    body.focus();
    body.scrollIntoView({ block: "center" });
  }
});

/* ---- what came back ---- */

let doubts = 0;

/* A line that is gone is told here and not with each pause of typing; what is shown is of before. */
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  panel.addEventListener(name, (event) => {
    event.stopPropagation();
    panel.toggleAttribute("data-stale", true);
  });
}
window.addEventListener("online", () => panel.hasAttribute("data-stale") && htmx.trigger(document.body, "reread"));

panel.addEventListener("htmx:afterSwap", () => {
  panel.toggleAttribute("data-stale", false);
  const told = panel.querySelector("[data-doubts]");
  const now = Number(told?.dataset.doubts ?? 0);
  if (now > doubts) document.getElementById("aloud-said").textContent = panel.dataset.doubtOne;
  doubts = now;
  form.dispatchEvent(new CustomEvent("aloud", { detail: { seconds: Number(told?.dataset.seconds ?? 0) } }));
  if (kept) afterKept();
});

/* What was heard is the old reading: it is made anew, unless somebody is to decide on it or has; then one is asked. */
function afterKept() {
  kept = false;
  if (document.activeElement === document.body) {
    const all = stops();
    all[Math.min(from?.stop ?? 0, all.length - 1)]?.focus({ preventScroll: true });
  }
  if (!panel.querySelector("[data-reread]") && document.querySelector("#listen .player")) hear();
}
