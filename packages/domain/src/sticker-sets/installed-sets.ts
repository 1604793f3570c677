import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BoxWriter, Origin } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { BUNDLED_DATE } from '../documents/index.ts';
import { DEFAULT_SETS, type SetKind } from './default-sets.ts';
import { type InstalledRow, listInstalledRows, type ListPlace, saveInstalledRows } from './installed-store.ts';
import type { ServedSet } from './served-set.ts';
import type { SetCatalogue } from './set-catalogue.ts';

/** Maximum number of sets of a kind that somebody has, not counting archived ones. Those that were installed first are archived when another one comes. */
export const INSTALLED_MAX = 200;
/** Maximum number of archived sets of a kind; those that were archived first go. */
const ARCHIVED_MAX = 200;

/** A set in the list of somebody. */
export interface InstalledSet {
  set: ServedSet;
  /** When it was installed or archived, in Unix seconds. */
  date: number;
  isArchived: boolean;
}

/** Who changes their lists. */
export interface SetsChange {
  ownerId: bigint;
  /** The device that is not told of the change, because it has made it. */
  origin: Origin | undefined;
}

/** What happens to sets of a list. */
export type SetAction = 'uninstall' | 'archive' | 'unarchive';

/** The flags by which updates name a kind. Pure. */
function flagsOf(kind: SetKind): { masks?: true; emojis?: true } {
  return kind === 'masks' ? { masks: true } : kind === 'emoji' ? { emojis: true } : {};
}

/** The lists of sticker sets that people have. Whoever has not changed a list has that of the server. */
export class InstalledSets {
  readonly #deps: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>;
  readonly #sets: Pick<SetCatalogue, 'listed' | 'findById'>;

  constructor(deps: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>, sets: Pick<SetCatalogue, 'listed' | 'findById'>) {
    this.#deps = deps;
    this.#sets = sets;
  }

  /** Lists the sets that somebody has, archived ones too, in the order of the list. Those that the server does not have any more are left out. */
  list(ownerId: bigint, kind: SetKind): Promise<InstalledSet[]> {
    return this.#read(this.#deps.db, { ownerId, kind });
  }

  /**
   * Puts a set at the beginning of the list, or into the archive. Nothing happens if it is there already.
   * @returns the sets that were archived to make room
   */
  async doInstall(change: SetsChange, set: ServedSet, isArchived: boolean): Promise<ServedSet[]> {
    let archived: ServedSet[] = [];
    await this.#change(change, set.kind, (before, date) => {
      archived = [];
      if (before.some((one) => one.set === set && one.isArchived === isArchived)) return undefined;
      const after = [{ set, date, isArchived }, ...before.filter((one) => one.set !== set)];
      archived = after.filter((one) => !one.isArchived).slice(INSTALLED_MAX).map((one) => one.set);
      // Not `updateNewStickerSet`, which names all documents: whoever installs and removes sets would make a difference that no device can load.
      const updates = [listChanged(set.kind)];
      return { after: [...after.filter((one) => archived.includes(one.set)).map((one) => ({ ...one, date, isArchived: true })), ...after.filter((one) => !archived.includes(one.set))], updates };
    });
    return archived;
  }

  /** Removes, archives or unarchives sets. Those that somebody does not have are passed over, and those that are there already stay as they are. */
  async doAct(change: SetsChange, sets: readonly ServedSet[], action: SetAction): Promise<void> {
    for (const kind of new Set(sets.map((one) => one.kind))) {
      await this.#change(change, kind, (before, date) => {
        const isArchived = action === 'archive';
        const moved = before.filter((one) => sets.includes(one.set) && (action === 'uninstall' || one.isArchived !== isArchived));
        if (moved.length === 0) return undefined;
        const others = before.filter((one) => !moved.includes(one));
        const active = others.filter((one) => !one.isArchived).length;
        const room = action === 'unarchive' ? Math.max(0, INSTALLED_MAX - active) : moved.length;
        const stay = action === 'unarchive' ? moved.slice(room) : [];
        const placed = action === 'uninstall' ? [] : moved.slice(0, room).map(({ set }) => ({ set, date, isArchived }));
        return { after: [...placed, ...stay, ...others], updates: [listChanged(kind)] };
      });
    }
  }

  /** Orders the list. Ids of sets that are not in it are left out; sets that are not named follow in their order. */
  doReorder(change: SetsChange, kind: SetKind, order: readonly bigint[]): Promise<void> {
    return this.#change(change, kind, (before) => {
      const active = before.filter((one) => !one.isArchived);
      const named = [...new Set(order)].flatMap((id) => active.find(({ set }) => set.id === id) ?? []);
      const ordered = [...named, ...active.filter((one) => !named.includes(one))];
      if (ordered.every((one, at) => one === active[at])) return undefined;
      const update: tl.updateStickerSetsOrder = { _: 'updateStickerSetsOrder', ...flagsOf(kind), order: ordered.map(({ set }) => set.id) };
      return { after: [...ordered, ...before.filter((one) => one.isArchived)], updates: [update] };
    });
  }

  async #read(db: Pick<Database, 'run'>, place: ListPlace): Promise<InstalledSet[]> {
    const sets = this.#sets;
    const rows = await listInstalledRows(db, place);
    if (rows !== undefined) return rows.flatMap(({ setId, ...state }) => {
      const set = sets.findById(setId);
      return set === undefined ? [] : [{ set, ...state }];
    });
    const listed = DEFAULT_SETS[place.kind].flatMap((name) => sets.listed.find(({ shortName }) => shortName === name) ?? []);
    return listed.map((set) => ({ set, date: BUNDLED_DATE, isArchived: false }));
  }

  /** Changes a list, and tells the other devices. @param make what becomes of the list; undefined if it stays as it is */
  async #change({ ownerId, origin }: SetsChange, kind: SetKind, make: (before: readonly InstalledSet[], date: number) => { after: readonly InstalledSet[]; updates: readonly tl.Update[] } | undefined): Promise<void> {
    const place = { ownerId, kind };
    await this.#deps.writeBoxes('change-sticker-sets', [ownerId], async (tx, boxes, date) => {
      const change = make(await this.#read(tx, place), date);
      if (change === undefined) return;
      await saveInstalledRows(tx, place, rowsOf(change.after));
      boxes.addLoose(ownerId, date, origin, change.updates);
    });
  }
}

/** The rows of a list, with as many archived sets as are kept. Pure. */
function rowsOf(list: readonly InstalledSet[]): InstalledRow[] {
  const archived = list.filter((one) => one.isArchived).slice(0, ARCHIVED_MAX);
  return list.flatMap((one) => (one.isArchived && !archived.includes(one) ? [] : [{ setId: one.set.id, isArchived: one.isArchived, date: one.date }]));
}

function listChanged(kind: SetKind): tl.updateStickerSets {
  return { _: 'updateStickerSets', ...flagsOf(kind) };
}
