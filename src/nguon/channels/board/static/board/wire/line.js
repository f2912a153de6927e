/* The line to the broker: MQTT through the web port (`/mqtt`), dialled again whenever it is lost, later each time. */

import * as packets from "./packets.js";

const KEEPALIVE = 60; // seconds
const WELCOME = 10_000; // ms for the broker to let us in
const SLOWEST = 60_000; // ms between two tries
const CONNACK = 0x20;
const PUBLISH = 0x30;
const SUBACK = 0x90;
const UNKNOWN = new Set([4, 5]); // of CONNACK: a wrong name or password, or one that may not come in

/** `owner`: {up(), down(), refused(), heard(bytes), will() → {topic, payload}}; up once we are let in, down when the line
   is lost, refused when the broker does not know us. */
export class Line {
  #socket = null;
  #subscribed = new Set();
  #tries = 0;
  #beat = 0;
  #heardAt = 0;
  #again = 0;
  #ended = false;

  constructor(url, name, password, owner) {
    Object.assign(this, { url, name, password, owner });
    this.connected = false;
  }

  /** Dial. Does not wait. */
  open() {
    clearTimeout(this.#again);
    if (this.#ended || this.#socket) return;
    const socket = new WebSocket(this.url, "mqtt");
    const reader = new packets.Reader();
    const late = setTimeout(() => this.#lost(socket), WELCOME);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      const { name, password } = this;
      socket.send(packets.connect({ name, password, keepalive: KEEPALIVE, will: this.owner.will() }));
    };
    socket.onmessage = ({ data }) => {
      this.#heardAt = performance.now();
      try {
        for (const packet of reader.read(new Uint8Array(data))) this.#take(socket, packet, late);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#lost(socket);
      }
    };
    socket.onclose = () => {
      clearTimeout(late);
      this.#lost(socket);
    };
    this.#socket = socket;
  }

  #take(socket, packet, late) {
    if (packet.kind === CONNACK) {
      clearTimeout(late);
      if (packet.body[1] === 0) return this.#letIn();
      this.#lost(socket);
      if (UNKNOWN.has(packet.body[1])) this.owner.refused();
    } else if (packet.kind === PUBLISH) {
      this.owner.heard(packets.payloadOf(packet));
    } else if (packet.kind === SUBACK) {
      this.#tries = 0;
    }
  }

  #letIn() {
    this.connected = true;
    this.#subscribed = new Set();
    clearInterval(this.#beat);
    this.#beat = setInterval(() => this.#ping(), (KEEPALIVE / 2) * 1000);
    this.owner.up();
  }

  #ping() {
    if (performance.now() - this.#heardAt > KEEPALIVE * 1000) this.#lost(this.#socket);
    else this.#say(packets.PING);
  }

  #lost(socket) {
    if (!socket || socket !== this.#socket) return;
    const was = this.connected;
    this.#socket = null;
    this.connected = false;
    clearInterval(this.#beat);
    socket.onmessage = socket.onclose = null;
    socket.close();
    if (was) this.owner.down();
    if (this.#ended) return;
    const wait = Math.min(1000 * 2 ** this.#tries++, SLOWEST) * (0.5 + Math.random());
    this.#again = setTimeout(() => this.open(), wait);
  }

  #say(bytes) {
    if (this.connected && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  /** Listen to exactly these topics. */
  subscribe(topics) {
    if (!this.connected) return; // `up` asks again
    const wanted = new Set(topics);
    const more = topics.filter((one) => !this.#subscribed.has(one));
    const fewer = [...this.#subscribed].filter((one) => !wanted.has(one));
    if (more.length) this.#say(packets.subscribe(more));
    if (fewer.length) this.#say(packets.unsubscribe(fewer));
    this.#subscribed = wanted;
  }

  /** Say this; without a line it is lost, and the core says it again. */
  publish(topic, payload, retain = false) {
    this.#say(packets.publish(topic, payload, retain));
  }

  /** Hang up in good order, for good. */
  end() {
    this.#ended = true;
    clearTimeout(this.#again);
    this.#say(packets.FAREWELL);
    this.#lost(this.#socket);
  }
}
