import { doChangeDefaultSets, doDeleteSet, doListSet, findSetByName, listDefaultSets, listNewestSets } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

const KINDS = { stickers: 'stickers', emoji: 'custom emoji', masks: 'masks' } as const;

type FoundSet = NonNullable<Awaited<ReturnType<typeof findSetByName>>>;

async function requireSet(db: Database, name: string): Promise<FoundSet> {
  const set = await findSetByName(db, name);
  if (set === undefined) throw new Error(`nobody has made a sticker set called ${name}`);
  return set;
}

/** `aerogram stickers show`: whose a sticker set is, and what is in it. */
export function showSet(options: CliOptions, name: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { shortName, title, kind, count, made } = await requireSet(db, name);
    const lines = [`${shortName}: ${title}`, `${count} ${KINDS[kind]} of account ${made.creatorId}${made.makerId === made.creatorId ? '' : `, made by bot ${made.makerId}`}`];
    return { value: { name: shortName, title, kind, count, owner_id: made.creatorId.toString(), maker_id: made.makerId.toString() }, lines };
  });
}

/** `aerogram stickers delete`: deletes a sticker set. Messages keep its stickers. */
export function deleteSet(options: CliOptions, name: string, isConfirmed: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    const set = await requireSet(db, name);
    if (!isConfirmed) throw new Error(`the set ${set.shortName} with ${set.count} ${KINDS[set.kind]} would be deleted for good; say --yes to do it`);
    await doDeleteSet(db, set, systemClock.now());
    return { value: { deleted: set.shortName }, lines: [`deleted ${set.shortName}; messages keep its stickers, whose files "aerogram blobs delete" takes away`] };
  });
}

/** `aerogram stickers list`: the sets that people and bots have made last. */
export function listSets(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const sets = await listNewestSets(db, limit + 1);
    const shown = sets.slice(0, limit);
    const lines = shown.map(({ set, isListed }) => `${set.shortName}: ${set.count} ${KINDS[set.kind]} of account ${set.made.creatorId}${isListed ? ', found by everybody' : ''}`);
    if (shown.length === 0) lines.push('nobody has made a sticker set');
    if (sets.length > limit) lines.push(`there are more; --limit shows more than ${limit}`);
    return { value: shown.map(({ set, isListed }) => ({ name: set.shortName, title: set.title, kind: set.kind, count: set.count, owner_id: set.made.creatorId.toString(), listed: isListed })), lines };
  });
}

/** `aerogram stickers list-in-search` and `unlist`: lets everybody find a set in a search, or no longer. */
export function listInSearch(options: CliOptions, name: string, isListed: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    const set = await requireSet(db, name);
    await doListSet(db, set, { isListed, nowDate: systemClock.now() });
    return { value: { name: set.shortName, listed: isListed }, lines: [isListed ? `everybody finds ${set.shortName}` : `only who has ${set.shortName}, or writes its whole name, finds it`] };
  });
}

/** `aerogram stickers default`: shows or changes the sets of those who have not changed their list. */
export function changeDefaultSets(options: CliOptions, { add, remove }: { add?: string; remove?: string }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const name = add ?? remove;
    if (name !== undefined) {
      const set = await doChangeDefaultSets(db, { name, isAdded: add !== undefined, nowDate: systemClock.now() });
      if (set === undefined) throw new Error(`there is no sticker set called ${name}`);
      return { value: { name: set.shortName, default: add !== undefined }, lines: [`who has not changed the list of ${KINDS[set.kind]} has ${set.shortName}${add === undefined ? ' no longer' : ''}`] };
    }
    const lists = await listDefaultSets(db);
    const lines = (['stickers', 'emoji', 'masks'] as const).map((kind) => `${KINDS[kind]}: ${lists[kind].length === 0 ? 'none' : lists[kind].join(', ')}`);
    return { value: lists, lines };
  });
}
