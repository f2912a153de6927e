/* The line to the broker: MQTT through the web port, dialled again whenever it is lost, later each time. By a WebSocket,
   or in requests where `ways.js` finds that WebSockets are kept out. */

import * as packets from "./packets.js";
import * as ways from "./ways.js";

const KEEPALIVE = 60; // seconds
const WELCOME = 10_000; // ms for the broker to let us in
const SLOWEST = 60_000; // ms between two tries
const LOOK_EVERY = 30_000; // ms between two questions whether it is time to look for a free WebSocket
const CONNACK = 0x20;
const PUBLISH = 0x30;
const SUBACK = 0x90;
const UNKNOWN = new Set([4, 5]); // of CONNACK: a wrong name or password, or one that may not come in

/** `doors`: of `doors.js`. `owner`: {up(), down(), refused(), heard(bytes), will() → {topic, payload}}; up once we are let
   in, down when the line is lost, refused when the broker does not know us. */
export class Line {
  #door = null;
  #way = ways.first();
  #answered = false;
  #subscribed = new Set();
  #tries = 0;
  #late = 0;
  #beat = 0;
  #heardAt = 0;
  #again = 0;
  #look = 0;
  #looking = false;
  #ended = false;

  constructor(doors, name, password, owner) {
    Object.assign(this, { doors, name, password, owner });
    this.connected = false;
  }

  /** The way it goes now: "socket" or "requests". */
  get by() {
    return this.#way.by;
  }

  /** Dial. Does not wait. */
  open() {
    clearTimeout(this.#again);
    if (this.#ended || this.#door) return;
    this.#look ||= setInterval(() => ways.due(this.#way, performance.now()) && this.look(), LOOK_EVERY);
    const reader = new packets.Reader();
    const door = this.doors[this.#way.by]({
      opened: () => {
        const { name, password } = this;
        door.send(packets.connect({ name, password, keepalive: KEEPALIVE, will: this.owner.will() }));
      },
      came: (bytes) => this.#came(door, reader, bytes),
      closed: (told) => this.#lost(door, told),
    });
    this.#answered = false;
    this.#late = setTimeout(() => this.#lost(door), WELCOME);
    this.#door = door;
  }

  #came(door, reader, bytes) {
    this.#heardAt = performance.now();
    try {
      for (const packet of reader.read(bytes)) this.#take(door, packet);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#lost(door);
    }
  }

  #take(door, packet) {
    if (packet.kind === CONNACK) {
      clearTimeout(this.#late);
      this.#answered = true;
      this.#happened("carried");
      if (packet.body[1] === 0) return this.#letIn();
      this.#lost(door);
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
    if (performance.now() - this.#heardAt > KEEPALIVE * 1000) this.#lost(this.#door);
    else this.#say(packets.PING);
  }

  #lost(door, told = false) {
    if (!door || door !== this.#door) return;
    const was = this.connected;
    this.#door = null;
    this.connected = false;
    clearTimeout(this.#late);
    clearInterval(this.#beat);
    door.close();
    if (was) this.owner.down();
    if (this.#ended) return;
    if (!this.#answered) this.#failed(told);
    const wait = Math.min(1000 * 2 ** this.#tries++, SLOWEST) * (0.5 + Math.random());
    this.#again = setTimeout(() => this.open(), wait);
  }

  /** A try without a word of the broker: whether the way is to blame says the server. */
  async #failed(told) {
    const { by } = this;
    if (told) return this.#happened("told");
    const happened = (await this.doors.answers()) ? "failed" : "away";
    if (by === this.by) this.#happened(happened);
  }

  #happened(what) {
    this.#way = ways.after(this.#way, what, performance.now());
  }

  /** While it goes in requests: look whether a WebSocket gets through, and change to it if so. */
  async look() {
    if (this.#looking || this.#ended || this.by === "socket") return;
    this.#looking = true;
    const free = await this.doors.getsThrough();
    this.#looking = false;
    if (this.#ended || this.by === "socket") return;
    this.#happened(free ? "free" : "shut");
    if (free) this.#change();
  }

  /** To the other way, as soon as the broker has heard the farewell: who comes again before it leaves a last will. */
  #change() {
    const door = this.#door;
    this.#say(packets.FAREWELL);
    this.#answered = true; // not this way's fault
    this.#tries = 0;
    this.#lost(door); // so it dials again in about a second at the latest
    (door?.said ?? Promise.resolve()).then(() => this.open());
  }

  #say(bytes) {
    if (this.connected) this.#door.send(bytes);
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
    clearInterval(this.#look);
    this.#say(packets.FAREWELL);
    this.#lost(this.#door);
  }
}
