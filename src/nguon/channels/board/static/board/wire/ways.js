/* By which way a line is dialled: a WebSocket, or requests where WebSockets are kept out. Pure rules. */

export const TRIES = 3; // that fail in a row before the other way is taken
export const AGAIN = 600_000; // ms between two looks, on the second way, whether the first is free

/** `by`: "socket" or "requests"; `failed`: tries in a row; `look`: when to look whether a WebSocket gets through, ms. */
export const first = () => ({ by: "socket", failed: 0, look: null });

/** The state after something happened at `now` (ms of any clock that never goes back).

   carried: the broker answered, whatever it said. told: the server itself said why it does not carry us. away: a try
   failed, and the server answers nothing else either. failed: a try failed, and the server does answer. shut, free: what
   a look found. */
export function after(state, happened, now) {
  const { by, failed, look } = state;
  const rules = {
    carried: () => ({ by, failed: 0, look: by === "socket" ? null : (look ?? now + AGAIN) }),
    told: () => ({ ...state, failed: 0 }),
    away: () => state,
    failed: () => (failed + 1 < TRIES ? { ...state, failed: failed + 1 } : other(state)),
    shut: () => ({ ...state, look: now + AGAIN }),
    free: () => ({ by: "socket", failed: TRIES - 1, look: null }), // it has to carry at once, or we are back
  };
  return rules[happened]();
}

const other = ({ by }) => ({ by: by === "socket" ? "requests" : "socket", failed: 0, look: null });

/** Whether it is time to look. */
export const due = ({ look }, now) => look !== null && now >= look;
