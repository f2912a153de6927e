/* Bytes from the broker → an event of the core. Cryptography in a browser takes its time, so it is done before the step. */

import { Malformed, sha256 } from "../wire/bytes.js";
import { unwrap } from "../wire/seal.js";
import { decodeDown } from "../wire/shapes.js";
import { Untrusted, opened } from "../wire/trust.js";

/** The event of a message heard at `now` (ms) by who believes this ring. Never throws for what was heard. */
export async function hear(ring, data, now) {
  const event = { type: "heard", digest: await sha256(data), message: null, by: null };
  try {
    const envelope = unwrap(data);
    if (envelope.sealed.signatures.length === 0) {
      event.message = decodeDown(envelope.payload);
      if (event.message.type !== "ack") throw new Untrusted("unsigned");
    } else {
      event.by = await opened(ring, data, now);
      event.message = decodeDown(event.by.payload);
    }
    return event;
  } catch (error) {
    if (error instanceof Malformed) return { ...event, doubt: "malformed" };
    if (error instanceof Untrusted) return { ...event, doubt: error.reason, kid: error.kid };
    throw error;
  }
}
