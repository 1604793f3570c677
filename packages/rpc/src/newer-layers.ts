import type { Logger } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';

/** How many layers are told of. A client may name any number, and each would be a line in the log. */
const TOLD_MAX = 16;

/** Tells the operator, once for each layer, that clients speak a newer layer than this program knows. */
export class NewerLayers {
  readonly #log: Logger;
  readonly #told = new Set<number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Notes the layer of a client. */
  note(layer: number): void {
    if (layer <= LAYER || this.#told.has(layer) || this.#told.size === TOLD_MAX) return;
    this.#told.add(layer);
    this.#log.warn(
      { event: 'newer_layer', layer, served: LAYER },
      'clients speak a newer layer than this program: they may miss messages and updates whose form has changed since, and are refused what they ask for in newer forms; a newer program may know the layer',
    );
  }
}
