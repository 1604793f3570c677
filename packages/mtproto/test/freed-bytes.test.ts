import { seededRandom } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { createClientStream } from '../src/client.ts';
import { createSniffer, freeBytes } from '../src/index.ts';

const LONG = 100_000;
const random = seededRandom('free-bytes');

describe('freeing the memory of a long array', () => {
  test('empties it at once, also without a garbage collection', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 2_000; i++) {
      const bytes = new Uint8Array(512 * 1024);
      freeBytes(bytes);
      expect(bytes.length).toBe(0);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('leaves short arrays and parts of larger buffers alone', () => {
    const buffer = new Uint8Array(LONG + 4);
    const kept = [new Uint8Array(1_000), buffer.subarray(0, LONG), buffer.subarray(4), Buffer.from('short')];
    for (const bytes of kept) freeBytes(bytes);
    expect(kept.map(({ length }) => length)).toEqual([1_000, LONG, LONG, 5]);
  });
});

describe('a stream', () => {
  const streams = (['abridged', 'intermediate', 'padded', 'full'] as const).flatMap((framing) => [{ framing, obfuscated: false }, { framing, obfuscated: true }]).filter(({ framing, obfuscated }) => framing !== 'full' || !obfuscated);

  test.each(streams)('$framing, obfuscated: $obfuscated, decodes packets whose bytes come in long and short pieces', ({ framing, obfuscated }) => {
    const client = createClientStream({ framing, obfuscated, random });
    const packets = [200, 400_024, 88, 300_024, 120, 900_024, 88].map((length) => random.bytes(length));
    const bytes = Buffer.concat([client.header, ...packets.map((packet) => client.packet(packet))]);
    const sniffer = createSniffer({ random });
    let decoder: { push(chunk: Uint8Array): { data: Uint8Array }[] } | undefined;
    const got: Uint8Array[] = [];
    const pieces = [65_536, 65_536, 10, 70_000, 65_536, 3_000, 131_072];
    for (let at = 0, piece = 0; at < bytes.length; piece++) {
      const length = pieces[piece % pieces.length]!;
      // Each piece has memory of its own, as those of sockets have.
      const chunk = Uint8Array.from(bytes.subarray(at, at + length));
      at += length;
      if (decoder) {
        got.push(...decoder.push(chunk).map(({ data }) => data));
        continue;
      }
      const sniffed = sniffer.push(chunk);
      if (sniffed.kind !== 'stream') throw new Error(sniffed.kind);
      ({ decoder } = sniffed);
      if (sniffed.rest.length > 0) got.push(...decoder.push(sniffed.rest).map(({ data }) => data));
    }
    expect(got.map(({ length }) => length)).toEqual(packets.map(({ length }) => length));
    for (const [i, packet] of packets.entries()) expect(Buffer.compare(got[i]!, packet), String(i)).toBe(0);
  });

  test.each(streams)('$framing, obfuscated: $obfuscated, encodes without taking the packet itself', ({ framing, obfuscated }) => {
    const client = createClientStream({ framing, obfuscated, random });
    const sniffer = createSniffer({ random });
    const sniffed = sniffer.push(Buffer.concat([client.header, client.packet(random.bytes(88))]));
    if (sniffed.kind !== 'stream') throw new Error(sniffed.kind);
    const packet = random.bytes(LONG + 24 - (LONG % 16));
    const framed = sniffed.encoder.packet(packet);
    expect(packet.length).toBeGreaterThan(LONG - 16);
    expect(framed.buffer).not.toBe(packet.buffer);
  });
});
