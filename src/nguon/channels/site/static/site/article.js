// Sharing, printing and copying the address of an article: without this script the page lacks buttons, and nothing else.

const told = document.querySelector("[data-told]");
const print = document.querySelector("[data-print]");
const copy = document.querySelector("[data-copy]");
const share = document.querySelector("[data-share]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => navigator.share({ title: document.title, url: share.dataset.share }).catch(() => {}));
}

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    told.textContent = copy.textContent = copy.dataset.done;
  });
}
