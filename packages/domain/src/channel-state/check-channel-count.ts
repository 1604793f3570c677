import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { countFollowedChannels } from '../dialogs/index.ts';

/**
 * Checks that users may become members of one more supergroup or channel. The caller must hold the locks of their boxes.
 * @param actorId who creates, joins or invites
 * @param max number of channels that one user may be in
 * @throws RpcError 400 CHANNELS_TOO_MUCH for the actor, USER_CHANNELS_TOO_MUCH for somebody else
 */
export async function checkChannelCount(tx: Tx, actorId: bigint, userIds: readonly bigint[], max: number): Promise<void> {
  for (const [userId, count] of await countFollowedChannels(tx, userIds)) {
    if (count >= max) throw rpcError(userId === actorId ? 'CHANNELS_TOO_MUCH' : 'USER_CHANNELS_TOO_MUCH');
  }
}
