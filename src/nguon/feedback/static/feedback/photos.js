/* Photos before they are sent: made small on the device, so that they go through a slow network, and shown. */

const LONGEST = 1920; // pixels, as the server keeps them
const MOST = 4;
const SMALL = 160;

export class Photos {
  constructor() {
    this.chosen = [];
  }

  watch(form) {
    this.input = form.querySelector('input[type="file"]');
    this.list = form.querySelector("[data-previews]");
    if (!this.input || !this.list) return;
    this.input.addEventListener("change", async () => {
      const files = [...this.input.files];
      this.input.value = "";
      for (const file of files) if (this.chosen.length < MOST) this.chosen.push(await made(file));
      this.show();
    });
    this.show();
  }

  show() {
    this.list.hidden = !this.chosen.length;
    this.list.replaceChildren(...this.chosen.map((one) => this.row(one)));
  }

  row(one) {
    const row = document.createElement("li");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button quiet";
    drop.textContent = this.list.dataset.remove;
    drop.setAttribute("aria-label", `${this.list.dataset.remove}: ${one.name}`);
    drop.addEventListener("click", () => {
      this.chosen = this.chosen.filter((other) => other !== one);
      this.show();
      this.input.focus();
    });
    const name = document.createElement("span");
    name.textContent = `${one.name} (${Math.max(1, Math.round(one.blob.size / 1024))} KB)`;
    row.append(...[one.canvas, name, drop].filter(Boolean));
    return row;
  }

  put(body) {
    body.delete("photos");
    for (const one of this.chosen) body.append("photos", one.blob, one.name);
  }

  get bytes() {
    return this.chosen.reduce((sum, one) => sum + one.blob.size, 0);
  }
}

/* A smaller copy without anything but its picture; the file itself where this browser cannot read it. */
async function made(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const blob = await new Promise((take) => drawn(picture, LONGEST).toBlob(take, "image/jpeg", 0.85));
    const canvas = drawn(picture, SMALL);
    canvas.setAttribute("aria-hidden", "true");
    return { name: file.name, blob: blob && blob.size < file.size ? blob : file, canvas };
  } catch {
    return { name: file.name, blob: file, canvas: null };
  }
}

function drawn(picture, longest) {
  const share = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
