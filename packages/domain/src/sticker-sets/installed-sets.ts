import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Boxes, BoxWriter, Origin } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { BUNDLED_DATE } from '../documents/index.ts';
import { DEFAULT_SETS, type SetKind } from './default-sets.ts';
import { type InstalledRow, listInstalledRows, type ListPlace, saveInstalledRows } from './installed-store.ts';
import type { MadeSets } from './made-sets.ts';
import type { SetHead } from './served-set.ts';
import type { SetCatalogue } from './set-catalogue.ts';

/** Maximum number of sets of a kind that somebody has, not counting archived ones. Those that were installed first are archived when another one comes. */
export const INSTALLED_MAX = 200;
/** Maximum number of archived sets of a kind; those that were archived first go. */
const ARCHIVED_MAX = 200;

/** A set in the list of somebody. */
export interface InstalledSet {
  set: SetHead;
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

/** The open box of the owner of a list. */
export interface OpenBox {
  tx: Tx;
  boxes: Pick<Boxes, 'addLoose'>;
  /** Unix seconds. */
  date: number;
}

/** What becomes of a list, and what the other devices are told; undefined if it stays as it is. */
type MakeList = (before: readonly InstalledSet[], date: number) => { after: readonly InstalledSet[]; updates: readonly tl.Update[] } | undefined;

/** The flags by which updates name a kind. Pure. */
function flagsOf(kind: SetKind): { masks?: true; emojis?: true } {
  return kind === 'masks' ? { masks: true } : kind === 'emoji' ? { emojis: true } : {};
}

/** The lists of sticker sets that people have. Whoever has not changed a list has that of the server. */
export class InstalledSets {
  readonly #deps: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>;
  readonly #sets: Pick<SetCatalogue, 'listed' | 'findById'>;
  readonly #made: Pick<MadeSets, 'findHeads'>;

  constructor(deps: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>, sets: Pick<SetCatalogue, 'listed' | 'findById'>, made: Pick<MadeSets, 'findHeads'>) {
    this.#deps = deps;
    this.#sets = sets;
    this.#made = made;
  }

  /** Lists the sets that somebody has, archived ones too, in the order of the list. Those that the server does not have any more are left out. */
  list(ownerId: bigint, kind: SetKind): Promise<InstalledSet[]> {
    return this.#read(this.#deps.db, { ownerId, kind });
  }

  /**
   * Puts a set at the beginning of the list, or into the archive. Nothing happens if it is there already.
   * @returns the sets that were archived to make room
   */
  async doInstall(change: SetsChange, set: SetHead, isArchived: boolean): Promise<SetHead[]> {
    return this.#deps.writeBoxes('install-sticker-set', [change.ownerId], (tx, boxes, date) => this.installIn({ tx, boxes, date }, change, set, isArchived));
  }

  /** The same within a transaction that has opened the box of the owner. */
  async installIn(opened: OpenBox, change: SetsChange, set: SetHead, isArchived = false): Promise<SetHead[]> {
    let archived: SetHead[] = [];
    await this.#changeIn(opened, { ...change, kind: set.kind }, (before, date) => {
      if (before.some((one) => one.set.id === set.id && one.isArchived === isArchived)) return undefined;
      const after = [{ set, date, isArchived }, ...before.filter((one) => one.set.id !== set.id)];
      archived = after.filter((one) => !one.isArchived).slice(INSTALLED_MAX).map((one) => one.set);
      // Not `updateNewStickerSet`, which names all documents: whoever installs and removes sets would make a difference that no device can load.
      const updates = [listChanged(set.kind)];
      return { after: [...after.filter((one) => archived.includes(one.set)).map((one) => ({ ...one, date, isArchived: true })), ...after.filter((one) => !archived.includes(one.set))], updates };
    });
    return archived;
  }

  /** Removes, archives or unarchives sets. Those that somebody does not have are passed over, and those that are there already stay as they are. */
  async doAct(change: SetsChange, sets: readonly SetHead[], action: SetAction): Promise<void> {
    const ids = new Set(sets.map(({ id }) => id));
    for (const kind of new Set(sets.map((one) => one.kind))) {
      await this.#change(change, kind, (before, date) => {
        const isArchived = action === 'archive';
        const moved = before.filter((one) => ids.has(one.set.id) && (action === 'uninstall' || one.isArchived !== isArchived));
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

  /** Puts a set at the beginning of the list, because its owner has just used it. Nothing happens if it is there already, is archived, or is not in the list. */
  async doMoveUp(change: SetsChange, { id, kind }: Pick<SetHead, 'id' | 'kind'>): Promise<void> {
    const findUsed = (list: readonly InstalledSet[]): InstalledSet | undefined => {
      const active = list.filter((one) => !one.isArchived);
      return active.find((one, at) => one.set.id === id && at > 0);
    };
    // Apps ask for this with nearly every sticker, and mostly nothing moves: then the box of the owner is not locked.
    if (findUsed(await this.list(change.ownerId, kind)) === undefined) return;
    await this.#change(change, kind, (before) => {
      const used = findUsed(before);
      if (used === undefined) return undefined;
      const update: tl.updateMoveStickerSetToTop = { _: 'updateMoveStickerSetToTop', ...flagsOf(kind), stickerset: id };
      return { after: [used, ...before.filter((one) => one !== used)], updates: [update] };
    });
  }

  async #read(db: Pick<Database, 'run'>, place: ListPlace): Promise<InstalledSet[]> {
    const sets = this.#sets;
    // Those of the owner, or of the list that an operator has made for everybody.
    const rows = await listInstalledRows(db, place);
    if (rows !== undefined) {
      const made = await this.#made.findHeads(rows.map(({ setId }) => setId).filter((id) => sets.findById(id) === undefined));
      return rows.flatMap(({ setId, ...state }) => {
        const set = sets.findById(setId) ?? made.get(setId);
        return set === undefined ? [] : [{ set, ...state }];
      });
    }
    const listed = DEFAULT_SETS[place.kind].flatMap((name) => sets.listed.find(({ shortName }) => shortName === name) ?? []);
    return listed.map((set) => ({ set, date: BUNDLED_DATE, isArchived: false }));
  }

  /** Changes a list, and tells the other devices. @param make what becomes of the list; undefined if it stays as it is */
  #change(change: SetsChange, kind: SetKind, make: MakeList): Promise<void> {
    return this.#deps.writeBoxes('change-sticker-sets', [change.ownerId], (tx, boxes, date) => this.#changeIn({ tx, boxes, date }, { ...change, kind }, make));
  }

  async #changeIn({ tx, boxes, date }: OpenBox, { ownerId, origin, kind }: SetsChange & { kind: SetKind }, make: MakeList): Promise<void> {
    const place = { ownerId, kind };
    const change = make(await this.#read(tx, place), date);
    if (change === undefined) return;
    await saveInstalledRows(tx, place, rowsOf(change.after));
    boxes.addLoose(ownerId, date, origin, change.updates);
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
