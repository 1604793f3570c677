import { Bytes } from '@fuman/io';
import { type IPacketCodec, IntermediatePacketCodec, ObfuscatedPacketCodec, PaddedIntermediatePacketCodec, TransportError } from '@mtcute/core';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
// These modules import each other in a cycle that only loads when entered from here.
import 'telegram';
import { AbridgedPacketCodec } from 'telegram/network/connection/TCPAbridged.js';
import { FullPacketCodec } from 'telegram/network/connection/TCPFull.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@aerogram/runtime';
import { createSniffer, type Sniffed, type TransportEvent } from '../src/index.ts';

const random = seededRandom('transport-peers');
const provider = new NodeCryptoProvider();
beforeAll(() => provider.initialize());

const messages = [1, 20, 31, 32, 300].map((blocks) => {
  const message = Uint8Array.from(random.bytes(24 + 16 * blocks));
  message[0]! |= 1;
  return message;
});

type Stream = Extract<Sniffed, { kind: 'stream' }>;

/** Passes everything that a client sent to a server. */
function receive(bytes: Uint8Array): { stream: Stream; events: TransportEvent[] } {
  const sniffed = createSniffer({ random }).push(Uint8Array.from(bytes));
  if (sniffed.kind !== 'stream') throw new Error(`taken for ${sniffed.kind}`);
  return { stream: sniffed, events: sniffed.decoder.push(sniffed.rest) };
}

const plain = (events: TransportEvent[]): Uint8Array[] => events.map(({ data }) => Uint8Array.from(data));

describe('mtcute', () => {
  it.each<[string, () => IPacketCodec]>([
    ['intermediate', () => new IntermediatePacketCodec()],
    ['padded', () => new PaddedIntermediatePacketCodec()],
    ['obfuscated intermediate', () => new ObfuscatedPacketCodec(new IntermediatePacketCodec())],
    ['obfuscated padded', () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec())],
  ])('and the server understand each other: %s', async (name, create) => {
    const codec = create();
    codec.setup?.(provider, undefined as never);
    const out = Bytes.alloc();
    const tag = await codec.tag();
    for (const message of messages) await codec.encode(message, out);
    const { stream, events } = receive(Buffer.concat([tag, out.result()]));
    expect(plain(events)).toEqual(messages);
    expect(name).toContain(stream.framing);
    expect(stream.obfuscated).toBe(name.startsWith('obfuscated'));

    const sent = Buffer.concat([...messages.map((it) => stream.encoder.packet(it)), stream.encoder.error(-404)]);
    const reader = Bytes.from(sent);
    for (const message of messages) {
      const frame = await codec.decode(reader, false);
      // Padding of 0–3 bytes is removed above this codec.
      expect(Uint8Array.from(frame!.subarray(0, message.length))).toEqual(message);
      expect(frame!.length - message.length).toBeLessThan(4);
    }
    await expect(Promise.resolve().then(() => codec.decode(reader, false))).rejects.toThrow(TransportError);
  });
});

describe('GramJS', () => {
  /** Its codecs read a given number of bytes from a connection. */
  const readerOf = (bytes: Uint8Array): { read(n: number): Promise<Buffer>; readExactly(n: number): Promise<Buffer> } => {
    let at = 0;
    const read = (n: number): Promise<Buffer> => Promise.resolve(Buffer.from(bytes.subarray(at, (at += n))));
    return { read, readExactly: read };
  };

  it.each([
    ['abridged', () => new AbridgedPacketCodec(undefined as never), AbridgedPacketCodec.tag],
    ['full', () => new FullPacketCodec(undefined), Buffer.alloc(0)],
  ] as const)('and the server understand each other: %s', async (name, create, tag) => {
    const codec = create();
    const packets = messages.map((message) => codec.encodePacket(Buffer.from(message)));
    const { stream, events } = receive(Buffer.concat([tag, ...packets]));
    expect(stream.framing).toBe(name);
    expect(plain(events)).toEqual(messages);
    const reader = readerOf(Buffer.concat([...messages.map((it) => stream.encoder.packet(it)), stream.encoder.error(-404)]));
    for (const message of messages) expect(Uint8Array.from(await codec.readPacket(reader as never))).toEqual(message);
    expect((await codec.readPacket(reader as never)).readInt32LE()).toBe(-404);
  });
});
