import type { PeerId, ViewName, ViewPatches, Views } from '../../protocol/index.ts';
import type { Changes } from '../store/changes.ts';

/** Something that a page keeps open. */
export interface View<Name extends ViewName = ViewName> {
  /** Whose messages, facts or members it shows. */
  readonly peer?: PeerId;
  /** Loads what it shows. What it knows at once is in the first patch. */
  start(): Promise<void>;
  /** Notes what has changed in the store. */
  notice(changes: Changes): void;
  /** What to tell the page since the last call; undefined if nothing has changed. */
  takePatch(): ViewPatches[Name] | undefined;
  /** The peers that a patch names, which the page has to know first. */
  peersOf(patch: ViewPatches[Name]): Iterable<PeerId>;
  close(): void;
}

/** A view whose patch has the values that have changed. */
export class Values<Shown extends object> {
  #changed: Partial<Shown> = {};

  set(values: Partial<Shown>): void {
    Object.assign(this.#changed, values);
  }

  take(): Partial<Shown> | undefined {
    const taken = this.#changed;
    if (Object.keys(taken).length === 0) return undefined;
    this.#changed = {};
    return taken;
  }
}

export type Said<Name extends ViewName> = Views[Name]['say'];
