import { QUOTAS } from '@aerogram/domain';
import { watchQuotas } from '@aerogram/node/testing';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { methods } from '../../src/index.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
let alice: { authKeyId: bigint; userId: bigint };
let bob: { authKeyId: bigint; userId: bigint };

/** Signs up with an ordinary number, because test numbers are exempt from most quotas. */
async function signUpForReal(phone: string): Promise<{ authKeyId: bigint; userId: bigint }> {
  const authKeyId = await world.newKey();
  await world.call(authKeyId, { _: 'auth.sendCode', phone_number: phone, api_id: 1, api_hash: 'h', settings: { _: 'codeSettings' } });
  const row = await world.db.q.selectFrom('login_codes').select(['code', 'code_hash']).where('phone', '=', phone).executeTakeFirstOrThrow();
  const login = { phone_number: phone, phone_code_hash: row.code_hash };
  await world.call(authKeyId, { _: 'auth.signIn', ...login, phone_code: row.code });
  const { caller } = await world.call(authKeyId, { _: 'auth.signUp', ...login, first_name: 'Someone', last_name: '' });
  return { authKeyId, userId: caller.userId! };
}

/** Other test files of this process may have made a method spend more. */
function expectSpent(method: string, quotas: readonly (keyof typeof QUOTAS)[]): void {
  expect([...(watchQuotas().get(method) ?? [])]).toEqual(expect.arrayContaining([...quotas]));
}

beforeAll(async () => {
  world = await createRpcWorld('quotas');
  alice = await signUpForReal('4915112345678');
  bob = await signUpForReal('4915112345679');
  await world.call(alice.authKeyId, { _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', client_id: 1n, phone: '+4915112345679', first_name: 'Bob', last_name: '' }] });
});
afterAll(() => world[Symbol.asyncDispose]());

test.each<[tl.AnyMethod['_'], (keyof typeof QUOTAS)[]]>([
  ['auth.sendCode', ['codeRequests', 'codeGuesses', 'codesOfNumber']],
  ['auth.signIn', ['guessesOfCode', 'codeGuesses']],
  ['contacts.importContacts', ['phoneLookups']],
])('%s spends the quotas that it declares', (method, quotas) => {
  expectSpent(method, quotas);
  expect(methods.find((one) => one.method === method)!.quotas).toEqual(expect.arrayContaining(quotas));
});

test('a message to a stranger spends the quotas of the recipient and of the sender', async () => {
  const peer: tl.InputPeer = { _: 'inputPeerUser', user_id: bob.userId, access_hash: world.domain.accessHashes.of('user', alice.userId, bob.userId) };
  await world.call(alice.authKeyId, { _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } });
  const { error } = await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message: 'hello', random_id: 7n });
  expect(error).toBeUndefined();
  expectSpent('messages.sendMessage', ['inboundMessages', 'inboundFromStrangers', 'firstContactsWhenNew']);
  expectSpent('messages.setTyping', ['typing', 'inboundTyping']);
  // A pin adds a service message to the box of the other.
  expect((await world.call(alice.authKeyId, { _: 'messages.updatePinnedMessage', peer, id: 1 })).error).toBeUndefined();
  expectSpent('messages.updatePinnedMessage', ['inboundMessages']);
  const change = { peer, id: 1, msg_id: 1, reaction: [{ _: 'reactionEmoji' as const, emoticon: '\u{1f44d}' }] };
  for (const method of ['messages.editMessage', 'messages.sendReaction'] as const) {
    expect((await world.call(alice.authKeyId, { _: method, ...change, message: 'hello again' })).error).toBeUndefined();
    expectSpent(method, ['inboundMessages', 'inboundFromStrangers']);
  }
});

test('reactions in a basic group spend the quota of messages to it', async () => {
  await world.call(alice.authKeyId, { _: 'messages.createChat', users: [], title: 'Climbing' });
  const { chat_id } = await world.db.q.selectFrom('chats').select('chat_id').where('creator_id', '=', alice.userId).executeTakeFirstOrThrow();
  const peer: tl.InputPeer = { _: 'inputPeerChat', chat_id };
  expect((await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message: 'hello', random_id: 9n })).error).toBeUndefined();
  const { msg_id } = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice.userId).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow();
  expect((await world.call(alice.authKeyId, { _: 'messages.sendReaction', peer, msg_id, reaction: [{ _: 'reactionEmoji', emoticon: '\u{1f44d}' }] })).error).toBeUndefined();
  expectSpent('messages.sendReaction', ['chatMessages']);
});

test('votes spend the quota of the voter', async () => {
  const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
  const poll: tl.poll = { _: 'poll', id: 0n, question: words('Well?'), answers: [{ _: 'inputPollAnswer', text: words('yes') }], hash: 0n };
  const peer: tl.InputPeer = { _: 'inputPeerSelf' };
  expect((await world.call(alice.authKeyId, { _: 'messages.sendMedia', peer, media: { _: 'inputMediaPoll', poll }, message: '', random_id: 10n })).error).toBeUndefined();
  const { msg_id } = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice.userId).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow();
  const vote = async (): Promise<unknown> => (await world.call(alice.authKeyId, { _: 'messages.sendVote', peer, msg_id, options: [Buffer.from('0')] })).error;
  let refused: unknown;
  // Tokens come back while the calls are made.
  for (let n = 0; n < 2 * QUOTAS.pollVotes.capacity && refused === undefined; n++) refused = await vote();
  expect(refused).toMatch(/^FLOOD_WAIT_/);
  expectSpent('messages.sendVote', ['pollVotes']);
});

test('messages and pins in a channel spend the quotas of their author in it', async () => {
  await world.call(alice.authKeyId, { _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' });
  const { channel_id } = await world.db.q.selectFrom('channels').select('channel_id').where('creator_id', '=', alice.userId).executeTakeFirstOrThrow();
  const channel = { channel_id, access_hash: world.domain.accessHashes.of('channel', alice.userId, channel_id) };
  const peer: tl.InputPeer = { _: 'inputPeerChannel', ...channel };
  const sent = await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message: 'hello', random_id: 8n });
  expect(sent.error).toBeUndefined();
  await world.call(alice.authKeyId, { _: 'messages.updatePinnedMessage', peer, id: 2 });
  expectSpent('messages.sendMessage', ['chatMessages']);
  expectSpent('messages.updatePinnedMessage', ['chatNotices']);
  await world.call(alice.authKeyId, { _: 'channels.editTitle', channel: { _: 'inputChannel', ...channel }, title: 'Bouldering' });
  expectSpent('channels.editTitle', ['chatNotices']);
  await world.call(alice.authKeyId, { _: 'channels.toggleForum', channel: { _: 'inputChannel', ...channel }, enabled: true, tabs: false });
  expect((await world.call(alice.authKeyId, { _: 'messages.updatePinnedForumTopic', peer, topic_id: 1, pinned: true })).error).toBeUndefined();
  expect((await world.call(alice.authKeyId, { _: 'messages.reorderPinnedForumTopics', peer, order: [], force: true })).error).toBeUndefined();
  for (const method of ['messages.updatePinnedForumTopic', 'messages.reorderPinnedForumTopics']) expectSpent(method, ['chatNotices']);
});

/** Those of the admin page and of the pages of invitation links, which call no methods. */
const OF_PAGES: readonly (keyof typeof QUOTAS)[] = ['adminLogIns', 'adminLogInsOfNumber', 'adminCodeGuesses', 'adminChanges', 'adminNotices', 'invitePages', 'inviteForms'];

test('every quota is declared by a method', () => {
  const declared = new Set([...OF_PAGES, ...methods.flatMap(({ quotas }) => quotas ?? [])]);
  expect(Object.keys(QUOTAS).filter((name) => !declared.has(name as keyof typeof QUOTAS))).toEqual([]);
});
