import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test, vi } from 'vitest';
import { readAcked } from '../../src/call-media/acked-framing.ts';
import { concat, uint32 } from '../../src/call-media/bytes.ts';
import { CallCipher } from '../../src/call-media/call-crypto.ts';
import { pack } from '../../src/call-media/gzip.ts';
import { Sctp } from '../../src/call-media/sctp.ts';
import { ChunkType, isSctp, readPacket, writePacket } from '../../src/call-media/sctp-packet.ts';
import { Signalling } from '../../src/call-media/signalling.ts';

const KEY = Uint8Array.from({ length: 256 }, (_, at) => at);

/** Random numbers that are the same in each run, from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Ends {
  caller: Signalling;
  callee: Signalling;
  heard: { caller: string[]; callee: string[] };
  sent: Uint8Array[];
  broken: string[];
}

/** Two ends, and what lies between them. @param pass what becomes of a packet: how often it arrives */
function connect(version: string, { pass = () => 1, hasSctp = true, calleeVersion = version }: { pass?: () => number; hasSctp?: boolean; calleeVersion?: string } = {}): Ends {
  const ends: Ends = { heard: { caller: [], callee: [] }, sent: [], broken: [] } as unknown as Ends;
  const make = (name: 'caller' | 'callee', other: 'caller' | 'callee'): Signalling =>
    new Signalling({
      key: KEY,
      isCaller: name === 'caller',
      version: name === 'caller' ? version : calleeVersion,
      hasSctp,
      resendMs: 8,
      send: (data) => {
        ends.sent.push(data);
        for (let copies = pass(); copies > 0; copies--) queueMicrotask(() => ends[other].receive(data));
      },
      onText: (text) => ends.heard[name].push(text),
      onBroken: () => ends.broken.push(name),
    });
  ends.caller = make('caller', 'callee');
  ends.callee = make('callee', 'caller');
  return ends;
}

function end({ caller, callee }: Ends): void {
  caller.close();
  callee.close();
}

describe.each(['8.0.0', '9.0.0', '13.0.0'])('the signalling of version %s', (version) => {
  test('brings everything in order where a third is lost and some comes twice', async () => {
    const random = seeded(7);
    const ends = connect(version, { pass: () => (random() < 0.3 ? 0 : random() < 0.2 ? 2 : 1) });
    const texts = Array.from({ length: 30 }, (_, at) => `{"at":${at},"padding":"${'ab1 '.repeat(at === 5 ? 2000 : 5)}"}`);
    for (const text of texts) {
      ends.caller.send(text);
      ends.callee.send(text);
    }
    await vi.waitFor(() => {
      expect(ends.heard.callee).toEqual(texts);
      expect(ends.heard.caller).toEqual(texts);
    }, 30_000);
    expect(ends.broken).toEqual([]);
    end(ends);
  });

  test('tells nothing of what comes again, is changed or is noise', async () => {
    const ends = connect(version);
    ends.caller.send('{"first":1}');
    await vi.waitFor(() => expect(ends.heard.callee).toEqual(['{"first":1}']));
    const random = seeded(3);
    const noise = Array.from({ length: 100 }, () => Uint8Array.from({ length: Math.floor(random() * 200) }, () => random() * 256));
    for (const packet of [...ends.sent, ...noise]) {
      ends.callee.receive(packet);
      const changed = Uint8Array.from(packet);
      changed[changed.length - 1]! ^= 1;
      ends.callee.receive(changed);
    }
    ends.caller.send('{"last":1}');
    await vi.waitFor(() => expect(ends.heard.callee).toContain('{"last":1}'), 20_000);
    expect(ends.heard).toEqual({ callee: ['{"first":1}', '{"last":1}'], caller: [] });
    end(ends);
  });

  test('says so when the other end takes nothing, and sends nothing after the end', async () => {
    const ends = connect(version, { pass: () => 0 });
    const random = seeded(5);
    const long = Array.from({ length: 9000 }, () => Math.floor(random() * 36).toString(36)).join('');
    for (let count = 0; count < 300; count++) ends.caller.send(long);
    await vi.waitFor(() => expect(ends.broken).toContain('caller'), 20_000);
    end(ends);
    const { length } = ends.sent;
    ends.caller.send('{}');
    await new Promise((resolve) => setTimeout(resolve));
    expect(ends.sent.length).toBe(length);
  });
});

describe('what comes', () => {
  test('is read by what it is', async () => {
    const ends = connect('13.0.0', { calleeVersion: '9.0.0' });
    const cipher = new CallCipher(KEY, true);
    ends.callee.receive(await cipher.seal(concat(uint32(101), await pack(utf8ToBytes('{"packed":1}')))));
    ends.callee.receive(await cipher.seal(concat(uint32(102), utf8ToBytes('{"plain":1}'))));
    const message = concat(uint32(0x40000000 + 103), Uint8Array.of(127), uint32(9), utf8ToBytes('{"ack":1}'));
    ends.callee.receive(await cipher.seal(message));
    // Again, in another packet.
    ends.callee.receive(await cipher.seal(concat(uint32(104), Uint8Array.of(254), message)));
    await vi.waitFor(() => expect(ends.heard.callee).toEqual(['{"packed":1}', '{"plain":1}', '{"ack":1}']));
    end(ends);
  });

  test('may be packed, but not without end', async () => {
    const ends = connect('8.0.0');
    const cipher = new CallCipher(KEY, true);
    ends.callee.receive(await cipher.seal(concat(uint32(101), await pack(new Uint8Array(3 * 1024 * 1024).fill(32)))));
    ends.callee.receive(await cipher.seal(concat(uint32(102), Uint8Array.of(0x1f, 0x8b, 9, 9))));
    ends.callee.receive(await cipher.seal(concat(uint32(103), utf8ToBytes('{"after":1}'))));
    await vi.waitFor(() => expect(ends.heard.callee).toEqual(['{"after":1}']));
    end(ends);
  });

  test('goes without SCTP where the server says so', async () => {
    const ends = connect('13.0.0', { hasSctp: false });
    ends.caller.send('{"bare":1}');
    await vi.waitFor(() => expect(ends.heard.callee).toEqual(['{"bare":1}']));
    expect(ends.sent.some(isSctp)).toBe(false);
    end(ends);
  });

  test('with lengths that lie is no packet of acknowledged messages', () => {
    const head = concat(uint32(1), Uint8Array.of(127));
    expect(readAcked(concat(head, uint32(5), utf8ToBytes('four')))).toBeUndefined();
    expect(readAcked(concat(head, uint32(0xffffffff)))).toBeUndefined();
    expect(readAcked(concat(head, Uint8Array.of(0)))).toBeUndefined();
    expect(readAcked(concat(uint32(1), Uint8Array.of(1)))).toBeUndefined();
    expect(readAcked(concat(...Array.from({ length: 300 }, () => concat(uint32(1), Uint8Array.of(255)))))).toBeUndefined();
  });
});

describe('SCTP', () => {
  /** Both ends of an association, with packets delivered at once. */
  function associate(): { one: Sctp; sent: Uint8Array[]; told: Uint8Array[]; other: Sctp } {
    const sent: Uint8Array[] = [];
    const told: Uint8Array[] = [];
    const queue: (() => void)[] = [];
    const one: Sctp = new Sctp({ send: (packet) => (sent.push(packet), queue.push(() => other.receive(packet))), onMessage: () => undefined });
    const other: Sctp = new Sctp({ send: (packet) => queue.push(() => one.receive(packet)), onMessage: (message) => told.push(message) });
    one.open();
    one.sendMessage(utf8ToBytes('hello'));
    for (let next = queue.shift(); next; next = queue.shift()) next();
    return { one, sent, told, other };
  }

  test('is begun by one end alone, or by both', () => {
    const { one, other, told } = associate();
    expect(told.map((each) => new TextDecoder().decode(each))).toEqual(['hello']);
    one.close();
    other.close();
  });

  test('puts no more together than it may keep', () => {
    const { one, other, told, sent } = associate();
    const { tag, chunks } = readPacket(sent.at(-1)!);
    const [data] = chunks;
    expect(data!.type).toBe(ChunkType.data);
    const tsn = new DataView(data!.value.buffer).getUint32(0);
    // A message that never ends, and after it an honest one.
    const part = (at: number, flags: number, length: number) => ({ type: ChunkType.data, flags, value: concat(uint32(tsn + at), data!.value.subarray(4, 12), new Uint8Array(length)) });
    for (let at = 1; at <= 400; at++) other.receive(writePacket(tag, part(at, at === 1 ? 2 : 0, 8_000)));
    other.receive(writePacket(tag, part(401, 1, 10)));
    other.receive(writePacket(tag, part(402, 3, 7)));
    // Far ahead, or with another tag.
    other.receive(writePacket(tag, part(5_000, 3, 7)));
    other.receive(writePacket(tag + 1, part(403, 3, 7)));
    expect(told.map(({ length }) => length)).toEqual([5, 7]);
    one.close();
    other.close();
  });

  test('is left alone by packets that want to end it or to begin it anew', () => {
    const { one, other, told, sent } = associate();
    const { tag } = readPacket(sent.at(-1)!);
    other.receive(writePacket(tag, { type: ChunkType.abort, flags: 0, value: new Uint8Array() }));
    other.receive(writePacket(0, { type: ChunkType.init, flags: 0, value: new Uint8Array(16).fill(9) }));
    for (let length = 0; length < 30; length++) for (let type = 0; type < 16; type++) other.receive(writePacket(type === 1 ? 0 : tag, { type, flags: 255, value: new Uint8Array(length) }));
    one.sendMessage(utf8ToBytes('still here'));
    other.receive(sent.at(-1)!);
    expect(told.map((each) => new TextDecoder().decode(each))).toEqual(['hello', 'still here']);
    one.close();
    other.close();
  });

  test('is known by its ports and its checksum', () => {
    const packet = writePacket(1, { type: ChunkType.cookieAck, flags: 0, value: new Uint8Array() });
    expect(isSctp(packet)).toBe(true);
    for (let at = 0; at < packet.length; at++) {
      const changed = packet.slice();
      changed[at]! ^= 1;
      expect(isSctp(changed)).toBe(false);
    }
  });
});
