import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const EMPTY: tl.TypeMessagesFilter = { _: 'inputMessagesFilterEmpty' };
const open = { minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };

type Found = Exclude<tl.messages.TypeMessages, tl.messages.RawMessagesNotModified>;

function opened(answer: tl.messages.TypeMessages): Found {
  if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
  return answer;
}

const textsOf = (answer: tl.messages.TypeMessages): string[] => opened(answer).messages.map((message) => (message._ === 'message' ? message.message : message._));

/** What somebody finds in a channel. */
async function finds(who: Actor, id: number, q: string, more: Partial<tl.messages.RawSearchRequest> = {}): Promise<string[]> {
  return textsOf(await who.main.call({ _: 'messages.search', peer: who.main.inputPeer(id), q, filter: EMPTY, ...open, ...more }));
}

/** A page of a search in all chats. */
async function searchAll(who: Actor, q: string, more: Partial<tl.messages.RawSearchGlobalRequest> = {}): Promise<Found> {
  const request = { _: 'messages.searchGlobal', q, filter: EMPTY, minDate: 0, maxDate: 0, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 20, ...more } as const;
  return opened(await who.main.call(request));
}

describe.each(['megagroup', 'broadcast'] as const)('in a %s', (kind) => {
  test('members find what was posted, as it is now, with the pts of the channel', async () => {
    const { id, alice, bob } = await channelStage(scenario, kind);
    const first = await postIn(alice, id, 'the old wording');
    await postIn(alice, id, 'Завтра едем на море');
    expect(await finds(bob, id, 'old')).toEqual(['the old wording']);
    expect(await finds(bob, id, 'мор')).toEqual(['Завтра едем на море']);
    const answer = opened(await bob.main.call({ _: 'messages.search', peer: bob.main.inputPeer(id), q: 'old', filter: EMPTY, ...open }));
    expect(answer).toMatchObject({ _: 'messages.channelMessages', count: 1, pts: alice.main.state.channels.find(id)!.line.pts });
    expect(answer.chats).toMatchObject([{ _: 'channel', min: false }]);
    await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: first, message: 'a new wording' });
    expect(await finds(bob, id, 'old')).toEqual([]);
    expect(await finds(bob, id, 'new')).toEqual(['a new wording']);
    await alice.main.call({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [first] });
    expect(await finds(bob, id, 'wording')).toEqual([]);
  });

  test('pages, counters, calendar and positions cover the messages of a kind', async () => {
    const { id, alice, bob } = await channelStage(scenario, kind);
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) ids.push(await postIn(alice, id, `see https://example.org/${n}`));
    await postIn(alice, id, 'without a link');
    const urls: tl.TypeMessagesFilter = { _: 'inputMessagesFilterUrl' };
    expect(await finds(bob, id, 'see', { limit: 2, offsetId: ids[3]! })).toEqual(['see https://example.org/2', 'see https://example.org/1']);
    expect(await finds(bob, id, '', { filter: urls, maxId: ids[2]!, minId: ids[0]! })).toEqual(['see https://example.org/1']);
    const peer = bob.main.inputPeer(id);
    const counters = await bob.main.call({ _: 'messages.getSearchCounters', peer, filters: [urls, { _: 'inputMessagesFilterPhotos' }] });
    expect(counters.map(({ count }) => count)).toEqual([5, 0]);
    const calendar = await bob.main.call({ _: 'messages.getSearchResultsCalendar', peer, filter: urls, offsetId: 0, offsetDate: 0 });
    expect(calendar).toMatchObject({ count: 5, minMsgId: ids[0], periods: [{ minMsgId: ids[0], maxMsgId: ids[4], count: 5 }], messages: [{ id: ids[4] }, { id: ids[0] }] });
    const { positions } = await bob.main.call({ _: 'messages.getSearchResultsPositions', peer, filter: urls, offsetId: 0, limit: 10 });
    expect(positions.map(({ msgId, offset }) => [msgId, offset])).toEqual(ids.toReversed().map((msgId, offset) => [msgId, offset]));
  });
});

test('an author, and not an anonymous one, is found by the messages they wrote', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await postIn(bob, id, 'from Bob');
  await postIn(carol, id, 'from Carol');
  await alice.main.change({
    _: 'channels.editAdmin', channel: alice.main.inputChannel(id), userId: alice.main.inputUser(alice.id), rank: '', adminRights: { _: 'chatAdminRights', anonymous: true },
  });
  await postIn(alice, id, 'from nobody');
  expect(await finds(carol, id, 'from', { fromId: carol.main.inputPeer(bob.id) })).toEqual(['from Bob']);
  expect(await finds(carol, id, 'from', { fromId: { _: 'inputPeerSelf' } })).toEqual(['from Carol']);
  expect(await finds(carol, id, 'from', { fromId: carol.main.inputPeer(alice.id) })).toEqual([]);
  expect(await finds(carol, id, 'from', { fromId: carol.main.inputPeer(id) })).toEqual(['from nobody']);
});

test('former members and strangers find nothing', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await postIn(alice, id, 'secret treasure');
  const [dora] = (await people(scenario, 'Dora')) as [Actor];
  expect(textsOf(await searchAll(bob, 'treasure'))).toEqual(['secret treasure']);
  const [left, banned] = [bob.main.inputPeer(id), carol.main.inputPeer(id)];
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(carol.id), bannedRights });
  for (const [who, peer, error] of [[bob, left, 'CHANNEL_PRIVATE'], [carol, banned, 'CHANNEL_PRIVATE'], [dora, left, 'CHANNEL_INVALID']] as const) {
    expect(textsOf(await searchAll(who, 'treasure'))).toEqual([]);
    expect(await who.main.fails({ _: 'messages.search', peer, q: 'treasure', filter: EMPTY, ...open })).toMatchObject({ text: error });
    expect(await who.main.fails({ _: 'messages.getSearchCounters', peer, filters: [EMPTY] })).toMatchObject({ text: error });
  }
});

describe('a search in all chats', () => {
  test('covers private chats, groups and channels, by kind, in pages by date', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const news = await createChannel(alice, 'broadcast', 'News');
    await inviteTo(alice, news, [bob]);
    const group = await createGroup(alice, [bob]);
    await alice.send(bob, 'needle in the chat');
    await write(alice, group, 'needle in the group');
    await postIn(alice, id, 'needle in the supergroup');
    await postIn(alice, news, 'needle in the channel');
    await bob.sees('needle in the group');
    const all = ['needle in the channel', 'needle in the chat', 'needle in the group', 'needle in the supergroup'];
    const answer = await searchAll(bob, 'needle');
    expect(textsOf(answer).toSorted()).toEqual(all);
    expect(answer.chats.map((chat) => chat._).toSorted()).toEqual(['channel', 'channel', 'chat']);
    expect(textsOf(await searchAll(bob, 'needle', { usersOnly: true }))).toEqual(['needle in the chat']);
    expect(textsOf(await searchAll(bob, 'needle', { groupsOnly: true })).toSorted()).toEqual(['needle in the group', 'needle in the supergroup']);
    expect(textsOf(await searchAll(bob, 'needle', { broadcastsOnly: true }))).toEqual(['needle in the channel']);
    const seen: string[] = [];
    for (let more: Partial<tl.messages.RawSearchGlobalRequest> = { limit: 1 }; ; ) {
      const page = await searchAll(bob, 'needle', more);
      seen.push(...textsOf(page));
      const last = page.messages.at(-1);
      if (page._ !== 'messages.messagesSlice' || last?._ !== 'message') break;
      expect(page.count).toBe(4);
      const marked = last.peerId._ === 'peerChannel' ? -1_000_000_000_000 - last.peerId.channelId : last.peerId._ === 'peerChat' ? -last.peerId.chatId : last.peerId.userId;
      more = { limit: 1, offsetRate: page.nextRate!, offsetId: last.id, offsetPeer: bob.main.inputPeer(marked) };
    }
    expect(seen.toSorted()).toEqual(all);
  });

  test('covers only the archive if that is asked for', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await postIn(alice, id, 'haystack');
    expect(textsOf(await searchAll(bob, 'haystack', { folderId: 1 }))).toEqual([]);
    await bob.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: bob.main.inputPeer(id), folderId: 1 }] });
    expect(textsOf(await searchAll(bob, 'haystack', { folderId: 1 }))).toEqual(['haystack']);
    expect(textsOf(await searchAll(bob, 'haystack', { folderId: 0 }))).toEqual([]);
  });

  test('refuses empty queries and folders that do not exist', async () => {
    const [alice] = (await people(scenario, 'Alice')) as [Actor];
    const request = { _: 'messages.searchGlobal', filter: EMPTY, minDate: 0, maxDate: 0, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 1 } as const;
    expect(await alice.main.fails({ ...request, q: ' ' })).toMatchObject({ text: 'SEARCH_QUERY_EMPTY' });
    expect(await alice.main.fails({ ...request, q: 'x', folderId: 7 })).toMatchObject({ text: 'FOLDER_ID_INVALID' });
  });
});

test('a page of a search everywhere does not tell strangers when a message of a private channel was posted', async () => {
  const { id, carol } = await channelStage(scenario);
  const secret = await postIn(carol, id, 'secret');
  await finds(carol, id, 'secret');
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  for (let n = 0; n < 3; n++) await dave.main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: `needle ${n}`, randomId: Long.fromNumber(n + 1) });
  expect(textsOf(await searchAll(dave, 'needle'))).toHaveLength(3);
  await sql`UPDATE message_search SET date = date - 10 WHERE owner_id = ${BigInt(dave.id)}`.execute(scenario.server.db.q);
  const offsetPeer = { _: 'inputPeerChannel', channelId: -id - 1_000_000_000_000, accessHash: Long.ONE } as const;
  // The client says that the last message was old, so nothing follows, however new the message of the channel is.
  expect(textsOf(await searchAll(dave, 'needle', { offsetPeer, offsetId: secret, offsetRate: 1 }))).toEqual([]);
});

test('counters count each filter once', async () => {
  const { id, bob } = await channelStage(scenario);
  const filters = [EMPTY, { _: 'inputMessagesFilterUrl' }, EMPTY] as const;
  const counters = await bob.main.call({ _: 'messages.getSearchCounters', peer: bob.main.inputPeer(id), filters: [...filters] });
  expect(counters.map(({ filter }) => filter._)).toEqual(['inputMessagesFilterEmpty', 'inputMessagesFilterUrl']);
});
