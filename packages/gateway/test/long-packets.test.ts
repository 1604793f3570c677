import { authTopic } from '@aerogram/bus';
import { openMessage } from '@aerogram/crypto';
import type { RawClient } from '@aerogram/mtproto/client';
import { describe, expect, test } from 'vitest';
import type { GatewayDeps } from '../src/create-gateway.ts';
import { call, type GatewayStage, numberOf, openStage } from './gateway-stage.ts';

const LONG = 100_000;

/** Workers that create no keys, and decrypt when the test lets them. */
function heldWorkers(): { cryptoPool: GatewayDeps['cryptoPool']; release: () => void; asked: Promise<void> } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  return {
    asked,
    release,
    cryptoPool: {
      open: () => Promise.reject(new Error('no keys are made here')),
      agree: () => Promise.reject(new Error('no keys are made here')),
      async openPacket(authKey, packet) {
        ask();
        await released;
        return openMessage(authKey, packet, 'to-server');
      },
    },
  };
}

const numbersOf = (stage: GatewayStage): number[] => stage.dispatcher.calls.map(({ body }) => numberOf(body));

/** Its salt is right from here on, so every packet is sent only once. */
async function connectKnown(stage: GatewayStage, options: Parameters<GatewayStage['connect']>[0] = {}): Promise<RawClient> {
  const client = await stage.connect(options);
  await client.call(call(0));
  stage.dispatcher.calls.length = 0;
  return client;
}

describe('a packet that takes long to decrypt', () => {
  test('delays the packets after it, but no other connection', async () => {
    const workers = heldWorkers();
    const stage = await openStage({ cryptoPool: workers.cryptoPool });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    const first = alice.call(call(1, LONG));
    const second = alice.call(call(2));
    await workers.asked;
    await bob.call(call(3));
    expect(numbersOf(stage)).toEqual([3]);
    workers.release();
    expect((await first).length).toBe(LONG);
    await second;
    expect(numbersOf(stage)).toEqual([3, 1, 2]);
  });

  test.each(['http', 'websocket'] as const)('is also accepted over %s', async (transport) => {
    const workers = heldWorkers();
    const stage = await openStage({ cryptoPool: workers.cryptoPool });
    const client = await connectKnown(stage, { transport });
    const long = client.call(call(1, LONG));
    await workers.asked;
    workers.release();
    expect((await long).length).toBe(LONG);
    expect(numbersOf(stage)).toEqual([1]);
  });

  test('is decrypted in this thread if no worker is free', async () => {
    const stage = await openStage({ cryptoPool: { ...heldWorkers().cryptoPool, openPacket: () => Promise.reject(new Error('busy')) } });
    const client = await stage.connect();
    expect((await client.call(call(1, LONG))).length).toBe(LONG);
  });

  test('closes the connection if it cannot be decrypted', async () => {
    const stage = await openStage();
    const client = await connectKnown(stage);
    const { packet } = client.session.encrypt([{ body: call(1, LONG) }]);
    packet[70_000]! ^= 1;
    client.sendPacket(packet);
    await client.closed;
    expect(await stage.metric('aerogram_connections_closed_total{reason="undecryptable"}')).toBe(1);
    expect(stage.dispatcher.calls).toEqual([]);
  });

  test('is ignored if its connection was closed meanwhile', async () => {
    const workers = heldWorkers();
    const stage = await openStage({ cryptoPool: workers.cryptoPool });
    const [alice, bob] = [await connectKnown(stage), await connectKnown(stage)];
    const lost = alice.call(call(1, LONG)).catch(() => 'lost');
    await workers.asked;
    await alice[Symbol.asyncDispose]();
    expect(await lost).toBe('lost');
    while ((await stage.metric('aerogram_connections_closed_total{reason="client"}')) !== 1) await bob.call(call(2));
    stage.dispatcher.calls.length = 0;
    workers.release();
    await bob.call(call(3));
    expect(numbersOf(stage)).toEqual([3]);
  });

  test('is refused if its key ended meanwhile', async () => {
    const workers = heldWorkers();
    const stage = await openStage({ cryptoPool: workers.cryptoPool });
    const clientKey = stage.addKey();
    const client = await connectKnown(stage, { clientKey });
    const lost = client.call(call(1, LONG)).catch((error: unknown) => String(error));
    await workers.asked;
    stage.store.records.delete(clientKey.key.id);
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'ended' });
    workers.release();
    expect(await lost).toContain('404');
    expect(stage.dispatcher.calls).toEqual([]);
  });
});
