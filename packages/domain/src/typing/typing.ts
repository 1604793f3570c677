import type { tl } from '@aerogram/tl';

import type { ResolvedChannel, ResolvedChat, ResolvedPeer } from '../access/index.ts';
import { listMemberIds } from '../chats/index.ts';
import { publishChannelTransient, publishTransient } from '../events/index.ts';
import { findCopies, findMessage, type MessagingDeps } from '../messages/index.ts';
import { readPairFacts } from '../moderation/index.ts';
import { rebuildAction } from './rebuild-action.ts';

/** Shows the other side of a chat what a user is doing now. */
export interface Typing {
  /**
   * Shows an action to the peer's online devices; nothing is stored. It is shown only to a peer who has the sender as a contact or has a
   * dialog with messages with the sender, and never if one blocked the other. The sender does not learn whether it was shown.
   * @throws RpcError 420 FLOOD_WAIT, 400 EMOTICON_INVALID, DATA_JSON_INVALID
   */
  doShow(senderId: bigint, peer: ResolvedPeer, action: tl.SendMessageAction): Promise<void>;
}

/** Creates the typing operation. */
export function createTyping(deps: Pick<MessagingDeps, 'db' | 'bus' | 'users' | 'sendLimits'>): Typing {
  const { db, bus, users, sendLimits } = deps;

  const isShown = async (senderId: bigint, peerId: bigint): Promise<boolean> => {
    const { blocks, blockedBy, reverse } = await users.findRelation(senderId, peerId);
    if (blocks || blockedBy) return false;
    return reverse !== undefined || (await readPairFacts(db, peerId, senderId)).has_dialog;
  };

  /** Translates the message id in an emoji interaction to the receiver's own message id. */
  const translate = async (senderId: bigint, peerId: bigint, action: tl.SendMessageAction): Promise<tl.SendMessageAction | undefined> => {
    if (action._ !== 'sendMessageEmojiInteraction') return action;
    const own = await findMessage(db.q, senderId, action.msg_id);
    const [copy] = own?.peer_id === peerId ? await findCopies(db.q, [peerId], [own.global_id]) : [];
    return copy && { ...action, msg_id: copy.msg_id };
  };

  /** In a basic group everybody in it sees it; what names messages by the ids of one box does not. */
  const showInChat = async (senderId: bigint, { chatId, member }: ResolvedChat, action: tl.SendMessageAction): Promise<void> => {
    if (member.status !== 'member' || action._ === 'sendMessageEmojiInteraction') return;
    const update: tl.updateChatUserTyping = { _: 'updateChatUserTyping', chat_id: chatId, from_id: { _: 'peerUser', user_id: senderId }, action };
    for (const owner of await listMemberIds(db, chatId)) {
      if (owner !== senderId) publishTransient(bus, owner, update);
    }
  };

  /** In a supergroup those members see it who are online. Posts of a broadcast channel are nobody's. */
  const showInChannel = (senderId: bigint, { channelId, peerId, row, member }: ResolvedChannel, action: tl.SendMessageAction): void => {
    if (row.kind === 'broadcast' || member?.status !== 'member' || action._ === 'sendMessageEmojiInteraction') return;
    publishChannelTransient(bus, peerId, { _: 'updateChannelUserTyping', channel_id: channelId, from_id: { _: 'peerUser', user_id: senderId }, action });
  };

  return {
    async doShow(senderId, peer, action) {
      const rebuilt = rebuildAction(action);
      if (peer.isSelf || rebuilt === undefined) return;
      sendLimits.checkTyping(senderId, peer.peerId);
      if (peer.kind === 'chat') return showInChat(senderId, peer, rebuilt);
      if (peer.kind === 'channel') return showInChannel(senderId, peer, rebuilt);
      if (!(await isShown(senderId, peer.userId))) return;
      const shown = await translate(senderId, peer.userId, rebuilt);
      if (shown === undefined) return;
      const update: tl.updateUserTyping = { _: 'updateUserTyping', user_id: senderId, action: shown };
      publishTransient(bus, peer.userId, update);
    },
  };
}
