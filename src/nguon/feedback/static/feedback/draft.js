/* What is being written is kept on this device until it was sent. Name and telephone number are not: a device is lent. */

const KEPT = ["words", "field", "place", "where", "happened_at"];
const HEAD = "told:";

function keyOf(root) {
  return HEAD + root.dataset.draft;
}

export function keep(root, form) {
  form.addEventListener("input", () => {
    const said = Object.fromEntries(KEPT.map((name) => [name, form.elements[name]?.value ?? ""]));
    try {
      localStorage.setItem(keyOf(root), JSON.stringify(said));
    } catch { /* storage is full or forbidden: then nothing is kept */ }
  });
}

/* Whether something was put back. What the server has sent stays. */
export function restore(root, form) {
  let said;
  try {
    said = JSON.parse(localStorage.getItem(keyOf(root)) ?? "{}");
  } catch {
    return false;
  }
  if (!said.words || form.elements.words.value) return false;
  for (const name of KEPT) {
    const field = form.elements[name];
    if (field && !field.value && said[name]) field.value = said[name];
  }
  return true;
}

export function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(HEAD)) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
}
