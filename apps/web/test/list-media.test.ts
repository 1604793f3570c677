import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import Long from 'long';
import { expect, test } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import { countMedia, listMedia } from '../src/worker/list-media.ts';
import { tlPeer } from '../src/worker/models/ids.ts';
import { makeContext, makePeer, SELF } from './made.ts';

const GROUP = -10;
const SUPERGROUP = -1_000_000_000_009;

/** An account with a supergroup that was a basic group: each has messages with these ids. */
async function makeAccount(ids: Record<number, number[]>): Promise<Account> {
  const { store } = await makeContext();
  store.setPeer(makePeer(GROUP, { kind: 'group', migratedTo: SUPERGROUP }));
  store.setPeer(makePeer(SUPERGROUP, { kind: 'supergroup', isMember: true, former: { peer: GROUP, upTo: 9 } }));
  const call = (request: tl.messages.RawSearchRequest | tl.messages.RawGetSearchCountersRequest): Promise<tl.messages.TypeMessages | tl.messages.TypeSearchCounter[]> => {
    const chat = request.peer._ === 'inputPeerChat' ? GROUP : SUPERGROUP;
    if (request._ === 'messages.getSearchCounters') return Promise.resolve(request.filters.map((filter) => ({ _: 'messages.searchCounter', filter, count: filter._ === 'inputMessagesFilterGif' ? ids[chat]!.length : 0 })));
    const { offsetId, addOffset, limit } = request;
    const all = ids[chat]!.toSorted((first, second) => second - first);
    const found = all.findIndex((id) => offsetId === 0 || id < offsetId);
    const start = Math.max(0, (found === -1 ? all.length : found) + addOffset);
    const messages = all.slice(start, start + limit).map((id) => ({ _: 'message' as const, id, peerId: tlPeer(chat), fromId: tlPeer(5), date: id, message: '' }));
    return Promise.resolve({ _: 'messages.messagesSlice', count: all.length, messages, chats: [], users: [], topics: [] });
  };
  const inputPeer = (peer: number): tl.TypeInputPeer => (peer === GROUP ? { _: 'inputPeerChat', chatId: 10 } : { _: 'inputPeerChannel', channelId: 9, accessHash: Long.ONE });
  return { store, me: SELF, call, inputPeer } as unknown as Account;
}

/** Messages as `peer:id`. */
const write = ({ rows }: Awaited<ReturnType<typeof listMedia>>): string[] => rows.map(({ peer, id }) => `${peer === GROUP ? 'old' : 'new'}:${id}`);

test('media of a supergroup go on in the basic group that it was, and lead back from there', async () => {
  const account = await makeAccount({ [GROUP]: [2, 4, 6], [SUPERGROUP]: [2, 5] });
  const newest = await listMedia(account, { peer: SUPERGROUP, filter: 'media', limit: 3 });
  expect([write(newest), newest.count, newest.hasMore]).toEqual([['old:6', 'new:2', 'new:5'], 5, true]);
  const older = await listMedia(account, { peer: GROUP, filter: 'media', before: 6, limit: 3 });
  expect([write(older), older.count, older.hasMore]).toEqual([['old:2', 'old:4'], 5, false]);
  const newer = await listMedia(account, { peer: GROUP, filter: 'media', after: 4, limit: 3 });
  expect([write(newer), newer.count, newer.hasMore]).toEqual([['old:6', 'new:2', 'new:5'], 5, true]);
});

test('what was sent in both is counted by its kind', async () => {
  const account = await makeAccount({ [GROUP]: [2, 4, 6], [SUPERGROUP]: [2, 5] });
  expect(await countMedia(account, SUPERGROUP)).toEqual({ media: 0, files: 0, links: 0, music: 0, voice: 0, gifs: 5 });
});
