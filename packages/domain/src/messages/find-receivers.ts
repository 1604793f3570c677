import { type RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { BoxPeer, ResolvedChat } from '../access/index.ts';
import { type ChatAction, findChatMembers, findChatRows, findRefusal, listMemberIds, standingIn } from '../chats/index.ts';
import { hasChosenPage, withoutPreview } from './allowed-preview.ts';
import { type Barrier, type BarrierReader, findBarrier } from './find-barrier.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';
import { placesInChat, placesOf } from './places.ts';
import { sendActionsOf } from './send-action.ts';

/** The places that get messages, the messages without link previews that their author may not show, and the error if they may not be sent. */
export type Receivers = Pick<Outgoing, 'places' | 'refusal' | 'chatVersion' | 'parts'>;

interface FindingDeps extends Pick<MessagingDeps, 'homes'> {
  db: Pick<Database, 'run'>;
  users: BarrierReader;
}

/** The messages that are to be sent, and the time, in unix seconds. */
interface Sending {
  parts: OutgoingPart[];
  nowDate: number;
}

/**
 * Finds the places that get messages sent to a peer. For a basic group the result is only valid while the group has the returned
 * `chatVersion`, which the send checks under the locks.
 * @returns at once if nothing has to be read
 */
export function findReceivers(deps: FindingDeps, senderId: bigint, peer: BoxPeer, sending: Sending): Receivers | Promise<Receivers> {
  if (peer.kind === 'chat') return findInChat(deps, senderId, peer, sending);
  const receive = ({ refusal, withheld }: Barrier): Receivers => {
    const isElsewhere = deps.homes?.dcOf(peer.peerId) !== undefined;
    return { places: placesOf(senderId, peer.peerId, withheld === true || isElsewhere), refusal, parts: sending.parts };
  };
  const barrier = findBarrier(deps.users, senderId, peer.userId);
  return barrier instanceof Promise ? barrier.then(receive) : receive(barrier);
}

async function findInChat(deps: FindingDeps, senderId: bigint, peer: ResolvedChat, { parts, nowDate }: Sending): Promise<Receivers> {
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
