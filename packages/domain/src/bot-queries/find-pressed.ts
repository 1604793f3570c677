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

/** A button that somebody pressed. */
export interface Press {
  userId: bigint;
  /** The bot that wrote the message. */
  botId: bigint;
  /** Marked peer of the chat as the bot sees it. */
  botPeerId: bigint;
  /** The message as the bot numbers it. */
  botMsgId: number;
  button: tl.keyboardButtonCallback;
}

/** What {@link findPressed} reads. */
export interface PressedDeps {
  db: Database;
  users: Pick<Users, 'findRows'>;
  channels: Pick<Channels, 'at'>;
}

/**
 * Finds the button that somebody presses: one of a message that both the person and the bot have.
 * @param data what the button is to have; only what is stored counts
 * @throws RpcError 400 MESSAGE_ID_INVALID, BOT_INVALID (the author is no bot any more), DATA_INVALID (no such button)
 */
export async function findPressed(deps: PressedDeps, userId: bigint, { peer, msgId, data }: { peer: ResolvedPeer; msgId: number; data: Uint8Array }): Promise<Press> {
  const found = peer.kind === 'channel' ? await findInChannel(deps, userId, peer.channelId, msgId) : await findInBoxes(deps, userId, peer.peerId, msgId);
  if (found === undefined) throw rpcError('MESSAGE_ID_INVALID');
  const { row, botId, copy } = found;
  const bot = (await deps.users.findRows([botId])).get(botId);
  if (bot?.bot !== true || bot.deleted) throw rpcError('BOT_INVALID');
  const button = findCallbackButton(unpackMessageExtra(row.extra).replyMarkup, data);
  if (button === undefined) throw rpcError('DATA_INVALID');
  return { userId, botId, botPeerId: copy.peer_id, botMsgId: copy.msg_id, button };
}

/** A message with its author, and the message as the author has it. */
interface Found {
  row: MessageRow | PostRow;
  botId: bigint;
  copy: Pick<MessageRow, 'peer_id' | 'msg_id'>;
}

async function findInBoxes({ db }: PressedDeps, userId: bigint, peerId: bigint, msgId: number): Promise<Found | undefined> {
  const row = await findMessage(db.q, userId, msgId);
  if (row?.peer_id !== peerId) return undefined;
  // A service account has no box of its own.
  if (row.from_id === peerId && otherBoxOf(userId, peerId) === undefined) return { row, botId: row.from_id, copy: row };
  const [copy] = await findCopies(db.q, [row.from_id], [row.global_id]);
  return copy && { row, botId: row.from_id, copy };
}

async function findInChannel({ channels }: PressedDeps, userId: bigint, channelId: bigint, msgId: number): Promise<Found | undefined> {
  const { posts } = channels.at(channelId);
  const row = (await posts.find(userId, [msgId])).get(msgId);
  if (row === undefined) return undefined;
  const copy = (await posts.find(row.poster_id, [msgId])).get(msgId);
  return copy && { row, botId: row.poster_id, copy };
}
