/* MQTT 3.1.1 at QoS 0: packets as bytes, only what a board needs. */

import { bytesOf, joined } from "./bytes.js";

const LARGEST = 1 << 20; // bytes of one packet; a broker that sends more is not ours
export const PING = Uint8Array.of(0xc0, 0);
export const FAREWELL = Uint8Array.of(0xe0, 0);

const short = (number) => Uint8Array.of(number >> 8, number & 255);

function text(value) {
  const bytes = typeof value === "string" ? bytesOf(value) : value;
  return joined(short(bytes.length), bytes);
}

function packet(kind, ...pieces) {
  const body = joined(...pieces);
  const head = [kind];
  let left = body.length;
  do {
    head.push((left & 127) | (left > 127 ? 128 : 0));
    left >>= 7;
  } while (left > 0);
  return joined(Uint8Array.from(head), body);
}

/** CONNECT with a clean session, a retained last will, and the name as client id. `keepalive` in seconds. */
export function connect({ name, password, keepalive, will }) {
  const flags = 0b1110_0110;
  const head = joined(text("MQTT"), Uint8Array.of(4, flags), short(keepalive));
  return packet(0x10, head, text(name), text(will.topic), text(will.payload), text(name), text(password));
}

export const subscribe = (topics) =>
  packet(0x82, short(1), ...topics.map((one) => joined(text(one), Uint8Array.of(0))));

export const unsubscribe = (topics) => packet(0xa2, short(2), ...topics.map(text));

export const publish = (topic, payload, retain = false) => packet(retain ? 0x31 : 0x30, text(topic), payload);

function lengthOf(data) {
  let length = 0;
  for (let place = 0; place < 4; place++) {
    const byte = data[1 + place];
    if (byte === undefined) return null;
    length += (byte & 127) * 128 ** place;
    if (byte < 128) return { length, body: 2 + place };
  }
  return { length: Infinity, body: 0 };
}

/** What comes in, cut into packets: {kind, flags, body}. Throws RangeError for one that is too large. */
export class Reader {
  #rest = new Uint8Array();

  *read(piece) {
    this.#rest = this.#rest.length ? joined(this.#rest, piece) : piece;
    for (;;) {
      const found = lengthOf(this.#rest);
      if (found === null) return;
      if (found.length > LARGEST) throw new RangeError(`a packet of ${found.length} bytes`);
      const end = found.body + found.length;
      if (this.#rest.length < end) return;
      const first = this.#rest[0];
      const body = this.#rest.slice(found.body, end);
      this.#rest = this.#rest.slice(end);
      yield { kind: first & 0xf0, flags: first & 15, body };
    }
  }
}

/** The payload of a PUBLISH; its topic says nothing that the payload does not. */
export function payloadOf({ flags, body }) {
  const topic = (body[0] << 8) | body[1];
  return body.slice(2 + topic + (flags & 6 ? 2 : 0));
}
