import type { Location, WebLocation } from '../models/location.ts';

/** More than the pictures of all results that a bot may offer at once. */
const KEPT = 200;

/** Where files are that belong to no message, such as pictures of invite links: the last ones that were shown. */
export class ShownFiles {
  #locations = new Map<string, Location | WebLocation>();

  note(locations: Record<string, Location | WebLocation>): void {
    for (const [id, location] of Object.entries(locations)) {
      // Those that were noted last stay longest.
      this.#locations.delete(id);
      this.#locations.set(id, location);
    }
    for (const id of [...this.#locations.keys()].slice(0, -KEPT)) this.#locations.delete(id);
  }

  find(id: string): Location | WebLocation | undefined {
    return this.#locations.get(id);
  }
}
