import { SERVICE_USER_IDS } from '@aerogram/cluster';
import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';

/** Somebody whom another one wants to add to a group. */
export interface Invitee {
  userId: bigint;
  /** Why they are left out, if their privacy settings do not let them be added. */
  missing: tl.missingInvitee | undefined;
  /** The two have each other as contacts. */
  isMutual: boolean;
  /** Why the actor may not add them alone; of many, they are added all the same. */
  refusal: ErrorName | undefined;
}

/**
 * Reads who may be added to a group by somebody.
 * @throws RpcError 400 INPUT_USER_DEACTIVATED, USER_ID_INVALID for accounts of the service, which have no box
 */
export function findInvitees(
  { users, privacy }: { users: Pick<Users, 'findRelation'>; privacy: Pick<Privacy, 'mayInvite'> },
  actorId: bigint,
  rows: readonly UserRow[],
): Promise<Invitee[]> {
  for (const { user_id: userId, deleted } of rows) {
    if (SERVICE_USER_IDS.has(userId)) throw rpcError('USER_ID_INVALID');
    if (deleted) throw rpcError('INPUT_USER_DEACTIVATED');
  }
  return Promise.all(
    rows.map(async ({ user_id: userId }) => {
      const [relation, isAllowed] = await Promise.all([users.findRelation(actorId, userId), privacy.mayInvite(userId, actorId)]);
      return {
        userId,
        missing: isAllowed ? undefined : { _: 'missingInvitee', user_id: userId },
        isMutual: relation.contact?.mutual === true,
        refusal: relation.blocks ? 'YOU_BLOCKED_USER' : undefined,
      };
    }),
  );
}
