import { createAuthKey, RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode } from '@aerogram/tl';
import { floorKey } from './floor-key.ts';
import { type Outcome, sourceAddress } from './outcome.ts';

/** Raw clients with known keys make calls and get pushes; ends when there were as many pushes as answers. */
export async function callFloor(port: number, ms: number, count: number, window: number): Promise<Outcome> {
  const body = encode({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'Hello there, this is a message of ordinary length.', random_id: 1n });
  let pushed = 0;
  const clients = await Promise.all(Array.from({ length: count }, async (_, i) => {
    const clientKey = { key: createAuthKey(floorKey(i)), salt: 0n };
    const client = await RawClient.connect({ host: '127.0.0.1', port, transport: 'tcp', localAddress: sourceAddress(i), random: systemRandom, clientKey });
    client.onUpdate = (update) => {
      if (decode(update)._ === 'updateShortMessage') pushed++;
    };
    await client.call(body);
    return client;
  }));
  // The calls that opened the sessions caused pushes too.
  await new Promise((resolve) => setTimeout(resolve, 100));
  pushed = 0;
  const ackMs: number[] = [];
  const started = performance.now();
  await Promise.all(clients.flatMap((client, i) => Array.from({ length: i % 2 === 0 ? window : 0 }, async () => {
    while (performance.now() - started < ms) {
      const at = performance.now();
      decode(await client.call(body));
      ackMs.push(performance.now() - at);
    }
  })));
  const patience = performance.now() + 5000;
  while (pushed < ackMs.length && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 2));
  const elapsedMs = performance.now() - started;
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  if (pushed !== ackMs.length) throw new Error(`${ackMs.length} calls were answered and ${pushed} pushes came`);
  return { operations: ackMs.length, elapsedMs, ackMs };
}
