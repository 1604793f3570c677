import { authTopic } from '@aerogram/bus';
import { expect, test } from 'vitest';
import { EndingKeys } from '../src/sessions/ending-keys.ts';
import type { KeyEntry } from '../src/sessions/gateway-session.ts';
import { call, openStage, openUser } from './gateway-stage.ts';

test('the sessions and connections of a temporary key end when it expires, even if the client is silent', async () => {
  const stage = await openStage();
  const clientKey = stage.addKey({ kind: 'temp', expires_date: stage.clock.now() + 60 });
  const { client, session } = await openUser(stage, { clientKey });
  const other = await stage.connect();
  await other.call(call(0));
  await stage.clock.advance(59_000);
  expect(session.connected).toBe(true);
  await stage.clock.advance(1_000);
  await client.closed;
  expect([...stage.gateway.sessions.sessionsOf(5n)]).toEqual([]);
  expect(await stage.metric('aerogram_connections_closed_total{reason="key-ended"}')).toBe(1);
  await client.reconnect();
  await expect(client.call(call(1))).rejects.toMatchObject({ code: -404 });
  expect(await other.call(call(2))).toEqual(call(2));
});

test('a binding that expires before its key ends the key', async () => {
  const stage = await openStage();
  const clientKey = stage.addKey({ kind: 'temp', expires_date: stage.clock.now() + 600 });
  const { client } = await openUser(stage, { clientKey });
  const bind = async (number: number, expires_date: number): Promise<void> => {
    stage.dispatcher.answers.set(number, () => ({ caller: { permAuthKeyId: clientKey.key.id, userId: 5n, layer: 228, expires_date } }));
    await client.call(call(number));
  };
  await bind(1, stage.clock.now() + 30);
  await bind(2, stage.clock.now() + 900);
  await stage.clock.advance(29_000);
  expect(await client.call(call(3))).toEqual(call(3));
  await stage.clock.advance(1_000);
  await client.closed;
});

test('expired keys are found, also when the clock jumps', () => {
  const ending = new EndingKeys();
  const add = (expires_date: number | undefined): KeyEntry => {
    const entry = { expires_date } as KeyEntry;
    ending.add(entry);
    return entry;
  };
  const [soon, later, last] = [add(1_010), add(5_000), add(90_000)];
  add(undefined);
  expect(ending.take(1_009_999)).toEqual([]);
  expect(ending.take(1_010_000)).toEqual([soon]);
  expect(ending.take(1_011_000)).toEqual([]);
  const removed = add(1_012);
  const past = add(500);
  ending.delete(removed);
  expect(ending.take(1_012_000)).toEqual([past]);
  expect(ending.take(80_000_000)).toEqual([later]);
  // After it was set back, nothing is found twice.
  expect(ending.take(1_000_000)).toEqual([]);
  expect(ending.take(90_000_000)).toEqual([last]);
  expect(ending.take(91_000_000)).toEqual([]);
});

test('a key that was ended by another process loses its connections without a packet from its client', async () => {
  const stage = await openStage();
  const { client, session } = await openUser(stage);
  stage.store.records.delete(session.authKeyId);
  stage.bus.publish(authTopic(session.authKeyId), { reason: 'ended' });
  await stage.clock.advance(1_000);
  await client.closed;
  expect([...stage.gateway.sessions.sessionsOf(5n)]).toEqual([]);
  expect(await stage.metric('aerogram_connections_closed_total{reason="key-ended"}')).toBe(1);
});

test('a log-out ends the authorisation but not the key, whose connection stays', async () => {
  const stage = await openStage();
  const { client, session } = await openUser(stage);
  stage.bus.publish(authTopic(session.authKeyId), { reason: 'ended' });
  await stage.clock.advance(2_000);
  expect(await client.call(call(1))).toEqual(call(1));
});
