/* The microphone of a recorder while it is open: which one, how it is treated, how loud it is. */

import { Microphone } from "./microphone.js";
import { clock, Desk } from "./recorder-desk.js";

const KEPT = "nguon:microphone"; // the chosen one, in this browser

export class Listening {
  constructor(root) {
    root.dataset.ready = "1";
    if (!root.firstElementChild) root.append(document.getElementById("recorder-frame").content.cloneNode(true));
    this.desk = new Desk(root);
    this.tops = [];
    for (const name of ["device", "calm"]) this.desk.find(name).addEventListener("change", () => this.change());
  }

  /* Open it for a state of the recorder. Whether that could be done; if not, the reason has been told. */
  async open(state) {
    this.turn("asking", "asking");
    const asked = (this.asked = {});
    try {
      const microphone = await Microphone.open({
        device: localStorage.getItem(KEPT) ?? "",
        calm: this.desk.find("calm").checked,
        onlevel: (level) => this.level(level),
        onlost: () => this.lost(),
      });
      if (this.asked !== asked) return microphone.close();
      this.microphone = microphone;
    } catch (error) {
      this.turn("idle", error.word ?? "missing");
      return false;
    }
    this.tops = [];
    this.desk.find("time").textContent = clock(0);
    await this.desk.list(this.microphone.device);
    this.turn(state, state);
    return true;
  }

  close() {
    this.asked = null;
    this.microphone?.close();
    this.microphone = null;
    this.desk.hint("");
  }

  /* Another microphone, or another treatment: what was begun begins anew with it. */
  change() {
    localStorage.setItem(KEPT, this.desk.find("device").value);
    const { state } = this.desk;
    if (state !== "testing" && state !== "counting") return;
    this.close();
    if (state === "testing") this.test();
    else this.start();
  }

  level({ peak, clipped, hint }) {
    this.desk.level(peak, hint === "loud");
    if (this.desk.state === "paused") return;
    this.tops.push(peak);
    const passing = this.passing(peak, clipped); // always asked: it counts the time too
    this.desk.hint(hint || passing);
    this.desk.draw(this.tops);
  }
}
