import { once } from 'node:events';
import { connect } from 'node:net';
import { writePlainMessage } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { call, GatewayStage } from '../../packages/gateway/test/gateway-stage.ts';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick, pieces } from './mutation.ts';

const PATHS = ['/api', '/apiw1', '/apiw1_test', '/apiw_test1', '/apiws', '/', '/api/../x', '*', 'http://a/api', '/apiws?x=%00'];
const METHODS = ['POST', 'GET', 'OPTIONS', 'HEAD'];

/** A request, or nearly one. */
function anyRequest(random: Random, body: Uint8Array): Uint8Array {
  const length = pick(random, [String(body.length), '0', '-1', '99999999999', 'abc', String(body.length + 5)]);
  const headers = [
    `Content-Length: ${below(random, 3) > 0 ? body.length : length}`,
    ...(below(random, 4) === 0 ? ['Transfer-Encoding: chunked'] : []),
    ...(below(random, 4) === 0 ? ['Connection: close'] : []),
    ...(below(random, 4) === 0 ? ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Version: 13'] : []),
    ...(below(random, 8) === 0 ? ['Expect: 100-continue'] : []),
  ];
  const head = `${pick(random, METHODS)} ${pick(random, PATHS)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  return below(random, 2) === 0 ? request : mutate(random, request);
}

describe('HTTP on the MTProto port', () => {
  it('serves a client while others send it anything', async () => {
    const random = fuzzRandom('http');
    await using stage = await GatewayStage.open();
    const witness = await stage.connect({ transport: 'http' });
    const iterations = fuzzIterations(300, 10);
    let before = 0;
    for (let i = 0; i < iterations; i++) {
      if (i === Math.floor(iterations / 3)) before = memoryInUse();
      await using stranger = await stage.connect({ transport: 'http' });
      const bodies = [
        stranger.session.encrypt([{ body: call(1) }]).packet,
        writePlainMessage(random.int64(), mtEncode({ _: 'req_pq_multi', nonce: random.bytes(16) })),
        random.bytes(below(random, 300)),
      ];
      const socket = connect(stage.port, '127.0.0.1');
      socket.on('error', () => socket.destroy()).resume();
      await once(socket, 'connect');
      for (let requests = 1 + below(random, 3); requests > 0; requests--) {
        for (const piece of pieces(random, anyRequest(random, pick(random, bodies)), 300)) if (socket.writable) socket.write(piece);
      }
      expect(await witness.call(call(i))).toEqual(call(i));
      if (below(random, 2) === 0) socket.end();
      else socket.destroy();
      stage.store.records.delete(stranger.session.key.id);
      stage.dispatcher.calls.length = 0;
    }
    await stage.clock.advance(60_000);
    expect(memoryInUse() - before).toBeLessThan(20_000_000);
  });
});
