import type { tl } from '@mtcute/core';
import Long from 'long';
import type { PeerId } from '../../protocol/index.ts';
import { channelIdOf, isChannel } from '../models/ids.ts';
import type { MessageRow } from '../models/message.ts';

/** What became of sent messages. */
export interface SendResult {
  /** Their ids, in the order in which they were sent. */
  ids: number[];
  /** The answer as updates that name the messages. */
  result: tl.TypeUpdates;
}

/**
 * Reads the answer to sent messages. Pure.
 * @param rows what was sent: the short answer does not repeat it
 * @throws Error if the answer does not name all of them
 */
export function resultsOf(updates: tl.TypeUpdates, rows: readonly MessageRow[], self: PeerId): SendResult {
  if (updates._ === 'updateShortSentMessage') return { ids: [updates.id], result: lengthen(updates, rows[0]!, self) };
  const all = updates._ === 'updates' || updates._ === 'updatesCombined' ? updates.updates : [];
  const ids = rows.map(({ randomId }) => {
    const named = all.find((update) => update._ === 'updateMessageID' && update.randomId.toString() === randomId);
    if (named?._ !== 'updateMessageID') throw new Error('the answer does not name the message');
    return named.id;
  });
  return { ids, result: updates };
}

/** Makes updates with the whole message of the short answer. Pure. @see https://core.telegram.org/constructor/updateShortSentMessage */
function lengthen(short: tl.RawUpdateShortSentMessage, row: MessageRow, self: PeerId): tl.TypeUpdates {
  const message: tl.RawMessage = {
    _: 'message',
    out: short.out,
    id: short.id,
    fromId: { _: 'peerUser', userId: self },
    peerId: rawPeer(row.peer),
    date: short.date,
    message: row.text,
    media: short.media,
    entities: short.entities,
    ttlPeriod: short.ttlPeriod,
    silent: row.isSilent,
    effect: row.effect === undefined ? undefined : Long.fromString(row.effect),
    replyTo: row.replyTo && { _: 'messageReplyHeader', replyToMsgId: row.replyTo.id },
  };
  const { pts, ptsCount } = short;
  return { _: 'updates', updates: [{ _: 'updateNewMessage', message, pts, ptsCount }], users: [], chats: [], date: short.date, seq: 0 };
}

function rawPeer(peer: PeerId): tl.TypePeer {
  if (isChannel(peer)) return { _: 'peerChannel', channelId: channelIdOf(peer) };
  return peer < 0 ? { _: 'peerChat', chatId: -peer } : { _: 'peerUser', userId: peer };
}
