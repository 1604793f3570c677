import { createSniffer, DEFAULT_PACKET_LIMIT, type FramingName, type Sniffed, TransportError, type TransportEvent } from '@aerogram/mtproto';
import { createClientStream } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';
import { below, fuzzIterations, fuzzRandom, memoryInUse, mutate, pick, pieces } from './mutation.ts';

const STREAMS: { framing: FramingName; obfuscated: boolean }[] = [
  { framing: 'abridged', obfuscated: false },
  { framing: 'intermediate', obfuscated: false },
  { framing: 'padded', obfuscated: false },
  { framing: 'full', obfuscated: false },
  { framing: 'abridged', obfuscated: true },
  { framing: 'intermediate', obfuscated: true },
  { framing: 'padded', obfuscated: true },
];
const LIMIT = 20_000;

/** A server's end that receives arbitrary bytes; returns what it decoded, and how it ended. */
function serve(random: Random, chunks: Iterable<Uint8Array>, packetLimit = LIMIT): { events: TransportEvent[]; end: string } {
  const sniffer = createSniffer({ random, packetLimit });
  const events: TransportEvent[] = [];
  let sniffed: Sniffed = { kind: 'need-more' };
  try {
    for (const chunk of chunks) {
      if (sniffed.kind === 'stream') {
        events.push(...sniffed.decoder.push(chunk));
      } else {
        sniffed = sniffer.push(chunk);
        if (sniffed.kind === 'http') return { events, end: 'http' };
        if (sniffed.kind === 'stream') events.push(...sniffed.decoder.push(sniffed.rest));
      }
    }
  } catch (error) {
    // Anything except a TransportError counts as a crash.
    if (!(error instanceof TransportError)) throw error;
    return { events, end: error.violation };
  }
  return { events, end: 'open' };
}

function message(random: Random): Uint8Array {
  if (below(random, 3) === 0) {
    const body = random.bytes(4 * (1 + below(random, 100)));
    const plain = new Uint8Array(20 + body.length);
    new DataView(plain.buffer).setUint32(16, body.length, true);
    plain.set(body, 20);
    return plain;
  }
  const encrypted = random.bytes(24 + 16 * below(random, below(random, 10) === 0 ? 1_200 : 60));
  encrypted[0]! |= 1;
  // Together with an encrypted message of 24 bytes, these are all cases that a framing distinguishes.
  return encrypted;
}

/** Everything that a client sends: its header and some packets. */
function conversation(random: Random, count: number): { bytes: Uint8Array; messages: Uint8Array[]; quickAcks: boolean[] } {
  const { framing, obfuscated } = pick(random, STREAMS);
  const client = createClientStream({ framing, obfuscated, random, dc: below(random, 60_000) - 30_000 });
  const messages = Array.from({ length: count }, () => message(random));
  const quickAcks = messages.map(() => framing !== 'full' && below(random, 2) === 0);
  const packets = messages.map((it, i) => client.packet(it, quickAcks[i]));
  return { bytes: Uint8Array.from(Buffer.concat([client.header, ...packets])), messages, quickAcks };
}

const asHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

describe('framing', () => {
  it('decodes every correct client, however its bytes are split', () => {
    const random = fuzzRandom('framing-honest');
    for (let i = fuzzIterations(400, 4); i > 0; i--) {
      const { bytes, messages, quickAcks } = conversation(random, 1 + below(random, 5));
      const { events, end } = serve(random, pieces(random, bytes, pick(random, [1, 3, 70, 5_000, 100_000])));
      expect(end).toBe('open');
      expect(events.map(({ data }) => asHex(data))).toEqual(messages.map(asHex));
      expect(events.map(({ quickAck }) => quickAck)).toEqual(quickAcks);
    }
  });

  it('answers changed bytes with packets or a TransportError, and never with more than was received', () => {
    const random = fuzzRandom('framing-mutated');
    const ends = new Set<string>();
    for (let i = fuzzIterations(3_000); i > 0; i--) {
      const bytes = mutate(random, conversation(random, 1 + below(random, 4)).bytes);
      const { events, end } = serve(random, pieces(random, bytes, pick(random, [1, 9, 300, 100_000])));
      ends.add(end);
      let total = 0;
      for (const { data } of events) {
        expect(data.length).toBeGreaterThanOrEqual(8);
        expect(data.length).toBeLessThanOrEqual(LIMIT);
        total += data.length;
      }
      expect(total).toBeLessThanOrEqual(bytes.length);
    }
    // The mutations must cause every kind of error.
    for (const end of ['open', 'packet-too-large', 'packet-too-small', 'unknown-transport']) expect(ends).toContain(end);
  });

  it('survives random bytes', () => {
    const random = fuzzRandom('framing-noise');
    const starts = [[], [0xef], [0xee, 0xee, 0xee, 0xee], [0xdd, 0xdd, 0xdd, 0xdd], [40, 0, 0, 0, 0, 0, 0, 0], [0x16, 3, 1, 2], [0x50, 0x4f, 0x53, 0x54]];
    for (let i = fuzzIterations(3_000); i > 0; i--) {
      const bytes = Uint8Array.from([...pick(random, starts), ...random.bytes(below(random, 400))]);
      expect(typeof serve(random, pieces(random, bytes, pick(random, [1, 50, 1_000]))).end).toBe('string');
    }
  });

  it('refuses huge lengths without waiting for the bytes', () => {
    const random = fuzzRandom('framing-lengths');
    const word = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
    for (let i = fuzzIterations(500); i > 0; i--) {
      const length = (DEFAULT_PACKET_LIMIT + 64 + below(random, 0x7fff_ffff - DEFAULT_PACKET_LIMIT - 64)) & ~3;
      const heads = [
        [0xee, 0xee, 0xee, 0xee, ...word(length)],
        [0xdd, 0xdd, 0xdd, 0xdd, ...word(length)],
        [...word(length), 0, 0, 0, 0],
        [0xef, 0x7f, ...word(Math.max(0x50_000, (length >>> 2) & 0xff_ffff)).slice(0, 3)],
      ];
      for (const head of heads) expect(serve(random, [Uint8Array.from(head)], DEFAULT_PACKET_LIMIT).end).toBe('packet-too-large');
    }
  });

  it('stores no more than one packet for a packet that arrives byte by byte', () => {
    const random = fuzzRandom('framing-trickle');
    const size = 1_000_000;
    const sniffer = createSniffer({ random });
    const sniffed = sniffer.push(Uint8Array.of(0xee, 0xee, 0xee, 0xee, size & 0xff, (size >> 8) & 0xff, size >> 16, 0));
    if (sniffed.kind !== 'stream') throw new Error(sniffed.kind);
    sniffed.decoder.push(sniffed.rest);
    const before = memoryInUse();
    const started = performance.now();
    let events: TransportEvent[] = [];
    for (let i = 0; i < size; i++) events = sniffed.decoder.push(Uint8Array.of(1));
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(events[0]?.data).toHaveLength(size);
    expect(memoryInUse() - before).toBeLessThan(4 * size);
  });

  it('leaves no memory in use when connections come and go', () => {
    const random = fuzzRandom('framing-growth');
    const round = (): void => {
      for (let i = 0; i < fuzzIterations(600); i++) serve(random, pieces(random, mutate(random, conversation(random, 3).bytes), 500));
    };
    round();
    const before = memoryInUse();
    round();
    expect(memoryInUse() - before).toBeLessThan(8_000_000);
  });
});
