import type { Database } from '@aerogram/storage';

import { isOffered, openEmojiPack } from '../documents/index.ts';
import { DEFAULT_SETS, EVERYBODYS_LIST, findMadeSets, type InstalledRow, listInstalledRows, saveInstalledRows, type SetKind } from '../sticker-sets/index.ts';
import { noteOperator } from './operator-log-store.ts';

const KINDS: readonly SetKind[] = ['stickers', 'emoji', 'masks'];

/** A set by which an operator changes the list. */
interface NamedSet {
  id: bigint;
  kind: SetKind;
  shortName: string;
}

/** The sets that ship with the server and that people may have. */
const shipped = (): NamedSet[] => openEmojiPack().sets.filter(isOffered);

/** Finds a set that ships with the server, or that somebody has made, by its short name in any case. */
async function findAnySet(db: Pick<Database, 'run'>, name: string): Promise<NamedSet | undefined> {
  const key = name.toLowerCase();
  return shipped().find(({ shortName }) => shortName.toLowerCase() === key) ?? (await findMadeSets(db, { nameKeys: [key] }))[0];
}

async function listIds(db: Pick<Database, 'run'>, kind: SetKind): Promise<bigint[]> {
  const rows = await listInstalledRows(db, { ownerId: EVERYBODYS_LIST, kind });
  if (rows !== undefined) return rows.map(({ setId }) => setId);
  return DEFAULT_SETS[kind].flatMap((name) => shipped().find(({ shortName }) => shortName === name)?.id ?? []);
}

/** The short names of the sets that people have who have not changed their list, by kind and in their order. Sets that are gone are left out. */
export async function listDefaultSets(db: Pick<Database, 'run'>): Promise<Record<SetKind, string[]>> {
  const named = async (kind: SetKind): Promise<string[]> => {
    const ids = await listIds(db, kind);
    const known = new Map([...shipped(), ...(await findMadeSets(db, { ids }))].map((set) => [set.id, set.shortName]));
    return ids.flatMap((id) => known.get(id) ?? []);
  };
  const [stickers, emoji, masks] = await Promise.all(KINDS.map(named));
  return { stickers: stickers!, emoji: emoji!, masks: masks! };
}

/**
 * Puts a set at the end of the list that people have who have not changed theirs, or takes it off, and notes it.
 * @returns the set; undefined if there is none of this name
 */
export async function doChangeDefaultSets(db: Pick<Database, 'transact'>, { name, isAdded, nowDate }: { name: string; isAdded: boolean; nowDate: number }): Promise<NamedSet | undefined> {
  return db.transact('change-default-sets', async (tx) => {
    const set = await findAnySet(tx, name);
    if (set === undefined) return undefined;
    const others = (await listIds(tx, set.kind)).filter((id) => id !== set.id);
    const rows = (isAdded ? [...others, set.id] : others).map((setId): InstalledRow => ({ setId, isArchived: false, date: nowDate }));
    await saveInstalledRows(tx, { ownerId: EVERYBODYS_LIST, kind: set.kind }, rows);
    await noteOperator(tx, `${isAdded ? 'give' : 'no longer give'} the sticker set ${set.shortName} to all who have not changed their sets`, nowDate);
    return set;
  });
}
