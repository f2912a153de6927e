/* Photos of the screen that the office wants. A page cannot see itself: it asks whoever watches its browser (`nguon agent kiosk`),
   who looks each second for `wants` and calls `taken`. The page sends them itself, as who it is; without network, later. */

import { fromBase64 } from "../wire/bytes.js";
import { authorizationOf } from "./standing.js";

const LOOK = 500; // ms between two looks whether it came
const PATIENCE = 60_000; // ms for one photo
const UNWATCHED = 10_000; // ms after which nobody watches whom we have not seen
const TRIES = 3; // as long as what is shown changes meanwhile
const KEPT = 5; // that wait for the network
const SPREAD = 20_000; // ms within which many boards send what they took at the same moment
const FIRST_WAIT = 2_000; // ms, doubled
const SLOWEST = 600_000;
const SEND_WITHIN = 60_000;
const AGAIN = new Set([401, 404, 408, 425, 429]); // of the 4xx: the row of a broadcast is written after the order
const UNKNOWN = 8; // so often: then the server does not know the broadcast at all

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const watched = () => "__nguonKiosk" in globalThis;

export class Camera {
  wants = ""; // id of the photo that is waited for
  #kept = null; // {answered: the newest request that was answered, at: when one was last taken by itself, waiting: photos}
  #shown = null;
  #came = null;
  #busy = false;
  #sending = false;
  #ended = false;

  /** `hour`: the clock. */
  constructor({ server, identity, store, hour }) {
    Object.assign(this, { server, identity, store, hour });
  }

  /** Begin with what was kept. */
  async open() {
    const found = await this.store.get("photos").catch(() => null);
    const mine = found?.device === this.identity.device;
    this.#kept = mine ? found : { device: this.identity.device, answered: null, at: 0, waiting: [] };
    this.#send();
  }

  /** How it stands: the photos of the settings, and the broadcast that is on the screen or null. */
  look(photos, shown) {
    this.#shown = shown;
    if (!this.#kept || this.#busy || this.#ended) return;
    const asked = photos?.asked ?? null;
    if (asked !== null && asked !== this.#kept.answered) this.#take(asked);
    else if (photos?.every && shown && this.#isDue(photos.every)) this.#take(null);
  }

  /** Whoever watches took it. `seen`: picture, blank, still, off. `jpeg`: base64, empty if none came. */
  taken(id, seen, jpeg) {
    if (id === this.wants && id) this.#came = { seen, jpeg: fromBase64(jpeg) };
  }

  /** The board is nobody any more. */
  end() {
    this.#ended = true;
  }

  /** Only by a clock that was checked: it is to be known when it was taken. */
  #isDue(minutes) {
    return this.hour.checked && Math.abs(this.hour.now() - this.#kept.at) >= minutes * 60_000;
  }

  async #take(asked) {
    this.#busy = true;
    try {
      const found = await this.#seen();
      const at = this.hour.now();
      if (asked !== null) this.#kept.answered = asked;
      else this.#kept.at = at;
      if (found || asked !== null) this.#keep({ asked, at: this.hour.checked ? at : null, ...found });
      await this.#save();
    } finally {
      this.#busy = false;
    }
    this.#send();
  }

  #keep({ asked, at, seen = "none", jpeg = new Uint8Array(), broadcast = null }) {
    const id = crypto.randomUUID().replaceAll("-", "");
    this.#kept.waiting = [...this.#kept.waiting, { id, asked, at, seen, jpeg, broadcast, tries: 0 }].slice(-KEPT);
  }

  /** A photo with the broadcast that was on the screen before it and after; null if nobody takes one. */
  async #seen() {
    let found = null;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const broadcast = this.#shown;
      const shot = await this.#shot();
      if (!shot) return found;
      const same = broadcast === this.#shown;
      found = { ...shot, broadcast: same ? broadcast : null };
      if (same) break;
    }
    return found;
  }

  async #shot() {
    this.#came = null;
    this.wants = crypto.randomUUID().replaceAll("-", "");
    for (let waited = 0; !this.#came && waited < (watched() ? PATIENCE : UNWATCHED); waited += LOOK) await pause(LOOK);
    this.wants = "";
    return this.#came;
  }

  async #save() {
    try {
      await this.store.put("photos", this.#kept);
    } catch (error) {
      console.warn("photos could not be kept", error); // they are sent all the same, if the power stays
    }
  }

  /** One after the other, until none is left. */
  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    let wait = FIRST_WAIT;
    while (this.#kept.waiting.length && !this.#ended) {
      const [first] = this.#kept.waiting;
      if (first.asked === null && !first.tries) await pause(Math.random() * SPREAD);
      if (await this.#isDone(first)) {
        this.#kept.waiting = this.#kept.waiting.filter((one) => one !== first);
        await this.#save();
        wait = FIRST_WAIT;
      } else {
        await pause(wait);
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    this.#sending = false;
  }

  /** Whether nothing is left to do for it. */
  async #isDone(photo) {
    photo.tries += 1;
    const status = await this.#put(photo);
    if (status === 404 && photo.tries >= UNKNOWN) return true;
    return (status >= 200 && status < 300) || (status >= 400 && status < 500 && !AGAIN.has(status));
  }

  /** The status of the answer; 0 for none. */
  async #put({ id, at, asked, broadcast, seen, jpeg }) {
    const url = new URL(`/api/1/photo/${id}`, this.server);
    const said = { at, asked, broadcast, seen };
    for (const [name, value] of Object.entries(said)) if (value !== null) url.searchParams.set(name, value);
    try {
      const { status } = await fetch(url, {
        method: "PUT",
        headers: { Authorization: authorizationOf(this.identity), "Content-Type": "image/jpeg" },
        body: jpeg,
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(SEND_WITHIN),
      });
      return status;
    } catch {
      return 0;
    }
  }
}
