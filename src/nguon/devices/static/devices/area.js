/* An area drawn on the map: each tap is a corner, kept as "latitude,longitude …" in the field named by data-area-field.
   Buttons beside the map (data-corner) take one back, take all, or add the middle of the map, for whoever has no pointer. */

const SVG = "http://www.w3.org/2000/svg";

export function draw(paper, figure) {
  const input = document.querySelector("[data-area-field] input");
  const path = figure.querySelector("[data-area]");
  const dots = figure.querySelector("[data-corners]");
  const told = document.querySelector("[data-area-told]");
  let corners = input.value.split(" ").filter(Boolean).map((pair) => pair.split(",").map(Number));

  function show(changed) {
    const spots = corners.map(([latitude, longitude]) => paper.spot(latitude, longitude));
    path.setAttribute("d", spots.length ? `M${spots.map((spot) => spot.join(" ")).join("L")}Z` : "");
    for (const dot of dots.children) paper.kept.splice(paper.kept.indexOf(dot), 1);
    dots.replaceChildren(...spots.map(dot));
    for (const button of document.querySelectorAll("[data-corner]:not([data-corner=middle])")) button.disabled = !corners.length;
    told.textContent = told.dataset[corners.length === 0 ? "none" : corners.length < 3 ? "few" : "enough"].replace("#", corners.length);
    if (!changed) return;
    input.value = corners.length < 3 ? "" : corners.map((corner) => corner.map((each) => each.toFixed(6)).join(",")).join(" ");
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function dot([x, y]) {
    const made = document.createElementNS(SVG, "circle");
    made.setAttribute("class", "map-corner");
    made.setAttribute("r", "6");
    made.dataset.x = x;
    made.dataset.y = y;
    paper.kept.push(made);
    if (paper.step) paper.place(made);
    return made;
  }

  figure.addEventListener("map:picked", (event) => {
    corners = [...corners, [event.detail.latitude, event.detail.longitude]];
    show(true);
  });
  for (const button of document.querySelectorAll("[data-corner]")) {
    button.addEventListener("click", () => {
      if (button.dataset.corner === "middle") return paper.tell(paper.middle());
      corners = button.dataset.corner === "all" ? [] : corners.slice(0, -1);
      show(true);
    });
  }
  requestAnimationFrame(() => show(false));
}
