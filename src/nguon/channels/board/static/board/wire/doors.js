/* The server's doors to the broker, all with the same little handle: {send(bytes), close()}.

   Who dials gives an ear: {opened(), came(bytes), closed(told)}; `told`: the server itself said why. None of them is
   called after `close`. */

import { Requests } from "./requests.js";

const PATIENCE = 10_000; // ms
const FULL = 1013;
const NO_BROKER = 1014;
const NOT_BYTES = 1003;

function socketTo(address, ear) {
  const socket = new WebSocket(address, "mqtt");
  socket.binaryType = "arraybuffer";
  socket.onopen = () => ear.opened();
  socket.onmessage = ({ data }) => ear.came(new Uint8Array(data));
  socket.onclose = ({ code }) => ear.closed(code === FULL || code === NO_BROKER);
  return {
    send(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}

/** Whether a WebSocket carries both ways: words are no bytes, and the server says so. The broker hears nothing of it. */
function getsThrough(address) {
  return new Promise((resolve) => {
    const socket = new WebSocket(address, "mqtt");
    const done = (free) => {
      clearTimeout(late);
      socket.onclose = null;
      socket.close();
      resolve(free);
    };
    const late = setTimeout(() => done(false), PATIENCE);
    socket.onopen = () => socket.send("?");
    socket.onclose = ({ code }) => done(code === NOT_BYTES);
  });
}

/** Whether the server answers plain requests. */
async function answers(server) {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const { ok } = await fetch(new URL("/api/1/time", server), { cache: "no-store", credentials: "omit", signal });
    return ok;
  } catch {
    return false;
  }
}

/** {socket(ear), requests(ear), getsThrough(), answers()} of the server at this address. */
export function doorsOf(server) {
  const address = new URL("/mqtt", server);
  address.protocol = address.protocol.replace("http", "ws");
  return {
    socket: (ear) => socketTo(address, ear),
    requests: (ear) => new Requests(new URL("/mqtt/line", server), ear),
    getsThrough: () => getsThrough(address),
    answers: () => answers(server),
  };
}
