/* The scene of a board: fetched with all its pages before it takes the place of the one before, and kept for days without network. */

import { documentOf } from "../show/document.js";
import { drawnPictures } from "../show/pictures.js";
import { decodeScene } from "../wire/shapes.js";
import { Fetcher } from "./fetcher.js";

const AGAIN = 600_000; // ms after the server refused a part: it is asked once more
const PATIENCE = 30 * 86_400_000; // ms that a part is tried for

const pagesOf = (scene) => new Map(scene.regions.flatMap(({ items }) => items.map(({ page }) => [page.sha256, page])));

/** Without the items of which a page is no document: the others go on. */
function readable(scene, documents) {
  const sound = ({ page }) => documents.has(page.sha256);
  return { ...scene, regions: scene.regions.map((region) => ({ ...region, items: region.items.filter(sound) })) };
}

export class Scenes {
  #wanted = null; // the file the settings name
  #shown = new Set(); // the hashes of what is on the glass
  #coming = new Set(); // and of what is being brought
  #lacking = new Set();
  #work = Promise.resolve();
  #again = 0;

  /** `show(scene, pages)`: it is all here; null: there is none. The others are those of a Fetcher. */
  constructor({ device, store, show, ...shared }) {
    Object.assign(this, { device, store, show, shelf: shared.shelf, now: shared.now });
    this.files = new Fetcher({ ...shared, tell: (sha256, refused) => this.#came(sha256, refused) });
  }

  /** Show what was shown before the power went, then what the settings want. */
  begin(document) {
    this.#do(async () => {
      const kept = await this.store.get("scene");
      if (kept?.device === this.device && kept.document) await this.#stand(kept.document);
    });
    this.want(document);
  }

  /** The settings name this scene, or none. */
  want(document) {
    this.#do(() => {
      if (this.#wanted && document?.sha256 === this.#wanted.sha256) return undefined;
      clearTimeout(this.#again);
      this.#wanted = document;
      this.#coming = new Set();
      this.#lacking = new Set();
      return document ? this.#bring() : this.#end();
    });
  }

  /** Hashes that may not be thrown away. */
  needed() {
    return [...this.#shown.union(this.#coming)];
  }

  /** One after the other; what fails is told, and the scene that stands goes on. */
  #do(work) {
    this.#work = this.#work.then(work).catch((error) => console.warn("the scene could not be shown", error));
  }

  async #bring() {
    const lacking = await this.#stand(this.#wanted);
    this.#lacking = new Set(lacking.map(({ sha256 }) => sha256));
    for (const file of lacking) this.files.fetch(file, this.now() + PATIENCE);
  }

  /** Show this scene if all of it is here; else what is not. */
  async #stand(document) {
    this.#coming = new Set([document.sha256]);
    const bytes = await this.shelf.read(document);
    if (bytes === null) return [document];
    const scene = decodeScene(bytes);
    const pages = [...pagesOf(scene).values()];
    pages.forEach(({ sha256 }) => this.#coming.add(sha256));
    const [lacking, documents] = [[], new Map()];
    for (const page of pages) {
      const found = await this.shelf.read(page);
      if (found === null) lacking.push(page);
      else await this.#read(page, found, documents);
    }
    if (lacking.length) return lacking;
    this.#shown = this.#coming;
    this.show(readable(scene, documents), documents);
    await this.store.put("scene", { device: this.device, document });
    return [];
  }

  async #read({ sha256 }, bytes, documents) {
    try {
      const document = documentOf(bytes);
      documents.set(sha256, { ...document, drawn: await drawnPictures(document.pictures) });
    } catch (error) {
      console.warn("a page of the scene is no document", sha256, error);
    }
  }

  #end() {
    this.#shown = new Set();
    this.show(null);
    return this.store.put("scene", null);
  }

  #came(sha256, refused) {
    this.#do(() => {
      if (!this.#lacking.delete(sha256)) return undefined; // of a scene that is no longer wanted
      if (refused) {
        console.warn("a part of the scene does not come", sha256, refused);
        clearTimeout(this.#again);
        this.#again = setTimeout(() => this.#do(() => this.#bring()), AGAIN);
        return undefined;
      }
      return this.#lacking.size ? undefined : this.#bring();
    });
  }
}
