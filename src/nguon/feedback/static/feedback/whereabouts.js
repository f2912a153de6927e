/* Where it is, if somebody wants to say so: by the device itself, or by a tap on the map (devices/map.js). */

export function whereabouts(form) {
  const box = form.querySelector("[data-place]");
  if (!box) return;
  const [latitude, longitude] = [form.elements.latitude, form.elements.longitude];
  const locate = box.querySelector("[data-locate]");
  const drop = box.querySelector("[data-unlocate]");
  const said = box.querySelector("[data-located]");
  const show = (words) => {
    said.textContent = words;
    drop.hidden = !latitude.value;
  };
  box.hidden = false;
  locate.hidden = !("geolocation" in navigator) || !window.isSecureContext;
  locate.addEventListener("click", () => {
    show(box.dataset.asking);
    navigator.geolocation.getCurrentPosition((found) => {
      latitude.value = found.coords.latitude.toFixed(6);
      longitude.value = found.coords.longitude.toFixed(6);
      longitude.dispatchEvent(new Event("change"));
      show(box.dataset.found.replace("{m}", Math.max(1, Math.round(found.coords.accuracy))));
    }, () => show(box.dataset.refused), { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
  drop.addEventListener("click", () => {
    latitude.value = "";
    longitude.value = "";
    box.querySelector("[data-pin]")?.setAttribute("hidden", "");
    show("");
    locate.focus();
  });
  form.addEventListener("map:picked", () => show(box.dataset.chosen));
  if (latitude.value) show(box.dataset.chosen);
}
