import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import type { Channels } from '../channels/index.ts';
import { type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { findCallbackButton } from '../keyboards/index.ts';
import { findCopies, findMessage } from '../messages/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import type { Users } from '../users/index.ts';
import type { InlineMessage } from './inline-ids.ts';

/** A button that somebody pressed. */
export interface Press {
  userId: bigint;
  /** The bot that wrote the message, or via which it was sent. */
  botId: bigint;
  /** The message as the bot has it, with the marked peer of the chat; or the message that was sent via the bot. */
  message: { peerId: bigint; msgId: number } | InlineMessage;
  /** Stands for the chat: the same for all messages there. */
  chat: string;
  button: tl.inlineButtonTypeCallback;
}

/** What {@link findPressed} reads. */
export interface PressedDeps {
  db: Database;
  users: Pick<Users, 'findRows'>;
  channels: Pick<Channels, 'at'>;
}

/**
 * Finds the button that somebody presses: one of a message that both the person and the bot have, or that was sent via the bot.
 * @param data what the button is to have; only what is stored counts
 * @throws RpcError 400 MESSAGE_ID_INVALID, BOT_INVALID (the author, or the bot via which it was sent, is no bot any more), DATA_INVALID (no such button)
 */
export async function findPressed(deps: PressedDeps, userId: bigint, { peer, msgId, data }: { peer: ResolvedPeer; msgId: number; data: Uint8Array }): Promise<Press> {
  const found = peer.kind === 'channel' ? await findInChannel(deps, userId, peer.channelId, msgId) : await findInBoxes(deps, userId, peer.peerId, msgId);
  if (found === undefined) throw rpcError('MESSAGE_ID_INVALID');
  const { row, ...pressed } = found;
  const bot = (await deps.users.findRows([pressed.botId])).get(pressed.botId);
  if (bot?.bot !== true || bot.deleted) throw rpcError('BOT_INVALID');
  const button = findCallbackButton(unpackMessageExtra(row.extra).replyMarkup, data);
  if (button === undefined) throw rpcError('DATA_INVALID');
  return { userId, ...pressed, button };
}

/** A message with a keyboard. */
interface Found extends Pick<Press, 'botId' | 'message' | 'chat'> {
  row: MessageRow | PostRow;
}

async function findInBoxes({ db }: PressedDeps, userId: bigint, peerId: bigint, msgId: number): Promise<Found | undefined> {
  const row = await findMessage(db.q, userId, msgId);
  if (row?.peer_id !== peerId) return undefined;
  // The message is from a service account, which has no box and so no copy of its own. In Saved Messages the sender is the user, who has one.
  if (row.from_id === peerId && peerId !== userId && otherBoxOf(userId, peerId) === undefined) return { row, botId: row.from_id, message: { peerId, msgId }, chat: String(peerId) };
  const [copy] = await findCopies(db.q, [row.from_id], [row.global_id]);
  if (copy === undefined) return undefined;
  const { viaBotId } = unpackMessageExtra(row.extra);
  if (viaBotId === undefined) return { row, botId: row.from_id, message: { peerId: copy.peer_id, msgId: copy.msg_id }, chat: String(copy.peer_id) };
  // Each of the two people in a private chat has another peer id for it, so both ids together name the chat.
  const chat = peerId < 0n ? String(peerId) : [userId, peerId].map(String).toSorted().join(' ');
  return { row, botId: viaBotId, message: { ownerId: copy.owner_id, msgId: copy.msg_id }, chat };
}

async function findInChannel({ channels }: PressedDeps, userId: bigint, channelId: bigint, msgId: number): Promise<Found | undefined> {
  const { posts } = channels.at(channelId);
  const row = (await posts.find(userId, [msgId])).get(msgId);
  if (row === undefined) return undefined;
  const chat = String(row.peer_id);
  const { viaBotId } = unpackMessageExtra(row.extra);
  if (viaBotId !== undefined) return { row, botId: viaBotId, message: { ownerId: row.peer_id, msgId }, chat };
  const copy = (await posts.find(row.poster_id, [msgId])).get(msgId);
  return copy && { row, botId: row.poster_id, message: { peerId: copy.peer_id, msgId: copy.msg_id }, chat };
}
