/* The desk: tick all, count what is ticked, fill in prepared words, print. Everything works without it but the printing. */

for (const form of document.querySelectorAll("[data-desk]")) {
  const ticks = [...form.querySelectorAll('input[name="case"]')];
  const all = form.querySelector("[data-all]");
  const chosen = form.querySelector("[data-chosen]");
  const show = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    if (chosen) chosen.textContent = String(count);
    form.toggleAttribute("data-some", count > 0);
    if (all) {
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
    }
  };
  all?.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
}

for (const select of document.querySelectorAll("[data-fill]")) {
  const target = document.getElementById(select.dataset.fill);
  if (!target) continue;
  let own = target.value;
  let filled = false;
  target.addEventListener("input", () => {
    own = target.value;
    filled = false;
  });
  select.addEventListener("change", () => {
    if (!filled) own = target.value;
    filled = select.value !== "";
    target.value = filled ? select.value : own;
    target.focus();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
