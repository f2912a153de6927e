/* Sends chosen files one by one, with how far it is; what arrived before is not asked twice by the server. */

const form = document.getElementById("collect");
const print = document.querySelector("[data-print]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

function sendOne(file, done) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("path", file.webkitRelativePath || file.name);
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.upload.addEventListener("progress", (event) => done(event.loaded));
    request.addEventListener("loadend", () => {
      let said = null;
      try {
        said = JSON.parse(request.responseText);
      } catch {
        /* no answer, or none of ours */
      }
      resolve(request.status === 200 && said ? said : { error: said?.error ?? form.dataset.failed });
    });
    request.send(body);
  });
}

async function sendAll(files) {
  const { sending, finished, of } = form.dataset;
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  const refused = box.querySelector("[data-refused]");
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  let wrong = 0;
  box.hidden = false;
  refused.replaceChildren();
  const leave = (event) => event.preventDefault();
  window.addEventListener("beforeunload", leave);
  for (const [index, file] of files.entries()) {
    words.textContent = `${sending} ${index + 1} ${of} ${files.length}: ${file.name}`;
    const said = await sendOne(file, (loaded) => (bar.value = Math.min(1, (before + loaded) / total)));
    before += file.size;
    bar.value = Math.min(1, before / total);
    const why = said.error ?? said.reason;
    if (said.error) wrong += 1;
    if (why) {
      const line = document.createElement("li");
      line.textContent = `${file.name}: ${why}`;
      refused.append(line);
    }
  }
  window.removeEventListener("beforeunload", leave);
  words.textContent = finished;
  if (wrong < files.length) document.querySelector("[data-begin]").disabled = false;
  if (wrong === 0) window.location.reload(); // the list of files says the rest
}

if (form) {
  form.querySelector("[data-script]").hidden = false;
  form.querySelector("[data-plain]").hidden = true;
  for (const input of form.querySelectorAll("input[type=file]")) {
    const send = async () => {
      const files = [...input.files];
      if (files.length === 0) return;
      for (const other of form.querySelectorAll("input[type=file]")) other.disabled = true;
      await sendAll(files);
      for (const other of form.querySelectorAll("input[type=file]")) other.disabled = false;
      input.value = "";
    };
    input.addEventListener("change", send);
    send(); // what was chosen before this page was whole
  }
}
