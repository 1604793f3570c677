import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MediaFilter, MediaQuestions } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { type MessageRow, readMessage } from './models/message.ts';

const FILTERS: Record<MediaFilter, tl.TypeMessagesFilter> = {
  media: { _: 'inputMessagesFilterPhotoVideo' },
  files: { _: 'inputMessagesFilterDocument' },
  links: { _: 'inputMessagesFilterUrl' },
  music: { _: 'inputMessagesFilterMusic' },
  voice: { _: 'inputMessagesFilterRoundVoice' },
};

const PAGE = 50;

/** Asks for messages of a chat with certain contents. @returns them from old to new */
export async function listMedia(
  account: Account,
  { peer, filter, before, after, limit = PAGE }: MediaQuestions['media.list']['say'],
): Promise<{ rows: MessageRow[]; count: number; hasMore: boolean }> {
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
