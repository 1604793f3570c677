import { randomBytes } from 'node:crypto';
import type { MtcuteTransport } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Text of the greatest length that compresses badly. */
const noise = (): string => randomBytes(3072).toString('base64').slice(0, 4096);

test.each<MtcuteTransport>(['intermediate', 'padded', 'obfuscated', 'websocket'])('a long answer, sealed in another thread, arrives whole over %s', async (transport) => {
  const [alice, bob] = [await scenario.world.user('Alice', { transport }), await scenario.world.user('Bob')];
  const texts = Array.from({ length: 30 }, noise);
  for (const text of texts) await alice.send(bob, text);
  const history = await alice.main.call({
    _: 'messages.getHistory', peer: alice.main.inputPeer(bob.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO,
  });
  if (history._ === 'messages.messagesNotModified') throw new Error(history._);
  expect(history.messages.map((message) => (message._ === 'message' ? message.message : message._)).reverse()).toEqual(texts);
  // Whatever comes after it on the same connection is in order.
  await bob.send(alice, 'still there?');
  expect((await alice.sees('still there?')).from).toBe(bob.id);
});

test.each<MtcuteTransport>(['intermediate', 'websocket'])('long requests, opened in another thread, are answered over %s, and short ones of others meanwhile', async (transport) => {
  const [alice, bob] = [await scenario.world.user('Alice', { transport }), await scenario.world.user('Bob')];
  const title = randomBytes(525_000).toString('base64');
  const refused = Array.from({ length: 7 }, () => alice.main.fails({ _: 'messages.createChat', users: [], title }));
  for (let i = 0; i < 5; i++) await bob.main.call({ _: 'help.getNearestDc' });
  for (const refusal of await Promise.all(refused)) expect(refusal.text).toBe('INPUT_REQUEST_TOO_LONG');
});
