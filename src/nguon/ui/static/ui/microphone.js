/* A microphone: opened with words for what keeps it shut, and measured 25 times a second. */

const EVERY = 40; // ms between two looks
const CLIPPED = 0.985; // of full scale
const LOUD_FOR = 2000; // ms a warning of clipping stays
const HEARD = -50; // dBFS: a peak over this is a sound
const SPOKEN = -34; // dBFS: a peak over this is speech near the microphone
const PATIENCE = 3000; // ms without one before a hint

export const decibels = (value) => (value > 0 ? 20 * Math.log10(value) : -Infinity);

/** Why no microphone can be used on this page at all: "unsafe", "old", or "". */
export function impossible() {
  if (!window.isSecureContext) return "unsafe";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.AudioContext) return "old";
  return "";
}

/** The word for an error of getUserMedia. */
async function reason(error) {
  if (error.name === "NotFoundError") return "missing";
  if (error.name === "NotReadableError" || error.name === "AbortError") return "busy";
  if (error.name !== "NotAllowedError" && error.name !== "SecurityError") return "missing";
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    return state === "prompt" ? "unanswered" : "refused";
  } catch {
    return "refused";
  }
}

/** A stream of sound as it is: levels are the server's work. Throws { word } that says why there is none. */
async function ask(device, calm) {
  const audio = { echoCancellation: false, autoGainControl: false, noiseSuppression: calm };
  if (device) audio.deviceId = { exact: device };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    if (device && (error.name === "OverconstrainedError" || error.name === "NotFoundError")) return ask("", calm);
    throw { word: await reason(error) };
  }
}

/** The microphones there are, with names once one has been allowed: [{ id, name }]. */
export async function microphones() {
  const found = await navigator.mediaDevices.enumerateDevices();
  return found
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId && deviceId !== "communications")
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** An open microphone. `onlevel({ peak, clipped, hint })`: 0–1, and what to tell who speaks; `onlost` when it goes. */
export class Microphone {
  static async open({ device = "", calm = false, onlevel, onlost }) {
    const microphone = new Microphone(await ask(device, calm), onlevel, onlost);
    await microphone.context.resume();
    return microphone;
  }

  constructor(stream, onlevel, onlost) {
    this.stream = stream;
    this.onlevel = onlevel;
    [this.track] = stream.getAudioTracks();
    this.track.addEventListener("ended", onlost);
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 4096; // longer than the time between two looks: no sample is missed
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.forget();
    this.timer = window.setInterval(() => this.look(), EVERY);
  }

  get device() {
    return this.track.getSettings().deviceId ?? "";
  }

  /** Begin anew to judge whether it is too quiet. */
  forget() {
    this.began = performance.now();
    this.loudAt = -Infinity;
    this.heardAt = this.spokenAt = this.began;
  }

  look() {
    this.analyser.getFloatTimeDomainData(this.samples);
    const fresh = Math.min(this.samples.length, Math.ceil((this.context.sampleRate * EVERY * 1.5) / 1000));
    let peak = 0;
    let full = 0;
    for (let n = this.samples.length - fresh; n < this.samples.length; n += 1) {
      const size = Math.abs(this.samples[n]);
      peak = Math.max(peak, size);
      if (size >= CLIPPED) full += 1;
    }
    const now = performance.now();
    if (full > 2) this.loudAt = now;
    if (decibels(peak) > HEARD) this.heardAt = now;
    if (decibels(peak) > SPOKEN) this.spokenAt = now;
    this.onlevel({ peak, clipped: full > 2, hint: this.hint(now) });
  }

  hint(now) {
    if (now - this.loudAt < LOUD_FOR) return "loud";
    if (now - this.heardAt > PATIENCE) return "silent";
    if (now - this.spokenAt > PATIENCE) return "quiet";
    return "";
  }

  close() {
    window.clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    this.context.close();
  }
}
