import { encode, LAYER, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
let person: { authKeyId: bigint; userId: bigint };
let bot: { authKeyId: bigint; userId: bigint };
beforeAll(async () => {
  world = await createRpcWorld('grant-repeats');
  person = await world.signUp('9996610001', 'Alice');
  bot = await world.logInBot('repeats_bot');
});
afterAll(() => world[Symbol.asyncDispose]());

const hashOf = (kind: 'user' | 'channel', id: bigint): bigint => world.domain.accessHashes.of(kind, person.userId, id);

/** Calls as the person, with this message id: the same one is a repeat of a call whose answer was lost. @returns the answer, or its error */
async function call(msgId: bigint, query: tl.messages.sendBotRequestedPeer | tl.bots.allowSendMessage): Promise<tl.updates | string> {
  const session = { authKeyId: person.authKeyId, sessionId: 1n, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 };
  const answer = await world.dispatcher.dispatch({ session, msgId, body: encode({ _: 'invokeWithLayer', layer: LAYER, query }) });
  return answer.error ?? (readResult(new TlReader(answer.body), query._) as tl.updates);
}

/** The ids of the service messages in an answer. */
const idsIn = (answer: tl.updates | string): number[] =>
  typeof answer === 'string' ? [] : answer.updates.flatMap((update) => (update._ === 'updateNewMessage' && update.message._ === 'messageService' ? [update.message.id] : []));

/** How many messages the bot has. */
const countCopies = async (): Promise<number> => (await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bot.userId).execute()).length;

it('a repeated permission is answered with the same message, and another call with none', async () => {
  const allow = { _: 'bots.allowSendMessage', bot: { _: 'inputUser', user_id: bot.userId, access_hash: hashOf('user', bot.userId) } } as const;
  const first = await call(1n << 32n, allow);
  expect(idsIn(first)).toHaveLength(1);
  expect(idsIn(await call(1n << 32n, allow))).toEqual(idsIn(first));
  expect(idsIn(await call((1n << 32n) + 4n, allow))).toEqual([]);
  expect(await countCopies()).toBe(1);
});

it('a repeated answer to a key adds the bot to the group once and shares the group once', async () => {
  const rows: tl.KeyboardButtonRow[] = [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'Choose', type: { _: 'inputButtonTypeRequestPeer', button_id: 1, peer_type: { _: 'requestPeerTypeChat', bot_participant: true }, max_quantity: 1 } }] }];
  const asked = await world.call(bot.authKeyId, {
    _: 'messages.sendMessage', peer: { _: 'inputPeerUser', user_id: person.userId, access_hash: 0n }, message: 'a group, please', random_id: 1n, reply_markup: { _: 'replyKeyboardMarkup', rows },
  });
  expect(asked.error).toBeUndefined();
  const [{ msg_id }] = (await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', person.userId).where('text', '=', 'a group, please').execute()) as [{ msg_id: number }];
  await world.call(person.authKeyId, { _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' });
  const { channel_id } = await world.db.q.selectFrom('channels').select('channel_id').executeTakeFirstOrThrow();
  const request: tl.messages.sendBotRequestedPeer = {
    _: 'messages.sendBotRequestedPeer', peer: { _: 'inputPeerUser', user_id: bot.userId, access_hash: hashOf('user', bot.userId) }, msg_id, button_id: 1,
    requested_peers: [{ _: 'inputPeerChannel', channel_id, access_hash: hashOf('channel', channel_id) }],
  };
  const before = await countCopies();
  const first = await call(1n << 33n, request);
  expect(idsIn(first)).toHaveLength(1);
  expect(idsIn(await call(1n << 33n, request))).toEqual(idsIn(first));
  expect(await countCopies()).toBe(before + 1);
  const { posts } = await world.db.q.selectFrom('channel_messages').select((eb) => eb.fn.countAll<string>().as('posts')).executeTakeFirstOrThrow();
  // That it was created, and that the bot was added.
  expect(Number(posts)).toBe(2);
  // Another call is another answer; a repeat of one whose message was deleted is refused.
  expect(idsIn(await call((1n << 33n) + 4n, request))).toHaveLength(1);
  await world.call(person.authKeyId, { _: 'messages.deleteMessages', id: idsIn(first) });
  expect(await call(1n << 33n, request)).toBe('RANDOM_ID_DUPLICATE');
  expect(await countCopies()).toBe(before + 2);
});
