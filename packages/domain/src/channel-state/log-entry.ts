import { jsonCodec } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type ChannelMemberRow, type ChannelRow, FLAG_EVENTS } from '../chats/index.ts';
import { channelIdOf, MessageFlag, packMessageExtra, type PostRow, postOf, type StoredPost, unpackMessageExtra } from '../events/index.ts';
import type { StatusColumns } from '../peers/index.ts';
import { joinWords, wordsOf } from '../users/index.ts';
import type { TopicRow } from './topic-store.ts';

/** The kinds of events that clients ask for. The bits are stored, and are those of the flags of `channelAdminLogEventsFilter`. */
export const LogFilter = {
  join: 1,
  leave: 1 << 1,
  invite: 1 << 2,
  ban: 1 << 3,
  unban: 1 << 4,
  kick: 1 << 5,
  unkick: 1 << 6,
  promote: 1 << 7,
  demote: 1 << 8,
  info: 1 << 9,
  settings: 1 << 10,
  pinned: 1 << 11,
  edit: 1 << 12,
  delete: 1 << 13,
  group_call: 1 << 14,
  invites: 1 << 15,
  send: 1 << 16,
  forums: 1 << 17,
  sub_extend: 1 << 18,
  edit_rank: 1 << 19,
} as const satisfies Record<Exclude<keyof tl.channelAdminLogEventsFilter, '_'>, number>;

/** What the log keeps of a member: all that shows of their membership and rights. */
export type LoggedMember = Pick<
  ChannelMemberRow,
  'user_id' | 'status' | 'role' | 'admin_rights' | 'rank' | 'banned_rights' | 'until_date' | 'inviter_id' | 'promoted_by' | 'banned_by' | 'date'
>;

/** A flag of a channel whose changes are logged. */
export type LoggedSwitch = { [K in keyof typeof FLAG_EVENTS]: (typeof FLAG_EVENTS)[K] extends undefined ? never : K }[keyof typeof FLAG_EVENTS];

/** Every {@link LoggedSwitch}. */
export const LOGGED_SWITCHES = Object.entries(FLAG_EVENTS).flatMap(([name, action]) => (action === undefined ? [] : [name as LoggedSwitch]));

/** An event of the admin log, as plain data: what there was before, and what there is after it. */
export type LogEntry =
  | { kind: 'title' | 'about' | 'username'; before: string; after: string }
  | { kind: 'switch'; name: LoggedSwitch; after: boolean }
  | { kind: 'default_rights' | 'slow_mode' | 'lifetime'; before: number; after: number }
  /** The emoji are missing in what earlier programs have stored. */
  | { kind: 'color' | 'profile_color'; before: ChannelRow['color']; after: ChannelRow['color']; emojiBefore?: bigint | null; emojiAfter?: bigint | null }
  | { kind: 'emoji_status'; before: StatusColumns; after: StatusColumns }
  /** The ids of sticker sets. */
  | { kind: 'sticker_set' | 'emoji_set'; before: bigint | null; after: bigint | null }
  /** The plain ids of the linked chats. */
  | { kind: 'linked_chat'; before: bigint | null; after: bigint | null }
  /** The ids of the photos, and that of the service message that says so. */
  | { kind: 'photo'; before: bigint | null; after: bigint | null; msgId: number }
  | { kind: 'reactions'; before: tl.ChatReactions; after: tl.ChatReactions }
  | { kind: 'join' | 'leave' }
  | { kind: 'invite'; member: LoggedMember }
  | { kind: 'ban' | 'admin'; before: LoggedMember; after: LoggedMember }
  | { kind: 'rank'; userId: bigint; before: string; after: string }
  | { kind: 'pin' | 'delete'; post: PostRow }
  | { kind: 'edit'; before: PostRow; after: PostRow }
  | { kind: 'link_edit'; before: tl.ExportedChatInvite; after: tl.ExportedChatInvite }
  | { kind: 'link_revoke' | 'link_delete'; link: tl.ExportedChatInvite }
  /** Instead of `join`. */
  | { kind: 'join_by_link'; link: tl.ExportedChatInvite; isByFolder: boolean }
  | { kind: 'join_by_request'; link: tl.ExportedChatInvite; approvedBy: bigint }
  | { kind: 'topic_create' | 'topic_delete'; topic: TopicRow }
  | { kind: 'topic_edit'; before: TopicRow; after: TopicRow }
  /** Without `before`: nothing was pinned; without `after`: the topic is not pinned any more. */
  | { kind: 'topic_pin'; before: TopicRow | undefined; after: TopicRow | undefined };

/**
 * The parts into which an admin log is divided. Each part has its own size limits, so that hundreds of members who join do not push out what admins did,
 * and copies of messages, which are large, do not push out bans. The numbers are stored, and even: the odd number after each one marks the events of
 * the same part that exceed the share of one user (see `ROOMS` in `log-store.ts`).
 */
export const LogPart = {
  /** Changes by admins of members, rights, links and settings. */
  acts: 0,
  /** Messages that admins pinned, and messages of other users that admins edited or deleted. These events contain copies of the messages. */
  posts: 2,
  /** Everything that users do who are not admins. Of admins: joining, leaving, and editing or deleting their own messages. */
  people: 4,
} as const;
export type LogPart = (typeof LogPart)[keyof typeof LogPart];

/** An event as it is stored. */
export interface PackedEntry {
  subjectId: bigint | null;
  filters: number;
  words: string;
  entry: Uint8Array;
  /** If the event contains a copy of a message, or is about the photo that a message says is new: the id and the date of the message, and when its lifetime ends. */
  msgId: number | null;
  postDate: number | null;
  textUntil: number | null;
}

/** Maximum length of the words that a search looks through, in UTF-16 units. */
const WORDS_MAX = 4096;

/** What is stored of a message: its row, with the part that is bytes as Base64. */
type LoggedPost = Omit<StoredPost, 'extra'> & { extra: string | null };

const codec = jsonCodec<Record<string, unknown>>();

/** Packs an event. Pure. @param userId who did it */
export function packEntry(userId: bigint, entry: LogEntry): PackedEntry {
  const words = joinWords(wordsOf(textOf(entry))).slice(0, WORDS_MAX);
  const post = postIn(entry);
  return {
    subjectId: subjectOf(userId, entry) ?? null,
    filters: filtersOf(entry),
    words,
    entry: codec.encode(withPosts(entry)),
    msgId: post?.msg_id ?? (entry.kind === 'photo' ? entry.msgId : null),
    postDate: post?.date ?? null,
    textUntil: post === undefined || post.ttl_period === null ? null : post.date + post.ttl_period,
  };
}

/** The part of the log to which an event belongs. Pure. @param by who did it */
export function partOf(by: { userId: bigint; isAdmin: boolean }, entry: LogEntry): LogPart {
  if (!by.isAdmin || entry.kind.startsWith('join') || entry.kind === 'leave') return LogPart.people;
  const post = postIn(entry);
  if (post === undefined) return LogPart.acts;
  return post.poster_id === by.userId && entry.kind !== 'pin' ? LogPart.people : LogPart.posts;
}

/** Returns the message of which an event contains a copy (after the edit, if it was edited); undefined if the event is not about a message. Pure. */
export function postIn(entry: LogEntry): PostRow | undefined {
  if (entry.kind === 'edit') return entry.after;
  return entry.kind === 'pin' || entry.kind === 'delete' ? entry.post : undefined;
}

/** Returns the topic that an event is about (after the edit, if it was edited), unless it was pinned or unpinned, which only admins do; undefined for all other events. Pure. */
export function topicIn(entry: LogEntry): TopicRow | undefined {
  if (entry.kind === 'topic_edit') return entry.after;
  return entry.kind === 'topic_create' || entry.kind === 'topic_delete' ? entry.topic : undefined;
}

/** Returns the copies of a message in an event. Pure. */
export function postsIn(entry: LogEntry): PostRow[] {
  if (entry.kind === 'edit') return [entry.before, entry.after];
  return entry.kind === 'pin' || entry.kind === 'delete' ? [entry.post] : [];
}

/** Returns the ids of the photos in an event. Pure. */
export function photoIdsIn(entry: LogEntry): bigint[] {
  return entry.kind === 'photo' ? [entry.before, entry.after].filter((id) => id !== null) : [];
}

/** Removes the content of the logged message from a packed event. Pure. @returns the new bytes */
export function withoutText(bytes: Uint8Array): Uint8Array {
  const entry = unpackEntry(bytes);
  if (entry.kind === 'pin' || entry.kind === 'delete') return codec.encode(withPosts({ ...entry, post: emptied(entry.post) }));
  return entry.kind === 'edit' ? codec.encode(withPosts({ ...entry, before: emptied(entry.before), after: emptied(entry.after) })) : bytes;
}

/** Replaces the content of a logged message by `messageActionHistoryClear`, which clients already know from chats whose history was cleared. */
function emptied(post: PostRow): PostRow {
  const extra = packMessageExtra({ action: { _: 'messageActionHistoryClear' } });
  return { ...post, text: '', extra, flags: (post.flags & MessageFlag.post) | MessageFlag.service, reply_to_msg_id: null, signature: null };
}

/** Reads the output of {@link packEntry}. Pure. */
export function unpackEntry(bytes: Uint8Array): LogEntry {
  const entry = codec.decode(bytes);
  const read = (value: unknown): PostRow => {
    const { extra, ...post } = value as LoggedPost;
    return postOf({ ...post, extra: extra === null ? null : Buffer.from(extra, 'base64') });
  };
  if (entry.kind === 'pin' || entry.kind === 'delete') entry.post = read(entry.post);
  if (entry.kind === 'edit') Object.assign(entry, { before: read(entry.before), after: read(entry.after) });
  // The cast is safe: the bytes were made by packEntry.
  return entry as unknown as LogEntry;
}

function withPosts(entry: LogEntry): Record<string, unknown> {
  if (entry.kind === 'pin' || entry.kind === 'delete') return { ...entry, post: loggedPost(entry.post) };
  if (entry.kind === 'edit') return { ...entry, before: loggedPost(entry.before), after: loggedPost(entry.after) };
  return { ...entry };
}

function loggedPost({ extra, owner_id: _owner, peer_id, global_id: _global, saved_peer_id: _saved, ...row }: PostRow): LoggedPost {
  return { ...row, channel_id: channelIdOf(peer_id), extra: extra === null ? null : Buffer.from(extra).toString('base64') };
}

/** The bits of {@link LogFilter} with which an event is found. Pure. */
function filtersOf(entry: LogEntry): number {
  switch (entry.kind) {
    case 'title':
    case 'about':
    case 'username':
    case 'color':
    case 'profile_color':
    case 'emoji_status':
    case 'sticker_set':
    case 'emoji_set':
    case 'photo':
    case 'linked_chat':
      return LogFilter.info;
    case 'switch':
      return entry.name === 'forum' ? LogFilter.forums | LogFilter.settings : LogFilter.settings;
    case 'default_rights':
      return LogFilter.settings;
    case 'slow_mode':
    case 'lifetime':
    case 'reactions':
      // The documentation counts these as changes of the info, clients as changes of settings.
      return LogFilter.info | LogFilter.settings;
    case 'join':
    case 'join_by_link':
    case 'join_by_request':
      return LogFilter.join;
    case 'leave':
    case 'invite':
    case 'edit':
    case 'delete':
      return LogFilter[entry.kind];
    case 'pin':
      return LogFilter.pinned;
    case 'ban':
      return bansOf(entry);
    case 'admin':
      return promotionsOf(entry);
    case 'rank':
      return LogFilter.edit_rank;
    case 'link_edit':
    case 'link_revoke':
    case 'link_delete':
      return LogFilter.invites;
    case 'topic_create':
    case 'topic_delete':
    case 'topic_edit':
    case 'topic_pin':
      return LogFilter.forums;
  }
}

function bansOf({ before, after }: { before: LoggedMember; after: LoggedMember }): number {
  if (after.status === 'banned') return LogFilter.kick;
  const unkicks = before.status === 'banned' ? LogFilter.unkick : 0;
  const bits = before.status === 'banned' ? 0 : before.banned_rights;
  const bans = (after.banned_rights & ~bits) !== 0 || (after.banned_rights !== 0 && after.until_date !== before.until_date) ? LogFilter.ban : 0;
  return unkicks | bans | ((bits & ~after.banned_rights) !== 0 ? LogFilter.unban : 0);
}

function promotionsOf({ before, after }: { before: LoggedMember; after: LoggedMember }): number {
  if (after.role === 'member') return LogFilter.demote;
  const loses = (before.admin_rights & ~after.admin_rights) !== 0 && after.role !== 'creator';
  const gains = (after.admin_rights & ~before.admin_rights) !== 0;
  const rank = before.rank === after.rank ? 0 : LogFilter.edit_rank;
  return (gains || !loses ? LogFilter.promote : 0) | (loses ? LogFilter.demote : 0) | rank;
}

/** The user to whom it was done. */
function subjectOf(userId: bigint, entry: LogEntry): bigint | undefined {
  const subject = 'member' in entry ? entry.member.user_id : entry.kind === 'ban' || entry.kind === 'admin' ? entry.after.user_id : entry.kind === 'rank' ? entry.userId : postersOf(entry);
  return subject === userId ? undefined : subject;
}

/** Who wrote the message that was edited, deleted or pinned, if that shows. */
function postersOf(entry: LogEntry): bigint | undefined {
  const post = postIn(entry);
  return post !== undefined && post.from_id > 0n ? post.from_id : undefined;
}

/** The text in which a search looks for words. */
function textOf(entry: LogEntry): string {
  switch (entry.kind) {
    case 'title':
    case 'about':
    case 'username':
    case 'rank':
      return `${entry.before} ${entry.after}`;
    case 'pin':
    case 'delete':
      return textOfPost(entry.post);
    case 'edit':
      return `${textOfPost(entry.before)} ${textOfPost(entry.after)}`;
    case 'link_edit':
      return `${titleOf(entry.before)} ${titleOf(entry.after)}`;
    case 'link_revoke':
    case 'link_delete':
    case 'join_by_link':
    case 'join_by_request':
      return titleOf(entry.link);
    case 'topic_create':
    case 'topic_delete':
      return entry.topic.title;
    case 'topic_edit':
    case 'topic_pin':
      return `${entry.before?.title ?? ''} ${entry.after?.title ?? ''}`;
    default:
      return '';
  }
}

/** The text of a message, and of the service message that changed a title. */
function textOfPost({ text, extra }: PostRow): string {
  if (text !== '') return text;
  const { action } = unpackMessageExtra(extra);
  return action !== undefined && 'title' in action && typeof action.title === 'string' ? action.title : '';
}

function titleOf(link: tl.ExportedChatInvite): string {
  return link._ === 'chatInviteExported' ? (link.title ?? '') : '';
}
