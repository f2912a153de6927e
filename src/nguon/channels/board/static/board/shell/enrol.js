/* Becoming a board: show a code until somebody in the office says which device this is, then trade it for credentials. */

const ASK_EVERY = 3_000; // ms
const AGAIN = 10_000; // ms after the network, or the server, failed

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function post(server, path, body) {
  const answer = await fetch(new URL(path, server), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Keep this; where the disk is full, the files go first: they come again. Throws QuotaExceededError. */
async function keep({ store, shelf }, name, value) {
  try {
    await store.put(name, value);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    await shelf.keepOnly(new Set());
    await store.put(name, value);
  }
}

/** The public half, in base64; the private half never leaves this browser, not even for its own scripts. */
async function ownKey(given) {
  let pair = await given.store.get("key");
  if (!pair) {
    pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await keep(given, "key", pair);
  }
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))));
}

/** The code to enrol with, once somebody has named the screen; null if its code has ended. */
async function named(server, ticket) {
  for (;;) {
    await pause(ASK_EVERY);
    const { status, body } = await post(server, "/api/1/screens/ask", { ticket });
    if (status === 404) return null;
    if (status === 200 && body.code) return body.code;
  }
}

/** Whether it became somebody before its code ended. */
async function once(given) {
  const { server, software, say } = given;
  const key = await ownKey(given); // a disk that keeps nothing is noticed before anybody types
  const shown = await post(server, "/api/1/screens", { software });
  if (shown.status !== 201) throw new Error(shown.body.error);
  say("code", shown.body.code);
  const code = await named(server, shown.body.ticket);
  if (code === null) return false;
  const answer = await post(server, "/api/1/enrol", { code, public_key: key, software });
  if (answer.status !== 200) throw new Error(answer.body.error);
  const { device, password, settings, keys } = answer.body;
  await keep(given, "identity", { device, password, settings, keys });
  return true;
}

/** Returns when its store says who this board is; until somebody in the office has said it, it shows codes.

   `given`: {server, store, shelf, software, say(state, code), turn()}; `turn` is called before each code. */
export async function enrolled(given) {
  for (;;) {
    try {
      given.turn();
      if (await once(given)) return;
    } catch (error) {
      console.warn("not enrolled", error);
      given.say(error.name === "QuotaExceededError" ? "full" : "trouble");
      await pause(AGAIN);
    }
  }
}
