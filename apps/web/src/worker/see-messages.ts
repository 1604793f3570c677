import type { MessageId, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { noteReplies } from './load-threads.ts';
import { isChannel } from './models/ids.ts';
import type { MessageRow } from './models/message.ts';
import { readContents } from './reduce/index.ts';

/** A voice or round video message was not heard because its mention was seen. */
const isPlayed = ({ media }: MessageRow): boolean => media?.kind === 'document' && (media.role === 'voice' || media.role === 'round');

/** Whether a message has a reaction, a vote or a mention of the account that nobody has looked at. Pure. */
const isUnseen = (row: MessageRow): boolean => row.hasUnseenReaction === true || hasUnseenVotes(row) || (row.mentionsMe === true && row.isUnplayed === true && !isPlayed(row));

/** Whether others have voted in a poll of the account, which has not seen it. Pure. */
export const hasUnseenVotes = ({ media }: Pick<MessageRow, 'media'>): boolean => media?.kind === 'poll' && media.poll.hasUnseenVotes === true;

const idsOf = (rows: MessageRow[]): MessageId[] => rows.map(({ id }) => id);

/** Notes that messages were seen: mentions, reactions, votes, and posts whose views are counted. */
export async function seeMessages(account: Account, peer: PeerId, ids: MessageId[]): Promise<void> {
  const rows = ids.flatMap((id) => account.store.message(peer, id) ?? []);
  await Promise.all([tellContentsRead(account, peer, idsOf(rows.filter(isUnseen))), countViews(account, peer, idsOf(rows.filter(({ views }) => views !== undefined)))]);
}

/** Tells the server that contents were seen: mentions, reactions, votes, and media that disappear. */
export async function tellContentsRead(account: Account, peer: PeerId, id: MessageId[]): Promise<void> {
  if (id.length === 0) return;
  if (isChannel(peer)) await account.call({ _: 'channels.readMessageContents', channel: await account.inputChannel(peer), id });
  else {
    const { pts, ptsCount } = await account.call({ _: 'messages.readMessageContents', id });
    account.stepBox(pts, ptsCount);
  }
  readContents(account.context, peer, id);
}

async function countViews(account: Account, peer: PeerId, id: MessageId[]): Promise<void> {
  if (id.length === 0) return;
  const { views } = await account.call({ _: 'messages.getMessagesViews', peer: await account.inputPeer(peer), id, increment: true });
  id.forEach((each, index) => {
    noteReplies(account.store, { peer, id: each }, views[index]?.replies);
    const count = views[index]?.views;
    if (count !== undefined && count > (account.store.message(peer, each)?.views ?? 0)) account.store.changeMessage(peer, each, (row) => ({ ...row, views: count }));
  });
}
