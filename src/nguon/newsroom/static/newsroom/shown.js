/* What is seen of a bulletin on a screen: hands the page that the server made to the frame, which draws it as a screen does,
   at its own size in pixels, made smaller to fit. While one types the server is asked by htmx; here nothing is kept. */

const TALLEST = 30 * 16; // px

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function setUp(panel) {
  const frame = panel.querySelector("iframe");
  const glass = panel.querySelector("[data-glass]");
  const told = panel.querySelector("[data-told]");
  let handed = null; // what the frame draws already

  const fit = () => {
    const { width, height } = panel.querySelector(".shown-glasses input:checked").dataset;
    const scale = Math.min(panel.querySelector("h2").clientWidth / width, TALLEST / height);
    frame.width = width;
    frame.height = height;
    frame.style.transform = `scale(${scale})`;
    glass.style.width = `${width * scale}px`;
    glass.style.height = `${height * scale}px`;
  };

  const hand = () => {
    const { page = "", duration = "0" } = told.querySelector("[data-page]")?.dataset ?? {};
    if (handed === page + duration) return;
    handed = page + duration;
    const words = { page: page ? bytesOf(page) : null, duration: Number(duration) };
    frame.contentWindow.postMessage(words, location.origin);
  };

  const anew = () => {
    handed = null;
    hand();
  };

  panel.addEventListener("change", () => {
    fit();
    anew(); // laid out for the other screen, from its beginning
  });
  frame.addEventListener("load", anew);
  new ResizeObserver(fit).observe(panel);
  panel.addEventListener("htmx:afterSwap", () => {
    panel.toggleAttribute("data-stale", false);
    hand();
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
  anew();
}

document.querySelectorAll("[data-shown]").forEach(setUp);
