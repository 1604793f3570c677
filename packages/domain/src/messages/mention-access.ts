import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { AccessUser } from '../access/index.ts';
import { findKnownEmoji } from '../documents/index.ts';

/** Checks which users the author of a text may mention, and which custom emoji there are. */
export interface MentionAccess {
  /**
   * Returns the id of the user that an InputUser refers to.
   * @throws RpcError when the author may not mention that user
   */
  accessMention(user: tl.InputUser): Promise<bigint>;
  /** Returns those ids that the author may mention without an access hash. */
  listNameable(ids: readonly bigint[]): Promise<ReadonlySet<bigint>>;
  /** Returns those of these ids by which this server knows a custom emoji. */
  listEmoji(ids: readonly bigint[]): Promise<ReadonlySet<bigint>>;
}

const findAcquainted = defineStatement<{ user_id: bigint }>(
  'find_acquainted',
  `SELECT w.user_id FROM unnest($2::bigint[]) AS w (user_id)
    WHERE EXISTS (SELECT FROM contacts c WHERE c.owner_id = $1 AND c.user_id = w.user_id)
       OR EXISTS (SELECT FROM dialogs d WHERE d.owner_id = $1 AND d.peer_id = w.user_id)`,
);

/**
 * Creates the mention check for one author. Clients send bare user ids when they send back a text as they received it, so an id alone is
 * accepted only if the server has given it to the author before: the author's own id, a contact, a user with whom the author has a dialog,
 * or a user mentioned in the text that is being changed.
 * @param listNamed the entities that the server showed to the author in the same place; called only for ids that are otherwise unknown
 */
export function createMentionAccess(
  deps: { db: Pick<Database, 'run'>; accessUser: Pick<AccessUser, 'accessInputUser'> },
  authorId: bigint,
  listNamed: () => Promise<readonly tl.MessageEntity[]>,
): MentionAccess {
  return {
    accessMention: async (user) => (await deps.accessUser.accessInputUser(authorId, user)).user_id,
    listEmoji: (ids) => findKnownEmoji(deps.db, ids),
    async listNameable(ids) {
      const { rows } = await deps.db.run(findAcquainted, [authorId, [...new Set(ids)]]);
      const nameable = new Set([authorId, ...rows.map((row) => row.user_id)]);
      if (ids.every((id) => nameable.has(id))) return nameable;
      for (const entity of await listNamed()) if (entity._ === 'messageEntityMentionName') nameable.add(entity.user_id);
      return nameable;
    },
  };
}
