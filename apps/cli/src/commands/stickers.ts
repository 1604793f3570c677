import { doDeleteSet, findSetByName } from '@aerogram/domain';
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
