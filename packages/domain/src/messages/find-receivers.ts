import { type RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { BoxPeer } from '../access/index.ts';
import { type ChatAction, findChatMembers, findChatRows, findRefusal, listMemberIds, standingIn } from '../chats/index.ts';
import { hasChosenPage, withoutPreview } from './allowed-preview.ts';
import { findBarrier } from './find-barrier.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';
import { placesInChat, placesOf } from './places.ts';
import { sendActionsOf } from './send-action.ts';

/** The places that get messages, the messages without link previews that their author may not show, and the error if they may not be sent. */
export type Receivers = Pick<Outgoing, 'places' | 'refusal' | 'chatVersion' | 'parts'>;

/**
 * Finds the places that get messages sent to a peer. For a basic group the result is only valid while the group has the returned
 * `chatVersion`, which the send checks under the locks.
 */
export async function findReceivers(
  deps: Pick<MessagingDeps, 'homes'> & { db: Pick<Database, 'run'>; users: Pick<MessagingDeps['users'], 'findRelation' | 'findRows'> },
  senderId: bigint,
  peer: BoxPeer,
  { parts, nowDate }: { parts: OutgoingPart[]; nowDate: number },
): Promise<Receivers> {
  if (peer.kind === 'user') {
    const { refusal, withheld } = await findBarrier(deps.users, senderId, peer.userId);
    const isElsewhere = deps.homes?.dcOf(peer.peerId) !== undefined;
    return { places: placesOf(senderId, peer.peerId, withheld === true || isElsewhere), refusal, parts };
  }
  const { chatId, peerId } = peer;
  // The version is read before the members: if they change in between, the version differs when the send checks it.
  const [chat] = await findChatRows(deps.db, [chatId]);
  if (chat === undefined) throw rpcError('CHAT_ID_INVALID');
  const [memberIds, [member]] = await Promise.all([listMemberIds(deps.db, chatId), findChatMembers(deps.db, [{ id: chatId, userId: senderId }])]);
  const standing = standingIn(chat, member, nowDate);
  const actionsOf = (part: OutgoingPart): ChatAction[] => (hasChosenPage(part) ? [...sendActionsOf(part), 'embed_links'] : sendActionsOf(part));
  const error = parts.flatMap(actionsOf).map((action) => findRefusal(standing, action)).find((name) => name !== undefined);
  const refusal: RpcError | undefined = error && rpcError(error as 'CHAT_WRITE_FORBIDDEN');
  const allowed = parts.map((part) => withoutPreview(standing, part));
  return { places: placesInChat(senderId, peerId, memberIds), refusal, chatVersion: chat.version, parts: allowed };
}
