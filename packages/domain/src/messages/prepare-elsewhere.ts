import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isChatRow } from '../chats/index.ts';
import { nameOf } from '../contacts/index.ts';
import { mediaElsewhere } from '../content/index.ts';
import { MessageFlag, type MessageExtra } from '../events/index.ts';
import { MESSAGE_LENGTH_MAX } from './check-text.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { Elsewhere, OutgoingPart } from './outgoing.ts';
import { checkTellable } from './places.ts';

/** What {@link prepareElsewhere} needs. */
type ElsewhereDeps = Pick<MessagingDeps, 'homes' | 'users' | 'chats' | 'sendNames' | 'cards'>;

/** A private chat with somebody who may live elsewhere. */
interface Pair {
  senderId: bigint;
  toId: bigint;
}

/**
 * Checks that messages may go to a peer, if that lives in another data centre: only texts travel.
 * @param peerId marked
 * @throws RpcError 403 CHAT_SEND_MEDIA_FORBIDDEN; PEER_ID_INVALID for service messages; as {@link checkTextTravels}
 */
export function checkTravels({ homes }: Pick<MessagingDeps, 'homes'>, peerId: bigint, parts: readonly Pick<OutgoingPart, 'text' | 'flags' | 'extra' | 'besides'>[]): void {
  if (homes?.dcOf(peerId) === undefined) return;
  for (const { text, flags, extra, besides = [] } of parts) {
    checkTextTravels(text);
    if (extra.action !== undefined || (flags & MessageFlag.service) !== 0) throw rpcError('PEER_ID_INVALID');
    if ((extra.media !== undefined && mediaElsewhere(extra.media) === undefined) || extra.groupedId !== undefined || besides.length > 0) throw rpcError('CHAT_SEND_MEDIA_FORBIDDEN');
  }
}

/**
 * Checks the length of a text for another data centre. A program of the last release there counts UTF-16 units where this one counts characters, and would keep its stream waiting because of a longer text. Pure.
 * @throws RpcError MESSAGE_TOO_LONG
 */
export function checkTextTravels(text: string): void {
  if (text.length > MESSAGE_LENGTH_MAX) throw rpcError('MESSAGE_TOO_LONG');
}

/**
 * Prepares what a send does at the home of somebody elsewhere.
 * @param isRefused the sender may not write to the receiver, so nothing is told. Whether the receiver has blocked the sender is judged there: what is known of it here may be old
 * @returns undefined if the receiver lives here
 * @throws RpcError as {@link checkTellable}
 */
export async function prepareElsewhere(deps: ElsewhereDeps, { senderId, toId }: Pair, parts: readonly OutgoingPart[], isRefused: boolean): Promise<Elsewhere | undefined> {
  const dc = deps.homes?.dcOf(toId);
  if (dc === undefined) return undefined;
  if (!isRefused) {
    checkTellable(deps.homes!, dc);
    await deps.cards?.introduce(senderId, toId);
  }
  const named = await Promise.all(parts.map(async ({ randomId, extra }) => ({ globalId: deps.sendNames!.of(senderId, randomId), extra: await contentElsewhere(deps, { senderId, toId, dc }, extra) })));
  return { dc: isRefused ? undefined : dc, parts: named };
}

/** What of a message travels. The home of the receiver fetches the page of a preview itself. */
async function contentElsewhere(deps: ElsewhereDeps, to: Pair & { dc: number }, { entities, media, replyTo, fwdFrom, replyMarkup }: MessageExtra): Promise<MessageExtra> {
  const replyFrom = replyTo?.reply_from;
  return {
    entities,
    media: mediaElsewhere(media),
    fwdFrom: fwdFrom && (await headerElsewhere(deps, to, fwdFrom)),
    replyTo: replyTo && { ...replyTo, reply_to_msg_id: undefined, reply_to_peer_id: undefined, reply_media: undefined, reply_from: replyFrom && (await headerElsewhere(deps, to, replyFrom)) },
    replyMarkup,
  };
}

/** A forward header with the name of its author, and the id only if the author is known there. */
async function headerElsewhere({ homes, users, chats }: ElsewhereDeps, { senderId, toId, dc }: Pair & { dc: number }, { from_id, from_name, date, post_author }: tl.MessageFwdHeader): Promise<tl.messageFwdHeader> {
  if (from_id === undefined) return { _: 'messageFwdHeader', from_name, date, post_author };
  const author = markPeer(from_id);
  if (author < 0n) {
    const row = await chats.findRow(author);
    return { _: 'messageFwdHeader', from_name: row === undefined || isChatRow(row) ? from_name : row.title, date, post_author };
  }
  const row = (await users.findRows([author])).get(author);
  const isKnown = author === senderId || author === toId || homes!.dcOf(author) === dc;
  return { _: 'messageFwdHeader', from_id: isKnown ? from_id : undefined, from_name: from_name ?? (row && nameOf(row)), date, post_author };
}
