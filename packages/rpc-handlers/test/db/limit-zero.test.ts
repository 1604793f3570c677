import { indexAllBehind } from '@aerogram/domain';
import { type METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { loadSchema } from './random-schema.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const schema = loadSchema();
const fieldsOf = (method: string): string[] => schema.methods.get(method)!.fields.map(({ name }) => name);
const limited = methods.filter(({ method }) => fieldsOf(method).includes('limit'));
const windows = limited.map(({ method }) => method).filter((method) => fieldsOf(method).includes('add_offset'));

/** Methods whose `limit` is no number of rows, or has no effect, each with the reason. */
const OTHERS: Record<string, string> = {
  'upload.getFile': 'bytes, never 0',
  'upload.getWebFile': 'bytes, never 0',
  'account.getUniqueGiftChatThemes': 'always empty, for good',
  'premium.getBoostsList': 'always empty, for good',
  'contacts.setBlocked': 'a change, which names all peers',
  'messages.getMessageReactionsList': 'outside of channels it always answers the whole list, which is short',
  'messages.getArchivedStickers': 'tests/scenarios/installed-stickers.test.ts, where sets are archived',
  'messages.getMyStickers': 'tests/scenarios/made-stickers.test.ts, where sets are made',
  'messages.getOldFeaturedStickers': 'empty so far, because few sets are featured',
  'photos.getUserPhotos': 'tests/scenarios/profile-photos.test.ts, where photos are uploaded',
  'users.getSavedMusic': 'tests/scenarios/kept-documents.test.ts, where files are uploaded',
};

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

type Body = Record<string, unknown>;

/** A list that shows at least two rows to Alice; each is asked with `limit` added. */
const lists: Record<string, () => Body> = {
  'channels.getAdminLog': () => ({ channel: channel(), q: '', max_id: 0n, min_id: 0n }),
  'channels.getParticipants': () => ({ channel: channel(), filter: { _: 'channelParticipantsRecent' }, offset: 0, hash: 0n }),
  'channels.searchPosts': () => ({ hashtag: 'lists', offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0 }),
  'contacts.getBlocked': () => ({ offset: 0 }),
  'contacts.getTopPeers': () => ({ correspondents: true, offset: 0, hash: 0n }),
  'contacts.search': () => ({ q: 'Both' }),
  'messages.getChatInviteImporters': () => ({ requested: true, peer: peer(), offset_date: 0, offset_user: { _: 'inputUserEmpty' } }),
  'messages.getCommonChats': () => ({ user_id: inputUser(friends[0]!), max_id: 0n }),
  'messages.getDialogs': () => ({ offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, hash: 0n }),
  'messages.getExportedChatInvites': () => ({ peer: peer(), admin_id: { _: 'inputUserSelf' } }),
  'messages.getForumTopics': () => ({ peer: peer(forumId), offset_date: 0, offset_id: 0, offset_topic: 0 }),
  'messages.getPersonalChannelHistory': () => ({ user_id: { _: 'inputUserSelf' }, max_id: 0, min_id: 0, hash: 0n }),
  'messages.getPollVotes': () => ({ peer: peer(), id: pollMsgId }),
  'messages.getRecentLocations': () => ({ peer: peerOf(friends[0]!), hash: 0n }),
  'messages.getRecentReactions': () => ({ hash: 0n }),
  'messages.getSavedDialogs': () => ({ offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, hash: 0n }),
  'messages.getSearchResultsPositions': () => ({ peer: peerOf(friends[0]!), filter: { _: 'inputMessagesFilterUrl' }, offset_id: 0 }),
  'messages.getTopReactions': () => ({ hash: 0n }),
  'messages.searchGlobal': () => ({ q: 'example', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0 }),
  'messages.searchStickers': () => ({ q: 'face', emoticon: '', lang_code: ['en'], offset: 0, hash: 0n }),
  'messages.searchSentMedia': () => ({ q: '', filter: { _: 'inputMessagesFilterUrl' } }),
  'updates.getChannelDifference': () => ({ channel: channel(), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1 }),
};

let world: RpcWorld;
let alice: Person;
const friends: Person[] = [];
/** A public supergroup of Alice. */
let groupId = 0n;
/** A poll in it with two votes. */
let pollMsgId = 0;
/** Another one, with two topics. */
let forumId = 0n;

const hash = (kind: 'user' | 'channel', viewer: Person, id: bigint): bigint => world.domain.accessHashes.of(kind, viewer.userId, id);
const inputUser = (person: Person, viewer = alice): tl.inputUser => ({ _: 'inputUser', user_id: person.userId, access_hash: hash('user', viewer, person.userId) });
const peerOf = (person: Person, viewer = alice): tl.inputPeerUser => ({ _: 'inputPeerUser', user_id: person.userId, access_hash: hash('user', viewer, person.userId) });
const channel = (id = groupId): tl.inputChannel => ({ _: 'inputChannel', channel_id: id, access_hash: hash('channel', alice, id) });
const peer = (id = groupId): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id: id, access_hash: hash('channel', alice, id) });

async function raw(who: Person, query: Body): Promise<Uint8Array> {
  const { body, error } = await world.call(who.authKeyId, query as unknown as tl.AnyMethod);
  if (error !== undefined) throw new Error(`${String(query['_'])} answers ${error}`);
  return body;
}

async function ask<T>(who: Person, query: Body): Promise<T> {
  return readResult(new TlReader(await raw(who, query)), query['_'] as keyof typeof METHODS) as T;
}

const send = (to: object, message: string, from = alice): Promise<Uint8Array> => raw(from, { _: 'messages.sendMessage', peer: to, message, random_id: world.random.int63() });

beforeAll(async () => {
  world = await createRpcWorld('limit-zero');
  alice = await world.signUp('9996640000', 'Alice');
  for (let n = 1; n <= 4; n++) friends.push(await world.signUp(`999664000${n}`, `Friend ${n}`));
  const [first, second] = friends as [Person, Person, Person, Person];
  const links: string[] = [];
  const open = async (title: string, kind: 'broadcast' | 'megagroup', username: string): Promise<bigint> => {
    const { chats } = await ask<tl.updates>(alice, { _: 'channels.createChannel', [kind]: true, title, about: '' });
    const { id } = chats[0] as tl.channel;
    await raw(alice, { _: 'channels.updateUsername', channel: channel(id), username });
    return id;
  };
  groupId = await open('Group', 'megagroup', 'group_of_lists');
  forumId = await open('Forum', 'megagroup', 'forum_of_lists');
  await raw(alice, { _: 'channels.toggleForum', channel: channel(forumId), enabled: true, tabs: false });
  await raw(alice, { _: 'messages.createForumTopic', peer: peer(forumId), title: 'Ropes', random_id: world.random.int63() });
  const newsId = await open('News', 'broadcast', 'news_of_lists');
  await raw(alice, { _: 'account.updatePersonalChannel', channel: channel(newsId) });
  for (const person of [first, second]) {
    await send(peerOf(alice, person), 'hi', person);
    await send(peerOf(person), 'see https://example.com');
    await send(peerOf(person), 'or https://example.org');
    await raw(alice, { _: 'messages.createChat', users: [inputUser(first)], title: 'Both' });
    const live = { _: 'inputMediaGeoLive', geo_point: { _: 'inputGeoPoint', lat: 1, long: 1 }, period: 900 };
    const [me, other] = person === first ? [alice, first] : [first, alice];
    await raw(me, { _: 'messages.sendMedia', peer: peerOf(other, me), media: live, message: '', random_id: world.random.int63() });
    await send(peer(newsId), '#lists');
  }
  await raw(alice, { _: 'channels.inviteToChannel', channel: channel(), users: [inputUser(first), inputUser(second)] });
  for (let n = 0; n < 2; n++) {
    const { link } = await ask<tl.chatInviteExported>(alice, { _: 'messages.exportChatInvite', peer: peer(), request_needed: true });
    links.push(link);
  }
  for (const [n, person] of friends.slice(2).entries()) {
    await world.call(person.authKeyId, { _: 'messages.importChatInvite', hash: links[n]!.split('+')[1]! });
    await raw(alice, { _: 'contacts.block', id: peerOf(person) });
  }
  const answers = ['yes', 'no'].map((text) => ({ _: 'pollAnswer', text: { _: 'textWithEntities', text, entities: [] }, option: Buffer.from(text) }));
  const poll = { _: 'poll', id: 0n, public_voters: true, question: { _: 'textWithEntities', text: 'Well?', entities: [] }, answers, hash: 0n };
  const posted = await ask<tl.updates>(alice, { _: 'messages.sendMedia', peer: peer(), media: { _: 'inputMediaPoll', poll }, message: '', random_id: world.random.int63() });
  pollMsgId = (posted.updates.find(({ _ }) => _ === 'updateMessageID') as tl.updateMessageID).id;
  for (const person of [alice, first]) await raw(person, { _: 'messages.sendVote', peer: { ...peer(), access_hash: hash('channel', person, groupId) }, msg_id: pollMsgId, options: [Buffer.from('yes')] });
  for (const [n, person] of [first, second].entries()) {
    const { messages } = await ask<tl.messages.messagesSlice>(alice, { _: 'messages.getHistory', peer: peerOf(person), offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n });
    const { id } = messages.find((message) => message._ === 'message' && message.message !== '')! as tl.message;
    await raw(alice, { _: 'messages.forwardMessages', from_peer: peerOf(person), to_peer: { _: 'inputPeerSelf' }, id: [id], random_id: [world.random.int63()] });
    await raw(alice, { _: 'messages.sendReaction', add_to_recent: true, peer: peerOf(person), msg_id: id, reaction: [{ _: 'reactionEmoji', emoticon: ['👍', '🔥'][n]! }] });
  }
  // A search in public posts does not wait for the index, which lags by some hundred milliseconds.
  await indexAllBehind(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a limit of 0', () => {
  it('is looked at for every method that has a limit', () => {
    const known = new Set([...windows, ...Object.keys(lists), ...Object.keys(OTHERS), ...limited.filter(({ empty }) => empty !== undefined).map(({ method }) => method)]);
    expect(limited.map(({ method }) => method).filter((method) => !known.has(method))).toEqual([]);
  });

  it.each(Object.keys(lists))('means as many as the server gives: %s', async (method) => {
    const request = { _: method, ...lists[method]!() };
    const [all, none, negative, one] = [await raw(alice, { ...request, limit: 100 }), await raw(alice, { ...request, limit: 0 }), await raw(alice, { ...request, limit: -1 }), await raw(alice, { ...request, limit: 1 })];
    expect(one.length).toBeLessThan(all.length);
    expect(Buffer.from(none).toString('hex')).toBe(Buffer.from(all).toString('hex'));
    expect(Buffer.from(negative).toString('hex')).toBe(Buffer.from(all).toString('hex'));
  });

  it('asks for the number of messages alone, where a method selects a window around a message', async () => {
    expect(windows).toEqual(expect.arrayContaining(['messages.getHistory', 'messages.search', 'messages.getSavedHistory', 'messages.getUnreadMentions', 'messages.getUnreadPollVotes', 'messages.getUnreadReactions']));
    const window = { offset_id: 0, add_offset: 0, limit: 0, max_id: 0, min_id: 0, hash: 0n };
    for (const query of [
      { _: 'messages.getHistory', offset_date: 0, peer: peerOf(friends[0]!), ...window },
      { _: 'messages.search', q: '', filter: { _: 'inputMessagesFilterUrl' }, min_date: 0, max_date: 0, peer: peerOf(friends[0]!), ...window },
    ]) {
      const { messages, count } = await ask<tl.messages.messagesSlice>(alice, query);
      expect(messages).toEqual([]);
      expect(count).toBeGreaterThanOrEqual(2);
    }
  });
});
