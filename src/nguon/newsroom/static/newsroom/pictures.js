/* Pictures of a bulletin: what is chosen is sent at once, so that saving takes no time and a refusal loses nothing. What stands
   in the form are marks of pictures that the server has; they are kept in the draft with the words. */

const box = document.querySelector("[data-pictures]");

function setUp(form) {
  const slots = [...box.querySelectorAll("[data-picture]")].map((item) => ({
    item,
    mark: item.querySelector("[data-mark]"),
    alt: item.querySelector("[data-alt]"),
    thumb: item.querySelector("[data-thumb]"),
  }));
  const add = box.querySelector("[data-add]");
  const input = add.querySelector("input");
  const sending = box.querySelector("[data-sending-box]");
  const refused = box.querySelector("[data-refused]");
  const { take, look, failed, many, none } = box.dataset;
  let busy = false;

  const full = () => slots.filter(({ mark }) => mark.value);

  function draw() {
    const count = full().length;
    for (const [place, { item, mark, thumb }] of slots.entries()) {
      item.hidden = !mark.value;
      const address = mark.value && look.replace("MARK", encodeURIComponent(mark.value));
      if (address && thumb.getAttribute("src") !== address) thumb.src = address;
      thumb.hidden = !address;
      const [earlier, later] = [item.querySelector("[data-earlier]"), item.querySelector("[data-later]")];
      [earlier.disabled, later.disabled] = [place === 0, place >= count - 1];
      earlier.hidden = later.hidden = count < 2;
    }
    add.hidden = busy || count === slots.length;
  }

  function changed() {
    draw();
    form.dispatchEvent(new Event("change", { bubbles: true })); // so that it is in the draft
    form.dispatchEvent(new Event("pictures-changed", { bubbles: true }));
  }

  const set = (slot, { mark, alt }) => Object.assign(slot.mark, { value: mark }) && Object.assign(slot.alt, { value: alt });

  function arrange(order) {
    const values = order.map(({ mark, alt }) => ({ mark: mark.value, alt: alt.value }));
    for (const [place, slot] of slots.entries()) set(slot, values[place] ?? { mark: "", alt: "" });
    changed();
  }

  function move(slot, by) {
    const order = full();
    const at = order.indexOf(slot);
    if (!order[at + by]) return;
    [order[at], order[at + by]] = [order[at + by], order[at]];
    arrange(order);
    const tool = slots[at + by].item.querySelector(by < 0 ? "[data-earlier]" : "[data-later]");
    (tool.disabled ? slots[at + by].alt : tool).focus();
  }

  function tell(words) {
    const line = document.createElement("li");
    line.textContent = words;
    refused.append(line);
    refused.hidden = false;
  }

  function send(file, far) {
    return new Promise((resolve) => {
      const body = new FormData();
      body.append("picture", file);
      const request = new XMLHttpRequest();
      request.open("POST", take);
      request.responseType = "json";
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.upload.addEventListener("progress", (event) => far(event.loaded / event.total));
      request.addEventListener("loadend", () => resolve(request.response?.mark || request.response?.error ? request.response : { error: failed }));
      request.send(body);
    });
  }

  function hold(on) {
    busy = on;
    sending.hidden = !on;
    for (const button of document.querySelectorAll("#editor-buttons button")) button.disabled = on; // not saved without it
    draw();
  }

  async function takeAll(files) {
    refused.replaceChildren();
    refused.hidden = true;
    const bar = sending.querySelector("progress");
    hold(true);
    for (const file of files) {
      const slot = slots.find(({ mark }) => !mark.value);
      if (!slot) {
        tell(`${many} ${file.name}`);
        continue;
      }
      sending.querySelector("[data-sending-words]").textContent = `${box.dataset.sending}: ${file.name}`;
      bar.value = 0;
      const said = await send(file, (share) => (share < 1 ? (bar.value = share) : bar.removeAttribute("value")));
      if (said.error) {
        tell(`${file.name}: ${said.error}`);
        continue;
      }
      set(slot, { mark: said.mark, alt: "" });
      changed();
      slot.alt.focus();
    }
    hold(false);
  }

  for (const slot of slots) {
    slot.item.querySelector("[data-earlier]").addEventListener("click", () => move(slot, -1));
    slot.item.querySelector("[data-later]").addEventListener("click", () => move(slot, 1));
    slot.item.querySelector("[data-remove]").addEventListener("click", () => {
      arrange(full().filter((other) => other !== slot));
      (full().at(-1)?.alt ?? input).focus();
    });
    slot.item.querySelector("[data-plain]").remove();
    slot.item.querySelector("[data-tools]").hidden = false;
    slot.thumb.addEventListener("error", () => (slot.thumb.alt = none));
    slot.thumb.addEventListener("load", () => (slot.thumb.alt = ""));
  }
  input.addEventListener("change", (event) => {
    event.stopPropagation();
    const files = [...input.files];
    input.value = "";
    if (files.length) takeAll(files);
  });
  form.addEventListener("draft-dropped", () => {
    draw();
    form.dispatchEvent(new Event("pictures-changed", { bubbles: true }));
  });
  draw();
}

if (box) setUp(box.closest("form"));
