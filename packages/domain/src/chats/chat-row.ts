import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { Tables } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import type { Selectable } from 'kysely';

/** A basic group as stored. */
export type ChatRow = Selectable<Tables['chats']>;

/** A user who is or was in a basic group. Only rows with `status` `member` are present members. */
export type ChatMemberRow = Selectable<Tables['chat_members']>;

/** A supergroup, gigagroup or broadcast channel as stored, with the number of members, and of bots among them, when it was read. */
export type ChannelRow = Selectable<Tables['channels']> & { members: number; bots: number };

/** A user who is or was in a channel. Only rows with `status` `member` are present members. */
export type ChannelMemberRow = Selectable<Tables['channel_members']>;

/** The row of somebody who is not in a channel and has done nothing there: without rights, restrictions and marks. Pure. */
export function plainMember(channel_id: bigint, user_id: bigint, date: number): ChannelMemberRow {
  return {
    channel_id,
    user_id,
    status: 'left',
    role: 'member',
    admin_rights: 0,
    rank: '',
    banned_rights: 0,
    until_date: 0,
    inviter_id: null,
    promoted_by: null,
    banned_by: null,
    banned_owner_id: null,
    date,
    own_posts: 0,
    slow_mode_until: 0,
    send_as: null,
    hidden_max_id: 0,
    cleared_max_id: 0,
    has_left: false,
    all_from: null,
  };
}

/** Bits of `channels.flags`. They are stored, so a bit must never change meaning. */
export const ChannelFlag = {
  /** Posts of a broadcast channel show their authors. */
  signatures: 1,
  /** In addition, posts link to their authors' profiles. */
  signatureProfiles: 1 << 1,
  joinToSend: 1 << 2,
  joinRequest: 1 << 3,
  noforwards: 1 << 4,
  /** New members do not see the messages from before they joined. */
  hiddenPrehistory: 1 << 5,
  participantsHidden: 1 << 6,
  /** The channel was deleted. Its row stays, so that its id is not reused. */
  deleted: 1 << 7,
  /** A supergroup whose messages are divided into topics. */
  forum: 1 << 8,
  /** Clients show the topics of the forum as tabs. */
  forumTabs: 1 << 9,
} as const;

/**
 * The event of the admin log for each flag of a channel that is switched on or off; undefined if the schema has none. This is the only list: what stands here is
 * logged and shown.
 */
export const FLAG_EVENTS = {
  signatures: 'channelAdminLogEventActionToggleSignatures',
  signatureProfiles: 'channelAdminLogEventActionToggleSignatureProfiles',
  hiddenPrehistory: 'channelAdminLogEventActionTogglePreHistoryHidden',
  noforwards: 'channelAdminLogEventActionToggleNoForwards',
  joinToSend: undefined,
  joinRequest: undefined,
  participantsHidden: undefined,
  deleted: undefined,
  forum: 'channelAdminLogEventActionToggleForum',
  forumTabs: undefined,
} as const satisfies Record<keyof typeof ChannelFlag, tl.ChannelAdminLogEventAction['_'] | undefined>;

/** The kind of a group or channel. */
export type ChatKind = 'chat' | ChannelRow['kind'];

/** Whether a row is a basic group's. */
export function isChatRow(row: ChatRow | ChannelRow): row is ChatRow {
  return 'chat_id' in row;
}

/** Whether the messages of a channel are divided into topics. Pure. */
export function isForum(row: Pick<ChannelRow, 'kind' | 'flags'>): boolean {
  return row.kind === 'megagroup' && (row.flags & ChannelFlag.forum) !== 0;
}

/** The kind of a group or channel. Pure. */
export function kindOf(row: ChatRow | ChannelRow): ChatKind {
  return isChatRow(row) ? 'chat' : row.kind;
}

/** The marked id of a group or channel. Pure. */
export function markedIdOf(row: ChatRow | ChannelRow): bigint {
  return markPeer(isChatRow(row) ? { _: 'peerChat', chat_id: row.chat_id } : { _: 'peerChannel', channel_id: row.channel_id });
}

/** Splits marked ids into the plain ids of basic groups and of channels; users are left out. Pure. */
export function splitMarkedIds(markedIds: Iterable<bigint>): { chatIds: bigint[]; channelIds: bigint[] } {
  const chatIds: bigint[] = [];
  const channelIds: bigint[] = [];
  for (const marked of markedIds) {
    if (marked >= 0n) continue;
    const peer = unmarkPeer(marked);
    if (peer._ === 'peerChat') chatIds.push(peer.chat_id);
    if (peer._ === 'peerChannel') channelIds.push(peer.channel_id);
  }
  return { chatIds, channelIds };
}
