/* <form data-dirty="bulletin-7">: asks before unsaved text is left, and keeps a draft in this browser for the person who
   typed it. The draft comes back with a notice; it goes when the text is saved, dropped, or 14 days old. */

const DAYS = 14;
const WAIT = 400; // ms after the last key
const PREFIX = `nguon:${document.body.dataset.person}:`;
const TEXTS = "textarea[name], input[name][type=text], input[name]:not([type]), input[name][type=search]";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    /* no room or not allowed: the page works without drafts */
  }
}

/* Drafts that were sent and are not on this page again have arrived; old ones are of no use. */
function sweep(present) {
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX) || present.has(key)) continue;
    const draft = read(key);
    if (!draft || draft.sent || draft.at < oldest) localStorage.removeItem(key);
  }
}

function setUp(form, key) {
  const fields = [...form.querySelectorAll(TEXTS)].filter((field) => field.name !== "csrfmiddlewaretoken");
  const shown = new Map(fields.map((field) => [field, field.value]));
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  let changed = false;
  let leaving = false;
  let timer = 0;

  const keep = (sent) => write(key, { at: Date.now(), sent, values: values() });
  const touch = () => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => keep(false), WAIT);
  };

  restore();
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    window.clearTimeout(timer);
    if (changed) keep(true);
  });
  form.addEventListener("draft-saved", (event) => {
    window.clearTimeout(timer);
    localStorage.removeItem(key);
    changed = false;
    if (event.detail?.key) key = PREFIX + event.detail.key; // a new thing has its own name from now on
  });
  window.addEventListener("pagehide", () => changed && !leaving && keep(false));
  window.addEventListener("pageshow", (event) => event.persisted && (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaving) event.preventDefault();
  });

  function restore() {
    const draft = read(key);
    if (!draft) return;
    const other = fields.filter((field) => field.name in draft.values && draft.values[field.name] !== field.value);
    changed = form.querySelector(".field-bad") !== null; // refused: what stands here is still unsaved
    if (changed && other.length === 0) return;
    if (other.length === 0 || draft.at < Date.now() - DAYS * 86_400_000) {
      localStorage.removeItem(key);
      return;
    }
    for (const field of other) field.value = draft.values[field.name];
    changed = true;
    const notice = document.getElementById("draft-notice").content.cloneNode(true).firstElementChild;
    notice.setAttribute("role", "status");
    notice.querySelector("[data-drop]").addEventListener("click", () => {
      for (const [field, value] of shown) field.value = value;
      window.clearTimeout(timer);
      localStorage.removeItem(key);
      changed = false;
      notice.remove();
      form.dispatchEvent(new Event("draft-dropped", { bubbles: true }));
    });
    form.prepend(notice);
  }
}

const forms = new Map([...document.querySelectorAll("form[data-dirty]")].map((f) => [PREFIX + f.dataset.dirty, f]));
sweep(new Set(forms.keys()));
for (const [key, form] of forms) setUp(form, key);
