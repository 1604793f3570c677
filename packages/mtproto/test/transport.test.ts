import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '@aerogram/runtime';
import { createSniffer, type FramingName, type Sniffed, TransportError, type TransportEvent, type TransportViolation } from '../src/transport/index.ts';
import { createClientStream, type ServerEvent } from '../src/transport/client-stream.ts';

const random = seededRandom('transport');
const STREAMS: [FramingName, boolean][] = [
  ['abridged', false],
  ['intermediate', false],
  ['padded', false],
  ['full', false],
  ['abridged', true],
  ['intermediate', true],
  ['padded', true],
];
const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

/** A message of a possible length: encrypted ones have 24 bytes and whole blocks, unencrypted ones contain their length. */
function encrypted(blocks: number): Uint8Array {
  const message = plain(random.bytes(24 + 16 * blocks));
  message[0]! |= 1;
  return message;
}
function unencrypted(length: number): Uint8Array {
  const message = new Uint8Array(20 + length);
  message.set(random.bytes(length), 20);
  new DataView(message.buffer).setUint32(16, length, true);
  return message;
}

/** Represents a message in comparisons, because comparing a megabyte element by element takes seconds. */
function digest(message: Uint8Array): string {
  return `${message.length}:${createHash('sha1').update(message).digest('hex')}`;
}

type Stream = Extract<Sniffed, { kind: 'stream' }>;

/** Sends bytes to a connection in pieces and returns what the server decoded. */
function receive(bytes: Uint8Array, pieces: number[], limit?: number): { stream: Stream | undefined; events: TransportEvent[] } {
  const sniffer = createSniffer({ random, packetLimit: limit });
  let stream: Stream | undefined;
  const events: TransportEvent[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const piece = bytes.slice(at, at + pieces[i % pieces.length]!);
    at += piece.length;
    if (stream !== undefined) {
      events.push(...stream.decoder.push(piece));
      continue;
    }
    const sniffed = sniffer.push(piece);
    if (sniffed.kind === 'http') throw new Error('taken for HTTP');
    if (sniffed.kind === 'need-more') continue;
    stream = sniffed;
    events.push(...stream.decoder.push(stream.rest));
  }
  return { stream, events };
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return plain(Buffer.concat(parts));
}

function violation(run: () => unknown): TransportViolation | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof TransportError) return error.violation;
    throw error;
  }
  return undefined;
}

describe.each(STREAMS)('%s (obfuscated: %s)', (framing, obfuscated) => {
  const messages = [unencrypted(20), encrypted(1), encrypted(30), encrypted(31), encrypted(1_000), unencrypted(320), encrypted(12_000)];

  it.each([[[1]], [[7]], [[64]], [[3, 1, 100, 2_000]], [[10_000_000]]])('decodes a client whose bytes come in pieces of %j', (pieces) => {
    const client = createClientStream({ framing, obfuscated, random });
    const sent = concat(client.header, ...messages.map((message, i) => client.packet(message, i % 2 === 1)));
    const { stream, events } = receive(sent, pieces);
    expect(stream).toMatchObject({ framing, obfuscated, headerDc: obfuscated ? 2 : undefined });
    expect(events.map(({ data }) => digest(data))).toEqual(messages.map(digest));
    expect(events.map(({ quickAck }) => quickAck)).toEqual(messages.map((_, i) => framing !== 'full' && i % 2 === 1));
  });

  it('is decoded by a client', () => {
    const client = createClientStream({ framing, obfuscated, random });
    const { stream } = receive(concat(client.header, client.packet(messages[0]!)), [1_000]);
    const { encoder } = stream!;
    const sent = concat(
      encoder.packet(messages[1]!),
      encoder.quickAck(0x81020384),
      encoder.packet(messages[4]!),
      encoder.packet(messages[6]!),
      encoder.error(-404),
    );
    const events: ServerEvent[] = [];
    for (let at = 0; at < sent.length; at += 5_001) events.push(...client.push(sent.slice(at, at + 5_001)));
    expect(events.map((event) => (event.type === 'packet' ? digest(event.data) : event))).toEqual([
      digest(messages[1]!),
      ...(framing === 'full' ? [] : [{ type: 'quick-ack', token: 0x81020384 }]),
      digest(messages[4]!),
      digest(messages[6]!),
      { type: 'error', code: -404 },
    ]);
  });

  it('refuses packets over the limit before their bytes arrive, and packets too small for any message', () => {
    const client = createClientStream({ framing, obfuscated, random });
    const large = concat(client.header, client.packet(encrypted(100)).subarray(0, 30));
    expect(violation(() => receive(large, [1_000], 1_000))).toBe('packet-too-large');
    const other = createClientStream({ framing, obfuscated, random });
    const small = concat(other.header, framing === 'padded' ? other.packet(new Uint8Array(0)) : other.packet(new Uint8Array(20)));
    expect(violation(() => receive(small, [1_000]))).toBe('packet-too-small');
  });

  it('stays broken after an error', () => {
    const client = createClientStream({ framing, obfuscated, random });
    const { stream } = receive(concat(client.header, client.packet(messages[0]!)), [1_000], 1_000);
    const tooLarge = client.packet(encrypted(100));
    expect(violation(() => stream!.decoder.push(tooLarge))).toBe('packet-too-large');
    expect(violation(() => stream!.decoder.push(client.packet(messages[1]!)))).toBe('packet-too-large');
  });
});

describe('the bytes on the wire', () => {
  const answer = (framing: FramingName): Stream => {
    const client = createClientStream({ framing, random });
    return receive(concat(client.header, client.packet(unencrypted(20))), [1_000]).stream!;
  };

  it('of abridged packets', () => {
    const { encoder } = answer('abridged');
    expect([...encoder.packet(new Uint8Array(40)).subarray(0, 2)]).toEqual([10, 0]);
    expect([...encoder.packet(new Uint8Array(0x7e * 4)).subarray(0, 2)]).toEqual([0x7e, 0]);
    expect([...encoder.packet(new Uint8Array(0x7f * 4)).subarray(0, 5)]).toEqual([0x7f, 0x7f, 0, 0, 0]);
    expect([...encoder.packet(new Uint8Array(0x12345 * 4)).subarray(0, 4)]).toEqual([0x7f, 0x45, 0x23, 0x01]);
    expect([...encoder.quickAck(0xaabbccdd)]).toEqual([0xaa, 0xbb, 0xcc, 0xdd]);
    expect([...encoder.error(-404)]).toEqual([1, 0x6c, 0xfe, 0xff, 0xff]);
    expect(() => encoder.packet(new Uint8Array(41))).toThrow(RangeError);
  });

  it('of intermediate packets', () => {
    const { encoder } = answer('intermediate');
    expect([...encoder.packet(new Uint8Array(300)).subarray(0, 5)]).toEqual([0x2c, 1, 0, 0, 0]);
    expect([...encoder.quickAck(0xaabbccdd)]).toEqual([0xdd, 0xcc, 0xbb, 0xaa]);
    expect([...encoder.error(-429)]).toEqual([4, 0, 0, 0, 0x53, 0xfe, 0xff, 0xff]);
  });

  it('of padded packets: at most 3 bytes of padding, none around an error', () => {
    const { encoder } = answer('padded');
    for (let i = 0; i < 50; i++) {
      const framed = encoder.packet(new Uint8Array(56));
      const length = framed[0]!;
      expect(length).toBe(framed.length - 4);
      expect(length - 56).toBeLessThan(4);
      expect([...encoder.error(-444)]).toEqual([4, 0, 0, 0, 0x44, 0xfe, 0xff, 0xff]);
      const ack = encoder.quickAck(0xaabbccdd);
      expect(ack.length).toBeLessThanOrEqual(20);
      expect([...ack.subarray(4, 12)]).toEqual([0xff, 0xff, 0xff, 0xff, 0xdd, 0xcc, 0xbb, 0xaa]);
    }
  });

  it('of full packets', () => {
    const { encoder } = answer('full');
    // CRC-32 of 10 00 00 00 00 00 00 00 6c fe ff ff, computed separately.
    expect(Buffer.from(encoder.error(-404)).toString('hex', 0, 12)).toBe('10000000000000006cfeffff');
    expect(Buffer.from(encoder.packet(new Uint8Array(40))).readUInt32LE(4)).toBe(1);
    expect(encoder.quickAck(0xaabbccdd)).toHaveLength(0);
  });
});

describe('the sniffer', () => {
  const push = (text: string): Sniffed => createSniffer({ random }).push(Buffer.from(text, 'latin1'));

  it.each(['POST /api HTTP/1.1\r\n', 'GET /apiws HTTP/1.1\r\n', 'HEAD / HTTP/1.1\r\n', 'OPTIONS /apiw1 HTTP/1.1\r\n'])('passes on %j with all its bytes', (request) => {
    expect(push(request)).toEqual({ kind: 'http', bytes: Buffer.from(request) });
    const sniffer = createSniffer({ random });
    expect(sniffer.push(Buffer.from(request.slice(0, 3)))).toEqual({ kind: 'need-more' });
    const sniffed = sniffer.push(Buffer.from(request.slice(3)));
    expect(sniffed.kind === 'http' && Buffer.from(sniffed.bytes).toString()).toBe(request);
  });

  it('refuses TLS and streams without a known tag', () => {
    expect(violation(() => push('\x16\x03\x01\x02\x00\x01'))).toBe('tls');
    expect(violation(() => push('x'.repeat(64)))).toBe('unknown-transport');
    expect(push('x'.repeat(63))).toEqual({ kind: 'need-more' });
  });

  it('waits while the transport is uncertain', () => {
    expect(push('')).toEqual({ kind: 'need-more' });
    expect(push('\xee\xee\xee')).toEqual({ kind: 'need-more' });
    expect(push('\xdd')).toEqual({ kind: 'need-more' });
  });

  it('records the DC bytes of an obfuscated header, whatever they are', () => {
    for (const dc of [2, -2, 10_002, -10_003, 12_345, 0]) {
      const client = createClientStream({ framing: 'abridged', obfuscated: true, dc, random });
      expect(receive(client.header, [64]).stream?.headerDc).toBe(dc);
    }
  });

  it('knows no obfuscated full transport', () => {
    expect(() => createClientStream({ framing: 'full', obfuscated: true, random })).toThrow(RangeError);
  });
});

describe('full framing', () => {
  const client = (): Uint8Array[] => {
    const stream = createClientStream({ framing: 'full', random });
    return [stream.packet(unencrypted(20)), stream.packet(unencrypted(40)), stream.packet(unencrypted(60))];
  };

  it('refuses a repeated or skipped packet', () => {
    const [first, second, third] = client();
    expect(violation(() => receive(concat(first!, first!), [1_000]))).toBe('wrong-sequence');
    expect(violation(() => receive(concat(first!, third!), [1_000]))).toBe('wrong-sequence');
    expect(receive(concat(first!, second!, third!), [1_000]).events).toHaveLength(3);
  });

  it('refuses changed bytes and lengths that are not whole words', () => {
    const [first] = client();
    for (const at of [8, 30, first!.length - 1]) {
      const changed = plain(first!);
      changed[at]! ^= 4;
      expect(violation(() => receive(changed, [1_000]))).toBe('wrong-checksum');
    }
    const odd = plain(first!);
    odd[0]! += 1;
    expect(violation(() => receive(odd, [1_000]))).toBe('misaligned-length');
  });
});
