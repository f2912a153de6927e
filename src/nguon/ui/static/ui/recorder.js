/* <div data-recorder data-input="#id_sound">: records with the microphone and puts the sound into that file input. */

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const QUIET = 0.01; // loudest sample of a take in which nobody spoke

class Recorder {
  constructor(root) {
    if (!root.firstElementChild) root.append(document.getElementById("recorder-frame").content.cloneNode(true));
    this.root = root;
    this.input = document.querySelector(root.dataset.input);
    for (const name of ["start", "stop", "again"]) {
      this[name + "Button"] = root.querySelector(`[data-act="${name}"]`);
    }
    this.time = root.querySelector("[data-time]");
    this.level = root.querySelector("[data-level]");
    this.sound = root.querySelector("[data-sound]");
    this.startButton.addEventListener("click", () => this.start());
    this.againButton.addEventListener("click", () => this.start());
    this.stopButton.addEventListener("click", () => this.recorder?.stop());
  }

  say(name) {
    const words = this.root.querySelector("[data-words]").content.querySelector(`[data-said="${name}"]`);
    this.root.querySelector("[data-state]").textContent = words.textContent;
  }

  show({ recording, taken }) {
    this.startButton.hidden = recording || taken;
    this.stopButton.hidden = !recording;
    this.againButton.hidden = recording || !taken;
    this.time.hidden = this.level.hidden = !recording;
    this.sound.hidden = recording || !taken;
  }

  async start() {
    if (!navigator.mediaDevices || !window.MediaRecorder) return this.say("unsafe");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false } });
    } catch (error) {
      return this.say(error.name === "NotFoundError" ? "missing" : "refused");
    }
    this.sound.pause();
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: 128000 });
    this.parts = [];
    this.loudest = 0;
    this.began = performance.now();
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.recorder.addEventListener("stop", () => this.finish());
    this.recorder.start(1000);
    this.listen();
    this.show({ recording: true });
    this.say("recording");
    this.stopButton.focus();
    return undefined;
  }

  listen() {
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const meter = this.level.querySelector("meter");
    const draw = () => {
      if (this.recorder.state !== "recording") return;
      analyser.getFloatTimeDomainData(samples);
      const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      this.loudest = Math.max(this.loudest, peak);
      meter.value = peak > 0 ? Math.max(0, 100 + (100 / 60) * 20 * Math.log10(peak)) : 0;
      const seconds = Math.floor((performance.now() - this.began) / 1000);
      this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      requestAnimationFrame(draw);
    };
    draw();
  }

  finish() {
    for (const track of this.stream.getTracks()) track.stop();
    this.context.close();
    const type = this.recorder.mimeType.split(";")[0];
    const sound = new File(this.parts, `thu-am.${ENDINGS[type] ?? "webm"}`, { type });
    if (this.sound.src) URL.revokeObjectURL(this.sound.src);
    this.sound.src = URL.createObjectURL(sound);
    if (this.input) {
      const files = new DataTransfer();
      files.items.add(sound);
      this.input.files = files.files;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.show({ taken: true });
    this.say(this.loudest < QUIET ? "quiet" : "kept");
    this.againButton.focus();
  }
}

function start() {
  for (const root of document.querySelectorAll("[data-recorder]:not([data-ready])")) {
    root.dataset.ready = "1";
    new Recorder(root);
  }
}

start();
document.addEventListener("htmx:load", start);
