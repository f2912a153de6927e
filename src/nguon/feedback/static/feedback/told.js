import { keep, restore } from "./draft.js";
import { Photos } from "./photos.js";
import { solve } from "./proof.js";
import { whereabouts } from "./whereabouts.js";

/* The two steps of telling something. Without this script the same pages work by themselves; with it nothing is lost
   where the network is: a step goes on only once the server has answered. */

const photos = new Photos();

function begin() {
  document.querySelector("[data-errors]")?.focus();
  const root = document.querySelector("[data-told]");
  const form = root?.querySelector("form");
  if (!form) return;
  if (form.elements.step.value === "1") first(root, form);
  else second(root, form);
}

function first(root, form) {
  if (restore(root, form)) say(root, "restored");
  keep(root, form);
  whereabouts(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await reached(form.action)) form.submit();
    else say(root, "offline", true);
  });
}

async function reached(url) {
  try {
    const answer = await fetch(url, { method: "HEAD", cache: "no-store" });
    return answer.status < 500;
  } catch {
    return false;
  }
}

function second(root, form) {
  photos.watch(form);
  const proof = solve(form.elements.token.value, Number(form.dataset.bits));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return; // back, or one that is alike: another page
    event.preventDefault();
    send(root, form, event.submitter ?? form.querySelector("button:not([name])"), proof);
  });
}

async function send(root, form, button, proof) {
  if (button.disabled) return;
  if (photos.bytes > Number(form.dataset.most) * 1048576) {
    say(root, "large", true);
    return;
  }
  const progress = form.querySelector("[data-progress]");
  button.disabled = true;
  progress.textContent = words("checking");
  form.elements.nonce.value = await proof;
  progress.textContent = words("sending");
  const failed = await sent(form);
  if (!failed) return; // another page comes, or this one anew
  progress.textContent = "";
  button.disabled = false;
  say(root, failed, true);
}

/* What went wrong; empty if the server has answered. */
async function sent(form) {
  const body = new FormData(form);
  photos.put(body);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body });
  } catch {
    return "offline";
  }
  if (answer.redirected) {
    location.assign(answer.url);
    return "";
  }
  if (answer.status === 413) return "large";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = fresh.querySelector("#content [data-told]");
  if (!main) return "broken";
  document.querySelector("[data-told]").replaceWith(document.adoptNode(main));
  begin();
  return "";
}

function words(name) {
  return document.querySelector("[data-sayings]").dataset[name];
}

function say(root, name, bad = false) {
  const place = root.querySelector("[data-said]");
  place.textContent = words(name);
  place.classList.toggle("bad", bad);
  place.hidden = false;
  if (bad) place.scrollIntoView({ block: "center" });
}

begin();
