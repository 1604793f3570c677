import type { Location } from '../models/location.ts';

const KEPT = 50;

/** Where files are that belong to no message, such as pictures of invite links: the last ones that were shown. */
export class ShownFiles {
  #locations = new Map<string, Location>();

  note(locations: Record<string, Location>): void {
    for (const [id, location] of Object.entries(locations)) this.#locations.set(id, location);
    for (const id of [...this.#locations.keys()].slice(0, -KEPT)) this.#locations.delete(id);
  }

  find(id: string): Location | undefined {
    return this.#locations.get(id);
  }
}
