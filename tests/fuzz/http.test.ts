import { once } from 'node:events';
import { connect } from 'node:net';
import { writePlainMessage } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { describe, it } from 'vitest';
import { call } from '../../packages/gateway/test/gateway-stage.ts';
import { below, mutate, pick, pieces } from './mutation.ts';
import { serveBesideStrangers } from './strangers.ts';

const PATHS = ['/api', '/apiw1', '/apiw1_test', '/apiw_test1', '/apiws', '/', '/api/../x', '*', 'http://a/api', '/apiws?x=%00'];
const METHODS = ['POST', 'GET', 'OPTIONS', 'HEAD'];

/** An HTTP request, possibly malformed. */
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
  it('serves a client while others send it arbitrary data', () =>
    serveBesideStrangers('http', async (random, stage, stranger) => {
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
      return socket;
    }));
});
