import { isMarkedChannel, isMarkedUser, unmarkPeer } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';

import type { Chats } from '../chats/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { listAt } from '../search/index.ts';
import type { Users } from '../users/index.ts';
import { isTold, mentions, scopeOf } from './judge-message.ts';
import { type ChatFacts, type DeviceNotice, listChatFacts } from './notice-store.ts';
import { CALL_MSG_ID, findRinging, writeCallNotice } from './call-notice.ts';
import { findToldReaction, type ReactionNoticeDeps, type ToldReaction } from './reaction-notice.ts';
import { isSecretNotice, readSecretNotice } from './secret-notice.ts';
import { TEST_MSG_ID, writeTestNotice } from './test-notice.ts';
import { type NoticeChat, type NoticeContent, type NoticeMessage, type NoticePayload, writeNotice } from './write-notice.ts';

/** What {@link readNotice} needs. */
export interface ReadNoticeDeps extends ReactionNoticeDeps {
  db: Database;
  users: Pick<Users, 'projectUsers'>;
  chats: Pick<Chats, 'findRows' | 'findMemberships'>;
}

/** A notice as it is sent: with its texts, and with as little as can be said. */
export interface ReadNotice {
  payload: NoticePayload;
  short: NoticePayload;
  /** It tells of a reaction, and not of a message. */
  isReaction?: boolean;
}

/**
 * Reads what is to be told at this moment: the message may have been edited, deleted or read since that was decided, and the settings may have been changed.
 * @param isLocked the app has locked itself
 * @returns undefined if there is nothing to tell any more
 */
export async function readNotice(deps: ReadNoticeDeps, notice: DeviceNotice, { isLocked, nowDate }: { isLocked: boolean; nowDate: number }): Promise<ReadNotice | undefined> {
  const { owner_id: owner, peer_id: peer, msg_id: msgId } = notice;
  if (msgId === TEST_MSG_ID) return { payload: writeTestNotice(owner), short: writeTestNotice(owner) };
  if (msgId === CALL_MSG_ID) {
    const call = await findRinging(deps, notice);
    const payload = call && (await writeCallNotice(deps, call, isLocked));
    return payload && { payload, short: payload };
  }
  if (isSecretNotice(notice)) {
    const payload = await readSecretNotice(deps.db, notice, nowDate);
    return payload && { payload, short: payload };
  }
  const isPost = isMarkedChannel(peer);
  const [row] = await deps.db.readRepeatable('read-noticed-message', (reads) => listAt(reads, [{ owner: isPost ? peer : owner, msgId }]));
  if (!row) return undefined;
  const [[facts], memberships] = await Promise.all([listChatFacts(deps.db, [{ owner, peer, scope: scopeOf(row) }]), isPost ? deps.chats.findMemberships([owner], [peer]) : undefined]);
  if (!facts || (memberships && memberships.get(owner)?.has(peer) !== true)) return undefined;
  const reaction = await findToldReaction(deps, row, facts);
  if (reaction === undefined && !isTold(row, owner, facts, nowDate)) return undefined;
  const message = await describe(deps, row, { ownerId: owner, facts, reaction });
  // Posts have no id of their own that is random.
  const randomId = row.global_id || BigInt(row.msg_id);
  const payload = message && writeNotice(message, isLocked ? 'nothing' : (reaction?.showsPreviews ?? facts.show_previews) ? 'text' : 'names', randomId);
  const short = message && writeNotice(message, isLocked ? 'nothing' : 'names', randomId);
  return payload && short && { payload, short, isReaction: reaction !== undefined };
}

/** @param about.reaction if that is what is told, and not the message */
async function describe({ db, users, chats }: ReadNoticeDeps, row: MessageRow, { ownerId, facts, reaction }: { ownerId: bigint; facts: ChatFacts; reaction: ToldReaction | undefined }): Promise<NoticeMessage | undefined> {
  const { peer_id: peer } = row;
  const authorId = reaction?.reactorId ?? (row.from_id > 0n ? row.from_id : peer);
  const [author] = isMarkedUser(authorId) ? await users.projectUsers(ownerId, [authorId]) : [];
  const inNameOf = reaction && !isMarkedUser(reaction.reactorId) ? (await chats.findRows([reaction.reactorId])).get(reaction.reactorId) : undefined;
  const name = author?._ === 'user' ? [author.first_name, author.last_name].filter(Boolean).join(' ') : (inNameOf?.title ?? '');
  let chat: NoticeChat = { kind: 'private', userId: peer, author: name };
  if (!isMarkedUser(peer)) {
    const group = (await chats.findRows([peer])).get(peer);
    if (!group) return undefined;
    const place = unmarkPeer(peer);
    const { title } = group;
    chat =
      place._ === 'peerChannel'
        ? { kind: 'channel', channelId: place.channel_id, fromId: isMarkedUser(authorId) ? authorId : undefined, author: name, title, isBroadcast: hasFlag(row, MessageFlag.post) }
        : { kind: 'group', chatId: -peer, fromId: authorId, author: name, title };
  }
  const { action } = unpackMessageExtra(row.extra);
  const pinnedId = action?._ === 'messageActionPinMessage' ? row.reply_to_msg_id : null;
  const [pinned] = pinnedId === null ? [] : await db.readRepeatable('read-pinned-message', (reads) => listAt(reads, [{ owner: isMarkedChannel(peer) ? peer : ownerId, msgId: pinnedId }]));
  return {
    ownerId,
    msgId: row.msg_id,
    chat,
    ...contentOf(row),
    reaction: reaction?.emoji,
    action,
    pinned: pinned && contentOf(pinned),
    isSilent: hasFlag(row, MessageFlag.silent) || facts.is_silent,
    isMention: mentions(row, ownerId),
  };
}

function contentOf({ text, extra }: Pick<MessageRow, 'text' | 'extra'>): NoticeContent {
  const { entities = [], media } = unpackMessageExtra(extra);
  return { text, entities, media };
}
