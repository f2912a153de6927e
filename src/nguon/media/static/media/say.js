/* A few words heard at once, in the voice that is chosen on the page. say(text, button) plays them, or stops. Some part of
   the page names where they are spoken: data-say-url. */

const player = new Audio();
let busy = null; // the button whose words are fetched or played
let asked = null; // what stops the fetching

const value = (selector) => document.querySelector(selector)?.value ?? "";
const chosen = () => Object.fromEntries(["place", "voice", "rate"].map((name) => [name, value(`[name=${name}]`)]));
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

function rest() {
  if (busy) {
    busy.removeAttribute("aria-busy");
    busy.removeAttribute("data-playing");
  }
  busy = null;
}

function tell(words) {
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: words } }));
}

async function fetchSound(text, signal) {
  const answer = await fetch(document.querySelector("[data-say-url]").dataset.sayUrl, {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    body: new URLSearchParams({ text, ...chosen() }),
    signal,
  });
  if (answer.redirected) {
    location.assign(`${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`);
    return null;
  }
  if (answer.status === 422) {
    tell(await answer.text());
    return null;
  }
  if (!answer.ok) {
    tell(answer.status === 403 ? document.body.dataset.denied : document.body.dataset.broken);
    return null;
  }
  return answer.blob();
}

/** Play `text`; while it is fetched the button is busy, a second press stops. */
export async function say(text, button) {
  const again = busy === button;
  asked?.abort();
  player.pause();
  rest();
  if (again || !text.trim()) return;
  busy = button;
  button.setAttribute("aria-busy", "true");
  asked = new AbortController();
  try {
    const sound = await fetchSound(text, asked.signal);
    if (!sound || busy !== button) return rest();
    for (const other of document.querySelectorAll("[data-player] audio")) other.pause();
    URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(sound);
    button.removeAttribute("aria-busy");
    button.setAttribute("data-playing", "");
    await player.play();
  } catch (error) {
    if (error.name === "AbortError") return;
    tell(document.body.dataset.lost);
    rest();
  }
}

player.addEventListener("ended", rest);
player.addEventListener("error", rest);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-say], [data-say-field], [data-say-row]");
  if (!button) return;
  if (button.hasAttribute("data-say")) say(button.dataset.say, button);
  else if (button.hasAttribute("data-say-field")) say(value(button.dataset.sayField), button);
  else say(rowText(button.closest(".pair-row")), button);
});

/* What a row says, without the words that are for screen readers and the marks of doubt. */
function rowText(row) {
  const copy = row.querySelector("[data-said-text]").cloneNode(true);
  for (const extra of copy.querySelectorAll(".sr-only, .doubt")) extra.remove();
  return copy.textContent;
}
