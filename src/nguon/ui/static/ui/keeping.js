/* Recordings kept in this browser while they are made, until their form is saved: a page that dies takes none with it.

   A page holds a lock for each of its recordings. One whose lock is free is of a page that is gone: it is offered again. */

const NAME = "nguon-recordings";
const DAYS = 3;
const { person } = document.body.dataset;

let opened;

/* Rejects where the browser gives no room for it: everything works then, without being kept. */
function database() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.addEventListener("upgradeneeded", () => {
      asked.result.createObjectStore("takes", { keyPath: "id" });
      asked.result.createObjectStore("parts", { autoIncrement: true }).createIndex("take", "take");
    });
    asked.addEventListener("success", () => done(asked.result));
    asked.addEventListener("error", () => fail(asked.error));
  });
  return opened;
}

const answer = (request) =>
  new Promise((done, fail) => {
    request.addEventListener("success", () => done(request.result));
    request.addEventListener("error", () => fail(request.error));
  });

const hold = (id) => void navigator.locks.request(`${NAME}-${id}`, () => new Promise(() => undefined));

/** Keep what comes of one recording: `add(blob, facts)` each second, facts being seconds, tops, clipped. */
export class Kept {
  constructor(type) {
    this.take = { id: crypto.randomUUID(), person, at: Date.now(), type };
    hold(this.take.id);
  }

  async add(data, facts) {
    try {
      const both = (await database()).transaction(["takes", "parts"], "readwrite");
      both.objectStore("takes").put({ ...this.take, ...facts });
      both.objectStore("parts").add({ take: this.take.id, data });
    } catch {
      /* no room: what is in this page is still here */
    }
  }
}

async function parts(db, id) {
  const found = await answer(db.transaction("parts").objectStore("parts").index("take").getAll(id));
  return found.map(({ data }) => data);
}

/** Let go of a recording. */
export async function forget(id) {
  try {
    const both = (await database()).transaction(["takes", "parts"], "readwrite");
    both.objectStore("takes").delete(id);
    const keys = await answer(both.objectStore("parts").index("take").getAllKeys(id));
    for (const key of keys) both.objectStore("parts").delete(key);
  } catch {
    /* there was none */
  }
}

/** Its form is on the way: it is offered again only where that form was refused. */
export async function sent(id) {
  try {
    const takes = (await database()).transaction("takes", "readwrite").objectStore("takes");
    const take = await answer(takes.get(id));
    if (take) takes.put({ ...take, sent: true });
  } catch {
    /* there was none */
  }
}

/** Recordings of this person that a page left behind, newest last: [{ id, at, type, seconds, tops, clipped, data }].
    What was sent has arrived, unless the form was `refused`. */
export async function left(refused) {
  try {
    const db = await database();
    const found = await answer(db.transaction("takes").objectStore("takes").getAll());
    const taken = new Set((await navigator.locks.query()).held.map(({ name }) => name));
    const free = found.filter(({ id }) => !taken.has(`${NAME}-${id}`));
    const gone = (take) => take.at < Date.now() - DAYS * 86_400_000 || (take.sent && !refused);
    for (const { id } of free.filter(gone)) forget(id);
    const ours = free.filter((take) => take.person === person && !gone(take));
    for (const { id } of ours) hold(id);
    const whole = ours.map(async (take) => ({ ...take, data: await parts(db, take.id) }));
    return (await Promise.all(whole)).sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}
