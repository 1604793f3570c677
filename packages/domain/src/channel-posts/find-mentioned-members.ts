import { listSilenced } from '../acceptance/index.ts';
import { type ChannelMemberRow, findChannelMembers } from '../chats/index.ts';
import { MessageFlag, packMessageExtra, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { findMentioned } from '../messages/index.ts';
import { type ChannelChange, findPosts, mentionedIn } from '../channel-state/index.ts';

/** Maximum number of people whom one message mentions; further names in it are only shown as names. */
const MENTIONED_MAX = 50;

/** The people whom a text names, whether they are members or not, with a bound on their number. */
export async function findNamed(...[db, text, entities]: Parameters<typeof findMentioned>): Promise<bigint[]> {
  return [...(await findMentioned(db, text, entities))].slice(0, MENTIONED_MAX);
}

/**
 * The members whom a new message mentions: those whom its text names, and the author of the message that it replies to. Nobody mentions
 * themselves. Broadcast channels have no mentions.
 * @param named ids of the users whom the text names; their rows must have been read with the change
 */
export async function findMentionedMembers(channel: ChannelChange, authorId: bigint, named: readonly bigint[], repliedTo: PostRow | undefined): Promise<bigint[]> {
  if (channel.row.kind === 'broadcast') return [];
  const answered = repliedTo?.poster_id;
  const wanted = new Set(answered === undefined ? named : [answered, ...named]);
  wanted.delete(authorId);
  const [replied] = answered === undefined || named.includes(answered) ? [] : await findChannelMembers(channel.tx, [{ id: channel.row.channel_id, userId: answered }]);
  const rowOf = (userId: bigint): ChannelMemberRow | undefined => (userId === replied?.user_id ? replied : channel.memberOf(userId));
  const members = [...wanted].filter((userId) => rowOf(userId)?.status === 'member').slice(0, MENTIONED_MAX);
  const silenced = await listSilenced(channel.tx, channel.peerId, members, authorId);
  return members.filter((userId) => !silenced.has(userId));
}

/** Takes those out of an edited message whom it mentions no longer. An edit mentions nobody anew, because nobody would be told. */
export async function dropMentions(channel: ChannelChange, row: PostRow): Promise<PostRow> {
  const before = mentionedIn(row);
  if (before.length === 0) return row;
  const extra = unpackMessageExtra(row.extra);
  const named = await findNamed(channel.tx, row.text, extra.entities ?? []);
  const replyId = row.reply_to_msg_id;
  const repliedTo = replyId === null ? undefined : (await findPosts(channel.tx.q, channel.row.channel_id, [replyId])).get(replyId);
  const mentioned = before.filter((userId) => named.includes(userId) || userId === repliedTo?.poster_id);
  const flags = mentioned.length === 0 ? row.flags & ~MessageFlag.mentioned : row.flags;
  return { ...row, flags, extra: packMessageExtra({ ...extra, mentioned }) };
}
