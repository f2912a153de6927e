/* <div data-recorder data-input="#id_sound" data-minutes="60">: records with the microphone into that file input. One press
   opens it, counts down and records. Takes are compared; the first goes into the form, a later one when it is chosen. */

import { Listening } from "./listening.js";
import { impossible } from "./microphone.js";
import { clock } from "./recorder-desk.js";
import { guard } from "./recorder-guard.js";
import { Recording } from "./recording.js";
import { Takes } from "./takes.js";

const COUNTDOWN = 3; // seconds
class Recorder extends Listening {
  constructor(root) {
    super(root);
    this.takes = new Takes(root, document.querySelector(root.dataset.input), this.desk);
    this.limit = 60 * Number(root.dataset.minutes || 60);
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this[button.dataset.act]());
    }
    guard(root.closest("form"), () => this.recording, () => this.desk.tell("saving"));
    this.turn("idle", impossible());
    this.desk.find("acts").hidden = impossible() !== "";
    if (!impossible()) this.takes.recover().then((found) => found && this.turn("idle", "recovered"));
  }

  turn(state, said = null) {
    this.desk.turn(state, this.takes.all.length > 0);
    if (said !== null) this.desk.tell(said);
  }

  /* Each look at the microphone while a recording runs: its level, its time, and the end when there is no more room. */
  passing(peak, clipped) {
    if (!this.recording) return "";
    const told = this.recording.note(peak, clipped, this.limit);
    this.desk.find("time").textContent = clock(this.recording.seconds);
    return told === "full" ? this.stop(told) : told;
  }

  close() {
    window.clearTimeout(this.counting);
    super.close();
  }

  async test() {
    if (await this.open("testing")) this.desk.focus("start");
  }

  async start() {
    if (this.desk.state === "testing") this.turn("counting", "counting");
    else if (!(await this.open("counting"))) return;
    this.desk.focus("cancel");
    this.count(COUNTDOWN);
  }

  count(left) {
    this.desk.find("count").textContent = String(left);
    if (left === 0) this.record();
    else this.counting = window.setTimeout(() => this.count(left - 1), 1000);
  }

  cancel() {
    this.close();
    this.turn("idle", "");
    this.desk.focus("start");
  }

  record() {
    this.tops = [];
    this.microphone.forget();
    this.ending = "";
    this.recording = new Recording(this.microphone.stream, (file) => this.finish(file));
    this.turn("recording", "recording");
    this.desk.focus("stop");
  }

  pause() {
    this.recording.pause();
    this.turn("paused", "paused");
    this.desk.hint("");
    this.desk.focus("resume");
  }

  resume() {
    this.microphone.forget();
    this.recording.resume();
    this.turn("recording", "recording");
    this.desk.focus("stop");
  }

  stop(ending = "") {
    this.ending ||= ending;
    this.recording.stop();
    return "";
  }

  /* The microphone went: what there is, is kept. */
  lost() {
    if (this.recording) return this.stop("unplugged");
    this.close();
    return this.turn("idle", "missing");
  }

  finish(file) {
    const { recording, ending } = this;
    this.recording = null;
    this.close();
    if (!file.size) return this.turn("idle", "nothing");
    const first = this.takes.add(file, { ...recording, seconds: recording.seconds, id: recording.kept.take.id });
    this.turn("idle", ending || (first ? "kept" : "spare"));
    return this.takes.focus();
  }
}

function start() {
  for (const root of document.querySelectorAll("[data-recorder]:not([data-ready])")) root.recorder = new Recorder(root);
}

start();
document.addEventListener("htmx:load", start);
