import { isDeepStrictEqual } from 'node:util';

import type { tl } from '@aerogram/tl';

import { projectAllowedReactions } from '../groups/index.ts';
import { ChannelFlag, type ChannelMemberRow, type ChannelRow } from '../chats/index.ts';
import { type PostRow, unpackMessageExtra } from '../events/index.ts';
import type { StatusColumns } from '../peers/index.ts';
import { type LogEntry, LOGGED_SWITCHES, type LoggedMember } from './log-entry.ts';

/** A member's row before and after a change; `before` is undefined for somebody without a row. */
export interface MemberChange {
  before: ChannelMemberRow | undefined;
  after: ChannelMemberRow;
}

const statusOf = ({ emoji_status_id, emoji_status_until }: ChannelRow): StatusColumns => ({ emoji_status_id, emoji_status_until });

/** The events that a change of a channel's own row is for its admins. Columns that no client shows make none. Pure. */
export function channelEntries(before: ChannelRow, after: ChannelRow): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const kind of ['title', 'about'] as const) {
    if (before[kind] !== after[kind]) entries.push({ kind, before: before[kind], after: after[kind] });
  }
  if (before.username !== after.username) entries.push({ kind: 'username', before: before.username ?? '', after: after.username ?? '' });
  for (const kind of ['color', 'profile_color'] as const) {
    const [emojiBefore, emojiAfter] = [before[`${kind}_emoji_id`], after[`${kind}_emoji_id`]];
    if (before[kind] !== after[kind] || emojiBefore !== emojiAfter) entries.push({ kind, before: before[kind], after: after[kind], emojiBefore, emojiAfter });
  }
  const [statusBefore, statusAfter] = [statusOf(before), statusOf(after)];
  if (!isDeepStrictEqual(statusBefore, statusAfter)) entries.push({ kind: 'emoji_status', before: statusBefore, after: statusAfter });
  for (const kind of ['sticker_set', 'emoji_set'] as const) {
    const [was, is] = [before[`${kind}_id`], after[`${kind}_id`]];
    if (was !== is) entries.push({ kind, before: was, after: is });
  }
  if (before.linked_chat_id !== after.linked_chat_id) entries.push({ kind: 'linked_chat', before: before.linked_chat_id, after: after.linked_chat_id });
  for (const name of LOGGED_SWITCHES) {
    const [was, is] = [(before.flags & ChannelFlag[name]) !== 0, (after.flags & ChannelFlag[name]) !== 0];
    if (was !== is) entries.push({ kind: 'switch', name, after: is });
  }
  const [reactedBefore, reactedAfter] = [before, after].map((row) => projectAllowedReactions(row.available_reactions)) as [tl.ChatReactions, tl.ChatReactions];
  if (before.available_reactions !== after.available_reactions && !isDeepStrictEqual(reactedBefore, reactedAfter)) entries.push({ kind: 'reactions', before: reactedBefore, after: reactedAfter });
  const numbers = (kind: 'default_rights' | 'slow_mode' | 'lifetime', was: number, is: number): void => {
    if (was !== is) entries.push({ kind, before: was, after: is });
  };
  numbers('default_rights', before.default_rights, after.default_rights);
  numbers('slow_mode', before.slow_mode_seconds, after.slow_mode_seconds);
  numbers('lifetime', before.ttl_period ?? 0, after.ttl_period ?? 0);
  return entries;
}

/**
 * The event that a change of a member's row is for the admins; undefined if nothing of it shows. Pure.
 * @param actorId who made the change
 */
export function memberEntry(actorId: bigint, { before: row, after }: MemberChange): LogEntry | undefined {
  const before = row ?? newcomer(after);
  const [was, is] = [loggedMember(before), loggedMember(after)];
  if (before.status !== 'member' && after.status === 'member') return actorId === after.user_id ? { kind: 'join' } : { kind: 'invite', member: is };
  if (isRestrictedOtherwise(before, after)) return { kind: 'ban', before: was, after: is };
  if (before.status === 'member' && after.status === 'left') return actorId === after.user_id ? { kind: 'leave' } : undefined;
  if (after.status !== 'member') return undefined;
  // The new owner's row says that the old owner is an admin now.
  if (before.role === 'creator' && after.role !== 'creator') return undefined;
  if (before.role !== after.role || before.admin_rights !== after.admin_rights) return { kind: 'admin', before: was, after: is };
  if (before.rank === after.rank) return undefined;
  // Clients of older layers know the event of an admin's rights only.
  return after.role === 'member' ? { kind: 'rank', userId: after.user_id, before: before.rank, after: after.rank } : { kind: 'admin', before: was, after: is };
}

function isRestrictedOtherwise(before: ChannelMemberRow, after: ChannelMemberRow): boolean {
  // A member who becomes an admin loses all restrictions. The event about the new rights covers that.
  if (after.role !== 'member') return false;
  const isBanOrEnd = (before.status === 'banned') !== (after.status === 'banned');
  return isBanOrEnd || before.banned_rights !== after.banned_rights || before.until_date !== after.until_date;
}

function loggedMember({ user_id, status, role, admin_rights, rank, banned_rights, until_date, inviter_id, promoted_by, banned_by, date }: ChannelMemberRow): LoggedMember {
  return { user_id, status, role, admin_rights, rank, banned_rights, until_date, inviter_id, promoted_by, banned_by, date };
}

/** Somebody who was never a member. */
function newcomer(after: ChannelMemberRow): ChannelMemberRow {
  return { ...after, status: 'left', role: 'member', admin_rights: 0, rank: '', banned_rights: 0, until_date: 0, inviter_id: null, promoted_by: null, banned_by: null };
}

/** Whether a message shows where somebody is now. It is edited all the time, so its edits are not logged. */
export function isLiveLocation({ extra }: PostRow): boolean {
  return unpackMessageExtra(extra).media?._ === 'messageMediaGeoLive';
}
