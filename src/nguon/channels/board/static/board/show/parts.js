/* What a board is built of. Content is only ever text and numbers: never markup, never an address that is fetched. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with these words. */
export function element(name, className, words = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
}

/** A part of a drawing. */
export function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A drawing of this width and height, with what it is for those who do not see it. */
export function drawing(className, width, height, words, ...parts) {
  const svg = drawn("svg", { class: className, viewBox: `0 0 ${width} ${height}` });
  if (words) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", words);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  svg.append(...parts);
  return svg;
}
