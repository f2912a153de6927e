/* The pictures of a document. A picture is only ever pixels: its bytes are decoded, and drawn on a canvas of our own. */

import { element } from "./parts.js";

async function drawnOf({ mime, width, height, alt, bytes }) {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }));
  if (bitmap.width !== width || bitmap.height !== height) throw new Error(`a picture of ${bitmap.width}×${bitmap.height}`);
  const canvas = element("canvas", "picture");
  Object.assign(canvas, { width, height });
  canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", alt);
  return canvas;
}

/** A canvas of each that this browser can decode; the words stand without the others. */
export async function drawnPictures(pictures) {
  const found = await Promise.allSettled(pictures.map(drawnOf));
  for (const { reason } of found) if (reason) console.warn("a picture cannot be shown:", reason);
  return found.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
}

/** Another canvas with the same picture: an element stands in one place only. */
export function copyOf(picture) {
  const copy = picture.cloneNode();
  copy.getContext("2d").drawImage(picture, 0, 0);
  return copy;
}

/** Where pictures have pages of their own: between those of the text, the last after the last of it. */
export function among(texts, pictures) {
  const found = [];
  let next = 0;
  for (let place = 0; place <= texts.length; place += 1) {
    if (place) found.push(texts[place - 1]);
    for (; next < pictures.length && Math.ceil(((next + 1) * texts.length) / pictures.length) <= place; next += 1) {
      found.push(pictures[next]);
    }
  }
  return found;
}
