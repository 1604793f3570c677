import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { writePlainMessage } from '@aerogram/mtproto/client';
import { createClientStream, type RawClient } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { call, GatewayStage } from '../../packages/gateway/test/gateway-stage.ts';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick, pieces } from './mutation.ts';

const FRAMINGS = ['abridged', 'intermediate', 'padded', 'full'] as const;

/** Data that a client might send: calls, handshakes, random bytes. */
function anyPacket(random: Random, client: RawClient): Uint8Array {
  switch (below(random, 6)) {
    case 0:
      return client.session.encrypt([{ body: call(1) }, { body: call(2) }]).packet;
    case 1:
      return mutate(random, client.session.encrypt([{ body: call(3) }]).packet);
    case 2:
      return writePlainMessage(random.int64(), mtEncode({ _: 'req_pq_multi', nonce: random.bytes(16) }));
    case 3:
      return mutate(random, writePlainMessage(random.int64(), mtEncode({ _: 'req_pq_multi', nonce: random.bytes(16) })));
    case 4:
      return random.bytes(24 + 4 * below(random, 100));
    default:
      return client.session.encrypt([{ body: mtEncode({ _: 'ping', ping_id: random.int64() }), content: false }]).packet;
  }
}

/** All bytes of a connection, some of them wrong. */
function anyConversation(random: Random, client: RawClient): Uint8Array {
  const framing = pick(random, FRAMINGS);
  const stream = createClientStream({ framing, obfuscated: framing !== 'full' && below(random, 2) === 0, random });
  const parts = [stream.header];
  for (let packets = 1 + below(random, 4); packets > 0; packets--) {
    const packet = anyPacket(random, client);
    const whole = packet.length >= 4 ? packet.subarray(0, packet.length & ~3) : random.bytes(24);
    parts.push(stream.packet(whole, framing !== 'full' && below(random, 4) === 0));
  }
  const bytes = Buffer.concat(parts);
  return below(random, 2) === 0 ? bytes : mutate(random, bytes);
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()).resume();
  await once(socket, 'connect');
  return socket;
}

describe('the MTProto port', () => {
  it('serves a client while others send it arbitrary data', async () => {
    const random = fuzzRandom('gateway');
    await using stage = await GatewayStage.open();
    const witness = await stage.connect();
    const iterations = fuzzIterations(300, 10);
    let before = 0;
    for (let i = 0; i < iterations; i++) {
      if (i === Math.floor(iterations / 3)) before = memoryInUse();
      // The attacker has its own key, so it cannot affect the session of the observed client.
      await using stranger = await stage.connect();
      const socket = await openSocket(stage.port);
      for (const piece of pieces(random, anyConversation(random, stranger), 200)) {
        if (socket.writable) socket.write(piece);
        if (below(random, 8) === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await witness.call(call(i))).toEqual(call(i));
      if (below(random, 2) === 0) socket.end();
      else socket.destroy();
      stage.store.records.delete(stranger.session.key.id);
      if (i % 50 === 0) await stage.clock.advance(11 * 60_000 / 50);
      stage.dispatcher.calls.length = 0;
    }
    await stage.clock.advance(60_000);
    await expect.poll(() => memoryInUse() - before).toBeLessThan(20_000_000);
  });
});
