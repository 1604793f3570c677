import { SERVICE_USER_IDS } from '@aerogram/cluster';
import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { SendLimits } from '../moderation/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';

/** A person who is to be added to a group. */
export interface Invitee {
  userId: bigint;
  /** Why they are left out, if their privacy settings do not let them be added. */
  missing: tl.missingInvitee | undefined;
  /** The two have each other as contacts. */
  isMutual: boolean;
  /** The error of adding this person alone. When several people are added at once, it is ignored. */
  refusal: ErrorName | undefined;
}

/** The dependencies of {@link findInvitees}. */
export interface InviteeDeps {
  users: Pick<Users, 'findRelation'>;
  privacy: Pick<Privacy, 'mayInvite'>;
  sendLimits: Pick<SendLimits, 'checkFirstContact'>;
}

/**
 * Reads which people the actor may add to a group. Strangers among them count as people to whom the actor writes first, because a group with a title
 * and messages reaches them as a message does.
 * @throws RpcError 400 INPUT_USER_DEACTIVATED, USER_ID_INVALID (for service accounts, because they have no box), PEER_FLOOD (too many strangers today)
 */
export async function findInvitees(
  { users, privacy, sendLimits }: InviteeDeps,
  actorId: bigint,
  rows: readonly UserRow[],
): Promise<Invitee[]> {
  for (const { user_id: userId, deleted } of rows) {
    if (SERVICE_USER_IDS.has(userId)) throw rpcError('USER_ID_INVALID');
    if (deleted) throw rpcError('INPUT_USER_DEACTIVATED');
  }
  const invitees = await Promise.all(
    rows.map(async ({ user_id: userId }): Promise<Invitee> => {
      const [relation, isAllowed] = await Promise.all([users.findRelation(actorId, userId), privacy.mayInvite(userId, actorId)]);
      return {
        userId,
        missing: isAllowed ? undefined : { _: 'missingInvitee', user_id: userId },
        isMutual: relation.contact?.mutual === true,
        refusal: relation.blocks ? 'YOU_BLOCKED_USER' : undefined,
      };
    }),
  );
  const open = new Set(invitees.filter((one) => one.missing === undefined).map((one) => one.userId));
  // One after the other, because each stranger is counted under the lock of the actor's counter.
  for (const row of rows) {
    const { user_id: userId } = row;
    if (open.has(userId)) await sendLimits.checkFirstContact(actorId, { kind: 'user', userId, peerId: userId, isSelf: userId === actorId, row });
  }
  return invitees;
}
