/* Says under the text how many words it has and about how long it takes to hear: at once by counting, and as soon as the
   panel below has read it aloud (event "aloud") by what is really said. */

const DIGITS = /^\d+$/;
const LONG = 300; // seconds

function setUp(form, line) {
  const body = form.elements.namedItem("body");
  const rate = form.elements.namedItem("rate");
  const counted = (words) => {
    const syllables = words.reduce((sum, word) => sum + (DIGITS.test(word) ? 2 * word.length : 1), 0);
    return Math.round((60 * syllables) / Number(rate.value || 210));
  };
  const say = (read) => {
    const words = body.value.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length === 0) {
      line.textContent = "";
      return;
    }
    const seconds = read || counted(words);
    const { words: unit, about, minutes, seconds: short, long } = line.dataset;
    const whole = Math.floor(seconds / 60);
    const length = `${whole ? `${whole} ${minutes} ` : ""}${seconds % 60} ${short}`;
    line.textContent = `${words.length.toLocaleString(document.documentElement.lang)} ${unit}, ${about} ${length}. ${seconds > LONG ? long : ""}`;
    line.classList.toggle("counter-long", seconds > LONG);
  };
  for (const name of ["input", "change", "draft-dropped"]) form.addEventListener(name, () => say(0));
  form.addEventListener("aloud", (event) => say(event.detail.seconds));
  say(0);
}

const form = document.getElementById("editor");
const line = form?.querySelector("[data-counter]");
if (form && line) setUp(form, line);
