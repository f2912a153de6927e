/* Waveforms: their bytes, made in the browser as the server makes them, and their drawing.

   A waveform is at most 800 bytes, one for each equal part of a sound: 0 at −48 dBFS and less, 255 at 0 dBFS. */

export const PARTS = 800;
const STEP = 0.02; // seconds of one window
const FLOOR = -48; // dBFS
const LOW = 150; // of 255: a sound whose loudest part is under this, about −20 dBFS, is drawn smaller than its room
const BAR = 3; // CSS pixels from one bar to the next
const DECODED_RATE = 8000; // samples a second are enough to see where it is loud

const height = (energy) => {
  const level = energy > 0 ? 10 * Math.log10(energy) : -Infinity;
  return Math.round(255 * Math.min(1, Math.max(0, 1 - level / FLOOR)));
};

/** The waveform of samples (−1…1): the highest of every 20 ms, and of each part their mean energy. */
export function waveform(samples, rate) {
  const window = Math.max(1, Math.round(rate * STEP));
  const tops = new Float32Array(Math.ceil(samples.length / window));
  for (let n = 0; n < tops.length; n += 1) {
    let top = 0;
    for (let at = n * window; at < Math.min(samples.length, (n + 1) * window); at += 1) {
      top = Math.max(top, Math.abs(samples[at]));
    }
    tops[n] = Math.min(1, top);
  }
  return ofTops(tops);
}

/** The waveform of the highest samples of equal moments. */
export function ofTops(tops) {
  const count = Math.min(PARTS, tops.length);
  const bytes = new Uint8Array(count);
  for (let n = 0; n < count; n += 1) {
    const [first, last] = [Math.floor((tops.length * n) / count), Math.floor((tops.length * (n + 1)) / count)];
    let energy = 0;
    for (let at = first; at < last; at += 1) energy += tops[at] ** 2;
    bytes[n] = height(energy / (last - first));
  }
  return bytes;
}

/** What a file sounds like, decoded here: its waveform, seconds, and highest sample. Throws for what is no sound. */
export async function decoded(file) {
  const context = new OfflineAudioContext(1, 1, DECODED_RATE);
  const buffer = await context.decodeAudioData(await file.arrayBuffer());
  const samples = buffer.getChannelData(0);
  let top = 0;
  for (const sample of samples) top = Math.max(top, Math.abs(sample));
  return { peaks: waveform(samples, buffer.sampleRate), seconds: buffer.duration, top };
}

/** A canvas that shows a waveform, the part before `done` (0–1) in the colour of what was heard. */
export class Wave {
  constructor(canvas) {
    this.canvas = canvas;
    this.peaks = null;
    this.done = 0;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(peaks) {
    this.peaks = peaks;
    this.draw();
  }

  at(done) {
    this.done = done;
    if (this.peaks) this.draw();
  }

  draw() {
    const { canvas, peaks } = this;
    const [width, tall] = [canvas.clientWidth, canvas.clientHeight];
    if (!peaks?.length || !width) return;
    const dots = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * dots), Math.round(tall * dots)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const paper = canvas.getContext("2d");
    paper.clearRect(0, 0, wide, high);
    paper.save();
    paper.scale(dots, dots);
    const style = getComputedStyle(canvas);
    const [heard, rest] = [style.getPropertyValue("--wave-heard"), style.getPropertyValue("--wave-rest")];
    const bars = Math.max(1, Math.floor(width / BAR));
    const full = Math.max(LOW, peaks.reduce((most, one) => Math.max(most, one), 0)); // a quiet sound looks quiet
    for (let n = 0; n < bars; n += 1) {
      const share = mean(peaks, n / bars, (n + 1) / bars) / full;
      const size = Math.max(2, Math.min(1, share) ** 2 * tall);
      paper.fillStyle = (n + 0.5) / bars <= this.done ? heard : rest;
      paper.fillRect(n * BAR, (tall - size) / 2, BAR - 1, size);
    }
    paper.restore();
  }
}

/* The mean of the parts from one share of the whole to another, of one at least: a pause within a bar makes it lower. */
function mean(peaks, from, to) {
  const first = Math.min(peaks.length - 1, Math.floor(from * peaks.length));
  const last = Math.max(first + 1, Math.floor(to * peaks.length));
  let sum = 0;
  for (let n = first; n < last; n += 1) sum += peaks[n];
  return sum / (last - first);
}
