/* The speaker's line: what the microphone hears goes to the server as it is recorded. */

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const PIECE = 100; // ms
const BITS = 48_000; // a second
const AGAIN = 1_000; // ms between two tries to come back
const GRACE = 8_000; // ms the server waits
const SLOW = 24_000; // bytes that wait to be sent (4 s)

export class Line {
  /* `told` has: onair(left, again), lost(), ended(why), gone(), refused(words), heard(started, total). */
  constructor(path, told) {
    this.told = told;
    const { protocol, host } = window.location;
    this.address = `${protocol === "https:" ? "wss" : "ws"}://${host}${path}`;
    this.began = Boolean(told.resume);
    this.lostAt = 0;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.addEventListener("message", ({ data }) => this.take(JSON.parse(data)));
    this.socket.addEventListener("close", () => this.closed());
  }

  take({ state, left, why, words, started, total }) {
    if (state === "ready") this.socket.send(JSON.stringify({ do: "begin" }));
    else if (state === "on-air") {
      const again = this.began;
      this.began = true;
      this.lostAt = 0;
      this.told.onair(left, again);
    } else if (state === "heard") this.told.heard(started, total);
    else if (state === "ended") this.over(() => this.told.ended(why));
    else if (state === "refused") this.over(() => (this.began ? this.told.gone() : this.told.refused(words)));
  }

  over(tell) {
    if (this.done) return;
    this.done = true;
    this.hush();
    this.socket.close();
    tell();
  }

  closed() {
    this.hush();
    if (this.done) return;
    if (!this.began) return this.over(() => this.told.refused(""));
    if (!this.lostAt) {
      this.lostAt = performance.now();
      this.told.lost();
    }
    if (performance.now() - this.lostAt > GRACE + AGAIN) return this.over(() => this.told.gone());
    window.setTimeout(() => this.done || this.connect(), AGAIN);
  }

  get slow() {
    return this.socket.bufferedAmount > SLOW;
  }

  /* Each line, and each microphone, begins a recording of its own: the server reads its head first. */
  speak(stream) {
    this.hush();
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const { socket } = this;
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
    if (this.spoke === socket) socket.send(JSON.stringify({ do: "again" }));
    this.spoke = socket;
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size && socket.readyState === WebSocket.OPEN) socket.send(data);
    });
    this.recorder.start(PIECE);
  }

  hush() {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
    this.recorder = null;
  }

  end() {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.requestData();
    if (this.socket.readyState === WebSocket.OPEN) {
      window.setTimeout(() => {
        this.hush(); // nobody's microphone stays open while the server writes
        this.socket.send(JSON.stringify({ do: "end" }));
      }, 50); // behind the last piece
    } else this.over(() => this.told.gone());
  }
}
