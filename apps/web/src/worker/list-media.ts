import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MediaFilter, MediaQuestions, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { continuationOf, findFormer } from './former-chat.ts';
import { type MessageRow, readMessage } from './models/message.ts';

const FILTERS: Record<MediaFilter, tl.TypeMessagesFilter> = {
  media: { _: 'inputMessagesFilterPhotoVideo' },
  files: { _: 'inputMessagesFilterDocument' },
  links: { _: 'inputMessagesFilterUrl' },
  music: { _: 'inputMessagesFilterMusic' },
  voice: { _: 'inputMessagesFilterRoundVoice' },
  gifs: { _: 'inputMessagesFilterGif' },
};

const PAGE = 50;

/** A page of messages, from old to new. */
interface MediaRows {
  rows: MessageRow[];
  /** How many there are in all. */
  count: number;
  hasMore: boolean;
}

/**
 * Asks for messages of a chat with certain contents. Behind those of a basic group that became a supergroup come those of the supergroup, and before
 * these come those of the group.
 */
export async function listMedia(account: Account, say: MediaQuestions['media.list']['say']): Promise<MediaRows> {
  const { peer, filter, after, limit = PAGE } = say;
  const page = await listMediaOf(account, say);
  const next = continuationOf(account, peer);
  const former = next === undefined ? await findFormer(account, peer) : undefined;
  const other = next ?? former?.peer;
  if (other === undefined) return page;
  const goesOn = !page.hasMore && (after === undefined ? former !== undefined : next !== undefined);
  const beside = await listMediaOf(account, { peer: other, filter, limit: goesOn ? Math.max(1, limit - page.rows.length) : 1, ...(after === undefined ? {} : { after: 0 }) });
  const count = page.count + beside.count;
  if (!goesOn) return { ...page, count };
  return { rows: after === undefined ? [...beside.rows, ...page.rows] : [...page.rows, ...beside.rows], count, hasMore: beside.hasMore };
}

async function listMediaOf(account: Account, { peer, filter, before, after, limit = PAGE }: MediaQuestions['media.list']['say']): Promise<MediaRows> {
  const answer = await account.call({
    _: 'messages.search',
    peer: await account.inputPeer(peer),
    q: '',
    filter: FILTERS[filter],
    minDate: 0,
    maxDate: 0,
    offsetId: after === undefined ? (before ?? 0) : after + 1,
    addOffset: after === undefined ? 0 : -limit,
    limit,
    maxId: 0,
    minId: 0,
    hash: Long.ZERO,
  });
  if (answer._ === 'messages.messagesNotModified') return { rows: [], count: 0, hasMore: false };
  const found = answer.messages.map((message) => readMessage(message, account.me)).filter((row) => row !== undefined);
  const rows = found.filter((row) => row.peer === peer && (after === undefined || row.id > after)).sort((first, second) => first.id - second.id);
  return { rows: rows.map((row) => account.store.putMessage(row)), count: 'count' in answer ? answer.count : found.length, hasMore: rows.length >= limit };
}

/** Counts the messages of a chat by their contents, with those of the basic group from which a supergroup was made. */
export async function countMedia(account: Account, peer: PeerId): Promise<Record<MediaFilter, number>> {
  const former = await findFormer(account, peer);
  const counted = await Promise.all([peer, ...(former === undefined ? [] : [former.peer])].map((each) => countMediaOf(account, each)));
  return sumCounts(counted.flat());
}

const countMediaOf = async (account: Account, peer: PeerId): Promise<tl.messages.RawSearchCounter[]> => await account.call({ _: 'messages.getSearchCounters', peer: await account.inputPeer(peer), filters: Object.values(FILTERS) });

/** Adds up what is told of one or two chats. Pure. */
export function sumCounts(counters: readonly tl.messages.RawSearchCounter[]): Record<MediaFilter, number> {
  const countOf = (wanted: tl.TypeMessagesFilter): number => counters.filter(({ filter }) => filter._ === wanted._).reduce((sum, { count }) => sum + count, 0);
  // The cast is safe: there is an entry for each filter.
  return Object.fromEntries(Object.entries(FILTERS).map(([name, filter]) => [name, countOf(filter)])) as Record<MediaFilter, number>;
}
