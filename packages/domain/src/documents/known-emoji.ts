import { type Database, defineStatement } from '@aerogram/storage';

import { isBundledEmoji } from './bundled-emoji.ts';

/** The number of custom emoji among the kinds of sets. */
const EMOJI_KIND = 2;
/** No text and no keyboard has more; of longer lists, the rest counts as unknown. */
const IDS_MAX = 2000;

const findRows = defineStatement<{ document_id: bigint }>('find_custom_emoji', `SELECT document_id FROM sticker_documents WHERE document_id = ANY ($1::bigint[]) AND kind = ${EMOJI_KIND}`);

/** Those of these ids that are custom emoji which this server has: those that ship with it, and those of sets that people have made, also after they have left their set. */
export async function findKnownEmoji(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<ReadonlySet<bigint>> {
  const [known, others] = [new Set<bigint>(), new Set<bigint>()];
  for (const id of ids.slice(0, IDS_MAX)) (isBundledEmoji(id) ? known : others).add(id);
  if (others.size > 0) for (const row of (await db.run(findRows, [[...others]])).rows) known.add(row.document_id);
  return known;
}

/** Whether this is the id of a custom emoji that this server has. */
export async function isKnownEmoji(db: Pick<Database, 'run'>, id: bigint): Promise<boolean> {
  return isBundledEmoji(id) || (await findKnownEmoji(db, [id])).size > 0;
}
