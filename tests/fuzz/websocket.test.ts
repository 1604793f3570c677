import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClientStream } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { describe, it } from 'vitest';
import { call } from '../../packages/gateway/test/gateway-stage.ts';
import { below, mutate, pick } from './mutation.ts';
import { serveBesideStrangers } from './strangers.ts';

/** A client's frame, mostly valid. */
function frame(random: Random, payload: Uint8Array): Uint8Array {
  const opcode = below(random, 6) === 0 ? below(random, 16) : 2;
  const flags = below(random, 10) === 0 ? random.uint31() & 0xf0 : 0x80;
  const masked = below(random, 12) > 0;
  const head = payload.length < 126 ? Buffer.from([flags | opcode, payload.length]) : Buffer.from([flags | opcode, 126, payload.length >> 8, payload.length & 255]);
  if (!masked) return Buffer.concat([head, payload]);
  head[1]! |= 0x80;
  const mask = random.bytes(4);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4]!)]);
}

async function openWebSocket(random: Random, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  const key = createHash('sha1').update(random.bytes(8)).digest().subarray(0, 16).toString('base64');
  socket.write(
    `GET /apiws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.resume();
  return socket;
}

describe('WebSockets on the MTProto port', () => {
  it('serve a client while others send arbitrary data', () =>
    serveBesideStrangers('websocket', async (random, stage, stranger) => {
      const socket = await openWebSocket(random, stage.port);
      const stream = createClientStream({ framing: pick(random, ['abridged', 'padded']), obfuscated: true, random });
      const payloads = [stream.header, ...Array.from({ length: 1 + below(random, 3) }, () => stream.packet(stranger.session.encrypt([{ body: call(1) }]).packet))];
      for (const payload of payloads) {
        const bytes = frame(random, below(random, 6) === 0 ? mutate(random, payload) : payload);
        if (socket.writable) socket.write(below(random, 10) === 0 ? mutate(random, bytes) : bytes);
      }
      return socket;
    }));
});
