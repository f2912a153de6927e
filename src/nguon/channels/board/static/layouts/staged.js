/* Hands a layout to the frame in which a board draws it, and makes that as small as the page has room for. */

const place = document.querySelector("[data-staged]");
if (place) {
  const frame = place.querySelector("iframe");
  const [width, height] = [Number(place.dataset.width), Number(place.dataset.height)];
  const told = JSON.parse(document.getElementById("staged-told").textContent);
  const tell = () => frame.contentWindow?.postMessage(told, location.origin);
  Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
  const fit = () => {
    const scale = Math.min(place.clientWidth / width, innerHeight / 2 / height);
    frame.style.transform = `scale(${scale})`;
    frame.style.left = `${(place.clientWidth - width * scale) / 2}px`;
    place.style.height = `${height * scale}px`;
  };
  new ResizeObserver(fit).observe(place);
  frame.addEventListener("load", tell);
  if (frame.contentDocument?.readyState === "complete") tell();
}
