import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { AccessUser } from '../access/index.ts';

/** The users whom the author of a text may name in it. */
export interface MentionAccess {
  /** The id of the user that an InputUser names. @throws RpcError when the author may not name that user */
  accessMention(user: tl.InputUser): Promise<bigint>;
  /** Returns those of these ids that the author may name without an access hash. */
  listNameable(ids: readonly bigint[]): Promise<ReadonlySet<bigint>>;
}

const findAcquainted = defineStatement<{ user_id: bigint }>(
  'find_acquainted',
  `SELECT w.user_id FROM unnest($2::bigint[]) AS w (user_id)
    WHERE EXISTS (SELECT FROM contacts c WHERE c.owner_id = $1 AND c.user_id = w.user_id)
       OR EXISTS (SELECT FROM dialogs d WHERE d.owner_id = $1 AND d.peer_id = w.user_id)`,
);

/**
 * Makes the rule of whom one author may name. An id alone is accepted only where the server gave it to the author before: for the author,
 * a contact, somebody the author has a dialog with, or somebody whom the text that is being changed names already. Clients send such ids
 * when they send a text back as they got it.
 * @param listNamed entities that the server showed to the author in the same place; called only when an id is not known otherwise
 */
export function createMentionAccess(
  deps: { db: Pick<Database, 'run'>; accessUser: Pick<AccessUser, 'accessInputUser'> },
  authorId: bigint,
  listNamed: () => Promise<readonly tl.MessageEntity[]>,
): MentionAccess {
  return {
    accessMention: async (user) => (await deps.accessUser.accessInputUser(authorId, user)).user_id,
    async listNameable(ids) {
      const { rows } = await deps.db.run(findAcquainted, [authorId, [...new Set(ids)]]);
      const nameable = new Set([authorId, ...rows.map((row) => row.user_id)]);
      if (ids.every((id) => nameable.has(id))) return nameable;
      for (const entity of await listNamed()) if (entity._ === 'messageEntityMentionName') nameable.add(entity.user_id);
      return nameable;
    },
  };
}
