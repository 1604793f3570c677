import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import type { UserHint } from '../events/index.ts';
import { findCopy, findMessage, type MessagingDeps } from '../messages/index.ts';
import { readPairFacts } from '../moderation/index.ts';
import { rebuildAction } from './rebuild-action.ts';

/** What somebody is doing just now, as the other side of a chat sees it. */
export interface Typing {
  /**
   * Shows an action to the devices of the peer that are online; nothing is stored. Only those see it who have the sender as a contact or have a
   * chat with messages of the two, and nobody where one blocked the other. The sender is not told who sees it.
   * @throws RpcError 420 FLOOD_WAIT, 400 EMOTICON_INVALID, DATA_JSON_INVALID
   */
  doShow(senderId: bigint, peer: ResolvedPeer, action: tl.SendMessageAction): Promise<void>;
}

/** Makes the subject of typing. */
export function createTyping(deps: Pick<MessagingDeps, 'db' | 'bus' | 'users' | 'sendLimits'>): Typing {
  const { db, bus, users, sendLimits } = deps;

  const isShown = async (senderId: bigint, peerId: bigint): Promise<boolean> => {
    const { blocks, blockedBy, reverse } = await users.findRelation(senderId, peerId);
    if (blocks || blockedBy) return false;
    return reverse !== undefined || (await readPairFacts(db, peerId, senderId)).has_dialog;
  };

  /** An interaction names a message by the receiver's own id. */
  const translate = async (senderId: bigint, peerId: bigint, action: tl.SendMessageAction): Promise<tl.SendMessageAction | undefined> => {
    if (action._ !== 'sendMessageEmojiInteraction') return action;
    const own = await findMessage(db.q, senderId, action.msg_id);
    const copy = own?.peer_id === peerId ? await findCopy(db.q, peerId, own.global_id) : undefined;
    return copy && { ...action, msg_id: copy.msg_id };
  };

  return {
    async doShow(senderId, peer, action) {
      const rebuilt = rebuildAction(action);
      if (peer.isSelf || rebuilt === undefined) return;
      sendLimits.checkTyping(senderId, peer.userId);
      if (!(await isShown(senderId, peer.userId))) return;
      const shown = await translate(senderId, peer.userId, rebuilt);
      if (shown === undefined) return;
      const update: tl.updateUserTyping = { _: 'updateUserTyping', user_id: senderId, action: shown };
      bus.publish(userTopic(peer.userId), { kind: 'transient', owner: peer.userId, update } satisfies UserHint);
    },
  };
}
