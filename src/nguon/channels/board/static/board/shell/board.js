/* One board: the core joined to its line, its store, its files and its player. */

import { bytesOf } from "../wire/bytes.js";
import { doorsOf } from "../wire/doors.js";
import { Line } from "../wire/line.js";
import { PLAN_LIMIT, decodePlan } from "../wire/shapes.js";
import { Untrusted, anchored, planOf } from "../wire/trust.js";
import { layOut } from "../core/agenda.js";
import { dueAt, presence, step } from "../core/core.js";
import { hear } from "../core/hear.js";
import { forbids } from "../core/right.js";
import { believing, fresh } from "../core/state.js";
import { EMERGENCY, hashOf } from "../core/units.js";
import { Fetcher } from "./fetcher.js";
import { Hour } from "./hour.js";
import { lightOf } from "./light.js";
import { Camera } from "./photo.js";
import { Scenes } from "./scenes.js";
import { authorizationOf, hasStanding } from "./standing.js";
import { Tally } from "./tally.js";

const PREFIX = "nguon/1";
const TICK = 1_000; // ms between two looks at the clock, at most
const SHORTEST = 10; // and at least, should the core ask for the past
const CLOCK_EVERY = 600_000; // ms between two looks at the server's clock

const lean = (message) => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null && value !== ""));
const encoded = (message) => bytesOf(JSON.stringify(lean(message)));

export class Board {
  #todo = [];
  #saving = false;
  #heard = Promise.resolve();
  #tick = 0;
  #hour = new Hour();
  #metered = 0;
  #asking = false;
  #disowned = false;
  #ended = false;
  #watch = 0;

  /** `identity`: {device, password, settings, keys}. `player`: {start(effect, bytes, tell), stop()}.

     `gone()`: the broker and the server know us no more, and no warning is on; we have ended. */
  constructor({ identity, server, store, shelf, player, software, gone = () => {} }) {
    Object.assign(this, { identity, server, store, shelf, player, software, gone });
    const { device, password } = identity;
    const shared = { shelf, server, authorization: authorizationOf(identity), now: () => this.#hour.now() };
    const needed = () => this.#needed();
    const lost = (sha256) => this.tell({ type: "gone", sha256 });
    this.files = new Fetcher({ ...shared, needed, gone: lost, tell: (sha256, refused) => this.#came(sha256, refused) });
    this.plans = new Fetcher({ ...shared, needed, gone: lost, tell: (sha256, refused) => this.#planCame(sha256, refused) });
    this.light = 100; // percent: how bright it shows
    this.camera = new Camera({ server, identity, store, hour: this.#hour });
    this.tally = new Tally({ server, identity, store, hour: this.#hour });
    const show = (scene, pages) => this.player.scene?.(scene, pages);
    this.scenes = new Scenes({ ...shared, device, store, show, needed, gone: lost });
    this.line = new Line(doorsOf(server), device, password, {
      up: () => {
        this.#disowned = false;
        this.tally.back();
        this.tell({ type: "connected" });
      },
      down: () => this.tell({ type: "disconnected" }),
      refused: () => this.#doubted(),
      heard: (data) => this.#hear(data),
      will: () => ({ topic: this.#up("presence"), payload: encoded(presence(this.state, false, this.#hour.now())) }),
    });
  }

  /** Be the board, until the page is closed. */
  async start() {
    performance.setResourceTimingBufferSize(0); // nobody asks how long each file took, and the list grows for ever
    this.state = await this.#remembered();
    this.player.place?.(this.state.settings.right?.area ?? null);
    this.scenes.begin(this.state.settings.scene ?? null);
    const moved = await this.#hour.ask(this.server);
    this.tell({ type: "restored", checked: moved !== null });
    this.line.open();
    this.camera.open();
    this.tally.open();
    this.#watch = setInterval(() => this.#askTime(), CLOCK_EVERY);
  }

  /** Whether the page may be exchanged: nothing is on the screen. */
  get idle() {
    return !this.state?.sounding && !this.#warns();
  }

  /** Whether the screen is ours at this moment: one of somebody else is not outside the hours of its right. */
  may() {
    return Boolean(this.state) && !forbids(this.state, this.#hour.now());
  }

  #warns() {
    return Object.values(this.state.held).some((one) => one.order.level >= EMERGENCY);
  }

  /** The broker does not let us in. It may only be late, or begin anew: the server's word counts. */
  async #doubted() {
    if (this.#asking || this.#disowned) return;
    this.#asking = true;
    this.#disowned = (await hasStanding(this.server, this.identity, this.state.agenda?.sha256)) === false;
    this.#asking = false;
    this.#leave();
  }

  /** Go, when we are known no more; a warning is shown to its end first. */
  #leave() {
    if (!this.#disowned || this.#ended || this.#warns()) return;
    this.#ended = true;
    clearTimeout(this.#tick);
    clearInterval(this.#watch);
    this.line.end();
    this.camera.end();
    this.tally.end();
    this.player.stop();
    this.gone();
  }

  /** The time it goes by, ms. */
  now() {
    return this.#hour.now();
  }

  async #remembered() {
    const { device, settings, keys } = this.identity;
    const kept = await this.store.get("state");
    if (kept?.device !== device) return fresh({ device, settings, ring: anchored(keys), software: this.software });
    const agenda = kept.agenda && (await this.#agenda(kept.agenda, kept.ring).catch(() => null));
    return { ...believing(kept, anchored(keys)), agenda, plan: agenda ? kept.plan : 0, software: this.software };
  }

  /** Let the core take one event, and do what it asks. */
  tell(event) {
    if (this.#ended) return;
    if (this.#hour.doubts()) this.#askTime();
    const by = this.#hour.follow();
    if (by) this.#take({ type: "clock-moved", by, checked: false });
    if (this.#metered) {
      const used = this.#metered;
      this.#metered = 0;
      this.#take({ type: "metered", used });
    }
    this.#take(event);
    this.#work();
    this.#see();
    this.#setTick();
    this.#leave();
  }

  /** What goes by how the screen stands: at each event, and so each second. */
  #see() {
    const { sounding, settings } = this.state;
    this.light = lightOf(this.state, this.#hour.now());
    this.player.dim?.(this.light);
    this.camera.look(settings.photos ?? null, sounding?.started ? sounding.broadcast : null);
  }

  #take(event) {
    const { state, effects } = step(this.state, event, this.#hour.now());
    const before = this.state.settings;
    this.state = state;
    if (state.settings !== before) this.#settled(state.settings);
    if (event.type === "clock-moved") this.player.clockMoved?.();
    for (const effect of effects) {
      if (effect.do === "stop") {
        this.#todo = this.#todo.filter((one) => one.do !== "start" || one.go !== effect.go);
        this.player.stop(); // a dark screen waits for no disk
      } else if (effect.do === "start" && effect.order.level >= EMERGENCY) {
        this.#play(effect); // nor does a warning
      } else {
        this.#todo.push(effect);
      }
    }
  }

  #settled(settings) {
    this.player.place?.(settings.right?.area ?? null);
    this.scenes.want(settings.scene ?? null);
    this.player.look?.();
  }

  /** Do what is to be done, in order; what stands behind a save waits for it. */
  #work() {
    while (!this.#saving && this.#todo.length) {
      const effect = this.#todo.shift();
      if (effect.do === "save") this.#save();
      else this.#do(effect);
    }
  }

  async #save() {
    this.#saving = true;
    this.#todo = this.#todo.filter((one) => one.do !== "save"); // the newest state covers every save asked for
    const { agenda, ...rest } = this.state;
    try {
      await this.#put({ ...rest, agenda: agenda && { sha256: agenda.sha256, size: agenda.size } });
    } catch (error) {
      console.warn("the state could not be saved", error);
    }
    this.#saving = false;
    this.#work();
  }

  /** On a full disk files that nobody needs go first. */
  async #put(state) {
    try {
      await this.store.put("state", state);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      for (const sha256 of await this.shelf.keepOnly(this.#needed())) this.tell({ type: "gone", sha256 });
      await this.store.put("state", state);
    }
  }

  #do(effect) {
    const doing = {
      send: ({ what, message }) => this.#send(what, message),
      start: (one) => this.#play(one),
      fetch: ({ content, until }) => this.files.fetch(content, until),
      "fetch-plan": ({ document, until }) => this.plans.fetch(document, until),
      look: ({ contents }) => this.#look(contents),
      subscribe: ({ areas }) => this.#subscribe(areas),
      proof: ({ broadcast }) => this.tell({ type: "proof-sent", broadcast }),
      "ask-time": () => this.#askTime(),
      log: ({ level, words }) => console[level === "warning" ? "warn" : "debug"](words),
    };
    doing[effect.do](effect);
  }

  #up(what) {
    return `${PREFIX}/dev/${this.identity.device}/up/${what}`;
  }

  #send(what, message) {
    const bytes = encoded(message);
    this.#metered += bytes.length;
    this.line.publish(this.#up(what), bytes, what === "presence");
  }

  #subscribe(areas) {
    const own = `${PREFIX}/dev/${this.identity.device}/down`;
    this.line.subscribe([own, ...areas.map((area) => `${PREFIX}/area/${area}/${this.state.channel}`)]);
  }

  /** One after the other: who is believed may change with each. */
  #hear(data) {
    this.#metered += data.length;
    this.#heard = this.#heard
      .then(() => hear(this.state.ring, data, this.#hour.now()))
      .then((event) => this.tell(event))
      .catch((error) => console.error("a message could not be taken", error));
  }

  async #play(effect) {
    const bytes = effect.order.content && (await this.shelf.read(effect.order.content));
    if (this.state.sounding?.go !== effect.go) return; // stopped meanwhile
    this.player.start(effect, bytes, (event) => this.tell({ ...event, go: effect.go }));
  }

  #came(sha256, refused) {
    if (refused) this.tell({ type: "fetch-failed", sha256, reason: refused.reason, detail: refused.message });
    else this.tell({ type: "fetched", sha256 });
  }

  async #planCame(sha256, refused) {
    if (refused) return this.tell({ type: "plan-failed", sha256, detail: refused.message });
    const document = this.state.announced?.document;
    if (document?.sha256 !== sha256) return undefined;
    try {
      return this.tell({ type: "plan-came", agenda: await this.#agenda(document, this.state.ring) });
    } catch (error) {
      const doubt = error instanceof Untrusted ? error.reason : null;
      return this.tell({ type: "plan-failed", sha256, detail: String(error), unreadable: true, doubt });
    }
  }

  /** The plan of a document that is here; null if it is not. Throws Malformed, Untrusted. */
  async #agenda(document, ring) {
    const bytes = await this.shelf.read(document);
    if (bytes === null || bytes.length > 2 * PLAN_LIMIT) return null;
    const plan = decodePlan(await planOf(ring, bytes, this.#hour.now()));
    return { ...layOut(plan, document.sha256, "board"), size: document.size };
  }

  async #look(contents) {
    for (const [index, content] of contents.entries()) {
      const here = (await this.shelf.read(content)) !== null;
      const all = index === contents.length - 1;
      if (here || all) this.tell({ type: "here", sha256s: here ? [content.sha256] : [], all });
    }
  }

  #needed() {
    const { agenda, announced, held } = this.state;
    const files = agenda ? agenda.needs.map((need) => need.content.sha256) : [];
    const orders = Object.values(held).map((one) => hashOf(one.order));
    return new Set([...files, ...orders, ...this.scenes.needed(), agenda?.sha256, announced?.document.sha256]);
  }

  async #askTime() {
    const by = await this.#hour.ask(this.server);
    if (by !== null && (by !== 0 || !this.state.checked)) this.tell({ type: "clock-moved", by, checked: true });
  }

  #setTick() {
    clearTimeout(this.#tick);
    const now = this.#hour.now();
    const wait = Math.min(dueAt(this.state, now) - now, TICK);
    this.#tick = setTimeout(() => this.tell({ type: "tick" }), Math.max(wait, SHORTEST));
  }
}
