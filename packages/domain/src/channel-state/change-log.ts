import type { ChannelRow } from '../chats/index.ts';
import { CHANNEL_AUTHOR_ID, isMasked } from './author.ts';
import { channelEntries, type MemberChange, memberEntry } from './log-entries.ts';
import { type LogEntry, postIn, topicIn } from './log-entry.ts';

/** An event of the admin log, and who did it. */
export interface NotedEntry {
  entry: LogEntry;
  userId: bigint;
}

/** Everything that one change has done to a channel. */
export interface LoggedChange {
  actorId: bigint;
  /** Marked id of the channel. */
  peerId: bigint;
  /** The channel before and after the change. */
  before: ChannelRow;
  after: ChannelRow;
  members: readonly MemberChange[];
  /** Events that do not follow from the rows of the channel and its members. `join_by_link` and `join_by_request` replace the event that would be added for the same user. */
  noted: readonly NotedEntry[];
}

/** The admin log events of a change, by the user who is shown as having done them. Changes by the server itself are not logged. Pure. */
export function logEntriesOf({ actorId, peerId, before, after, members, noted }: LoggedChange): Map<bigint, LogEntry[]> {
  if (actorId <= 0n) return new Map();
  const joined = new Set(noted.filter(({ entry }) => entry.kind === 'join_by_link' || entry.kind === 'join_by_request').map(({ userId }) => userId));
  const ofMembers = members.flatMap((change) => {
    const entry = memberEntry(actorId, change);
    const isSaid = joined.has(change.after.user_id) && (entry?.kind === 'join' || entry?.kind === 'invite');
    return entry === undefined || isSaid ? [] : [entry];
  });
  const entries = new Map([[actorId, [...channelEntries(before, after), ...ofMembers]]]);
  for (const one of noted) {
    const userId = shownActor(one, peerId);
    entries.set(userId, [...(entries.get(userId) ?? []), one.entry]);
  }
  return entries;
}

/**
 * Whoever edits or deletes a message that they wrote in the name of a channel, or a topic that they created so, is shown as that channel, so that the log does not
 * tell who is behind it.
 */
function shownActor({ entry, userId }: NotedEntry, peerId: bigint): bigint {
  const post = postIn(entry);
  const topic = topicIn(entry);
  const isOwnPost = post !== undefined && entry.kind !== 'pin' && post.poster_id === userId && isMasked(post, peerId);
  const isOwnTopic = topic !== undefined && topic.creator_id === userId && isMasked(topic, peerId);
  return isOwnPost || isOwnTopic ? CHANNEL_AUTHOR_ID : userId;
}
