/* Menus are plain <details>; here they close on Escape, on a tap elsewhere, and when another one opens. */

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* A refused form is announced where it stands. */
document.querySelector("[data-focus]")?.focus();
