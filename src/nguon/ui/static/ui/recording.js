/* One recording from a microphone: its time, its levels, and at the end a file. */

import { Kept } from "./keeping.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const LONG = 300; // seconds after which people stop listening
const WARNED = 60; // seconds before the limit
const BITS = 128000; // a second: what is levelled later loses nothing one hears

export class Recording {
  /* `onend(file)` comes once, however it ends; an empty file says that nothing came. */
  constructor(stream, onend) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
    this.parts = [];
    this.tops = [];
    this.clipped = false;
    this.past = 0; // ms before the last pause
    this.since = performance.now();
    this.running = true;
    this.kept = new Kept(this.type);
    this.recorder.addEventListener("dataavailable", ({ data }) => this.take(data));
    this.recorder.addEventListener("stop", () => onend(this.file()), { once: true });
    this.recorder.addEventListener("error", () => this.stop());
    this.recorder.start(1000);
    // a phone that goes dark stops its microphone
    navigator.wakeLock?.request("screen").then((lock) => (this.lock = lock)).catch(() => undefined);
  }

  get type() {
    return this.recorder.mimeType.split(";")[0];
  }

  take(data) {
    if (!data.size) return;
    this.parts.push(data);
    const { seconds, tops, clipped } = this;
    this.kept.add(data, { seconds, tops, clipped });
  }

  get seconds() {
    return (this.past + (this.running ? performance.now() - this.since : 0)) / 1000;
  }

  /* Take down one look at the microphone; what is to be told of the time, of `limit` seconds: full, ending, long. */
  note(peak, clipped, limit) {
    this.tops.push(peak);
    this.clipped ||= clipped;
    if (this.seconds >= limit) return "full";
    if (limit - this.seconds < WARNED && limit > 2 * WARNED) return "ending";
    return this.seconds > LONG ? "long" : "";
  }

  hold() {
    this.past = 1000 * this.seconds;
    this.running = false;
  }

  pause() {
    this.hold();
    this.recorder.pause();
  }

  resume() {
    this.since = performance.now();
    this.running = true;
    this.recorder.resume();
  }

  stop() {
    if (this.running) this.hold();
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  file() {
    if (this.running) this.hold();
    this.lock?.release().catch(() => undefined);
    return named(this.parts, this.type);
  }
}

/** The file of a recording: its name tells the server that it is one. */
export const named = (parts, type) => new File(parts, `thu-am.${ENDINGS[type] ?? "webm"}`, { type });
