/* Becoming a board: show a code until somebody in the office says which device this is, then trade it for credentials. */

const ASK_EVERY = 3_000; // ms
const AGAIN = 10_000; // ms after the network, or the server, failed

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function post(server, path, body) {
  const answer = await fetch(new URL(path, server), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, body: await answer.json() };
}

/** The public half, in base64; the private half never leaves this browser, not even for its own scripts. */
async function ownKey(store) {
  let pair = await store.get("key");
  if (!pair) {
    pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await store.put("key", pair);
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

async function once({ server, store, software, show }) {
  const shown = await post(server, "/api/1/screens", { software });
  if (shown.status !== 201) throw new Error(shown.body.error);
  show({ code: shown.body.code });
  const code = await named(server, shown.body.ticket);
  if (code === null) return null;
  const enrolled = await post(server, "/api/1/enrol", { code, public_key: await ownKey(store), software });
  if (enrolled.status !== 200) throw new Error(enrolled.body.error);
  const { device, password, settings, keys } = enrolled.body;
  return { device, password, settings, keys };
}

/** Who this board is, kept in its store; asks until somebody has said it. `show({code} or {trouble})` is for people. */
export async function identityOf(given) {
  const kept = await given.store.get("identity");
  if (kept) return kept;
  for (;;) {
    try {
      const identity = await once(given);
      if (identity) {
        await given.store.put("identity", identity);
        return identity;
      }
    } catch (error) {
      console.warn("not enrolled", error);
      given.show({ trouble: true });
      await pause(AGAIN);
    }
  }
}
