/* A page of a site in a frame of the office: draws the article that the page around it hands over. Message: {page: bytes of
   the article's document, or null}. Whatever is wrong with it stays inside this frame. */

const root = document.getElementById("article");
const failed = document.getElementById("failed").content;

function make(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function figure({ mime, data, alt, width, height }) {
  const made = make("figure");
  made.append(make("img", "", { src: `data:${mime};base64,${data}`, alt, width, height }), make("figcaption", alt, { class: "hint" }));
  return made;
}

function link({ label, url }) {
  const made = make("p");
  made.append(make("a", label || new URL(url).hostname, { href: url, target: "_blank", rel: "noopener" }));
  return made;
}

function draw(shown) {
  const article = make("article", "", { lang: shown.lang });
  article.append(make("h1", shown.title));
  if (shown.issuer) article.append(make("p", shown.issuer, { class: "hint" }));
  article.append(...shown.text.map((words) => make("p", words)), ...shown.pictures.map(figure));
  if (shown.link) article.append(link(shown.link));
  return article;
}

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  root.replaceChildren();
  if (!(data?.page instanceof Uint8Array)) return;
  try {
    root.append(draw(JSON.parse(new TextDecoder().decode(data.page))));
  } catch (error) {
    console.warn("preview:", error);
    root.replaceChildren(failed.cloneNode(true));
  }
});
