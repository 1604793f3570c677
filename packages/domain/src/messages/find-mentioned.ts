import { defineStatement, type Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { OutgoingPart } from './outgoing.ts';

const findNamed = defineStatement<{ peer_id: bigint }>(
  'find_named_users',
  'SELECT peer_id FROM usernames WHERE name = ANY ($1::text[]) AND confirmed AND peer_id > 0',
);

/**
 * Adds to the parts of a send in a group whom each of them mentions. Parts that mention nobody stay as they are. The entities are those that
 * the server rebuilt, so their number is bounded.
 */
export function addMentioned(db: Pick<Database, 'run'>, parts: readonly OutgoingPart[]): Promise<OutgoingPart[]> {
  return Promise.all(
    parts.map(async (part) => {
      const mentioned = await findMentioned(db, part.text, part.extra.entities ?? []);
      return mentioned.size === 0 ? part : { ...part, mentioned };
    }),
  );
}

/** The users whom a text mentions, by id or by username. Names that nobody has are left out. */
export async function findMentioned(db: Pick<Database, 'run'>, text: string, entities: readonly tl.MessageEntity[]): Promise<Set<bigint>> {
  const ids = entities.flatMap((entity) => (entity._ === 'messageEntityMentionName' ? [entity.user_id] : []));
  const names = entities.flatMap(({ _, offset, length }) => (_ === 'messageEntityMention' ? [text.slice(offset + 1, offset + length).toLowerCase()] : []));
  if (names.length === 0) return new Set(ids);
  const { rows } = await db.run(findNamed, [[...new Set(names)]]);
  return new Set([...ids, ...rows.map((row) => row.peer_id)]);
}
