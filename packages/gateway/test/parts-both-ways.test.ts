import { createPacketPool } from '@aerogram/mtproto';
import type { RawClientOptions } from '@aerogram/mtproto/client';
import { ByteBudget, workerFile } from '@aerogram/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { call, numberOf, openStage } from './gateway-stage.ts';

const PART = 512 * 1024;
const ROUNDS = 3;
const AT_ONCE = 4;

const ways: [string, Partial<RawClientOptions>][] = [
  ['TCP', { framing: 'intermediate', obfuscated: true }],
  ['TCP without obfuscation', { framing: 'abridged' }],
  ['WebSocket', { transport: 'websocket' }],
  ['HTTP', { transport: 'http' }],
];

test.each(ways)('parts go both ways over several connections at once, through threads and with little room, and arrive whole: %s', async (_, transport) => {
  const packetPool = createPacketPool({ workerFile: workerFile('packet-worker'), threads: 2 });
  onTestFinished(() => packetPool[Symbol.asyncDispose]());
  const parts = new ByteBudget(4 * PART);
  const stage = await openStage({ packetPool, parts });
  const content = stage.random.bytes(PART - 8);
  const partOf = (number: number): Uint8Array => {
    const part = Buffer.concat([call(number), content]);
    part.writeUInt32LE(number, 1_000);
    return part;
  };
  // Even numbers are carried by the request, odd ones by the answer.
  const wrong: number[] = [];
  const clients = await Promise.all(Array.from({ length: 4 }, async (__, user) => {
    const clientKey = stage.addKey();
    stage.logIn(clientKey, BigInt(5 + (user % 2)));
    const client = await stage.connect({ clientKey, ...transport });
    await client.call(call(0));
    return client;
  }));
  for (let number = 1; number <= clients.length * ROUNDS * AT_ONCE; number++) {
    stage.dispatcher.answers.set(number, ({ body }) => {
      if (number % 2 === 1) return { body: partOf(number), part: { isMadeAgain: true, release: () => {} } };
      if (Buffer.compare(body, partOf(number)) !== 0) wrong.push(number);
      return { body: call(number), part: { isMadeAgain: false, release: () => {} } };
    });
  }
  let next = 1;
  await Promise.all(clients.map(async (client) => {
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        const number = next++;
        const answer = await client.call(number % 2 === 1 ? call(number) : partOf(number));
        const expected = number % 2 === 1 ? partOf(number) : call(number);
        if (numberOf(answer) !== number || Buffer.compare(answer, expected) !== 0) wrong.push(number);
      }));
    }
  }));
  expect(wrong).toEqual([]);
  while (parts.total > 0) await clients[0]!.call(call(0));
  expect([parts.total, parts.waiting, packetPool.load]).toEqual([0, 0, 0]);
});
