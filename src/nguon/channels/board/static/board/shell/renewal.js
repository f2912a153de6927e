/* Keeps the page itself current: a page that is open for months never asks by itself. */

const ASK_EVERY = 3_600_000; // ms between two looks for a new version
const LOOK_EVERY = 5_000; // ms between two looks whether nothing is on the screen

export class Renewal {
  #registration = null;

  /** `idle()`: whether the page may be exchanged now. */
  constructor(worker, idle) {
    this.idle = idle;
    this.begun = this.#begin(worker).catch((error) => console.warn("the page is not kept here", error));
  }

  async #begin(worker) {
    const follows = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => follows && location.reload());
    this.#registration = await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
    setInterval(() => this.ask(), ASK_EVERY * (0.8 + 0.4 * Math.random())); // not all boards at once
    setInterval(() => this.idle() && this.take(), LOOK_EVERY);
  }

  /** Look for a new version. */
  ask() {
    return this.#registration.update().catch((error) => console.warn("no new version", error));
  }

  /** Exchange the page for the new version that is whole and waits, if there is one. */
  take() {
    this.#registration?.waiting?.postMessage("take over");
  }
}
