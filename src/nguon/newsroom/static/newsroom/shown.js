/* What is seen of a bulletin on a screen: hands the page that the server made to the frame, which draws it as a screen does,
   at its own size in pixels, made smaller to fit. While one types the server is asked by htmx; here nothing is kept. */

const TALLEST = 30 * 16; // px
const TICK = 500; // ms between two looks at how far it is

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function setUp(panel) {
  const frame = panel.querySelector("iframe");
  const glass = panel.querySelector("[data-glass]");
  const told = panel.querySelector("[data-told]");
  const seek = panel.querySelector("[data-seek]");
  let handed = ""; // what the frame draws already
  let begun = 0; // when its first moment was, by the browser's counter
  let duration = 0; // ms

  const fit = () => {
    const { width, height } = panel.querySelector(".shown-glasses input:checked").dataset;
    const scale = Math.min(glass.clientWidth / width, TALLEST / height);
    frame.width = width;
    frame.height = height;
    frame.style.transform = `scale(${scale})`;
    frame.style.left = `${(glass.clientWidth - width * scale) / 2}px`;
    glass.style.height = `${height * scale}px`;
    panel.querySelector("[data-size]").textContent = `${width}×${height}`;
  };

  const made = () => ({ page: "", duration: "0", ...told.querySelector("[data-page]")?.dataset });

  const hand = (offset = 0) => {
    const { page, duration: length } = made();
    handed = page + length;
    duration = Number(length);
    begun = performance.now() - offset;
    seek.disabled = !page;
    seek.hidden = Boolean(page) && !duration; // what is seen as long as one likes has no moments
    frame.contentWindow.postMessage({ page: page ? bytesOf(page) : null, duration, offset, drill: "drill" in panel.dataset }, location.origin);
  };

  let moved = 0;
  seek.addEventListener("input", () => {
    cancelAnimationFrame(moved);
    moved = requestAnimationFrame(() => hand((seek.value / seek.max) * duration));
  });
  setInterval(() => {
    if (duration && !seek.matches(":active")) seek.value = (((performance.now() - begun) % duration) / duration) * seek.max;
  }, TICK);
  panel.querySelector(".shown-glasses").addEventListener("change", () => {
    fit();
    hand(); // laid out for the other screen, from its beginning
  });
  frame.addEventListener("load", () => hand());
  new ResizeObserver(fit).observe(panel);
  panel.addEventListener("htmx:afterSwap", () => {
    panel.toggleAttribute("data-stale", false);
    if (handed === made().page + made().duration) return;
    const moment = performance.now() - begun; // it goes on where it is: who writes the end of a text looks at its end
    hand(duration && moment < Number(made().duration) ? moment : 0);
  });
  /* A line that is gone is told here and not with each pause of typing; what is shown is of before. */
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    panel.addEventListener(name, (event) => {
      event.stopPropagation();
      panel.toggleAttribute("data-stale", true);
    });
  }
  window.addEventListener("online", () => panel.hasAttribute("data-stale") && htmx.trigger(document.body, "reseen"));
  fit();
  hand();
}

document.querySelectorAll("[data-shown]").forEach(setUp);
