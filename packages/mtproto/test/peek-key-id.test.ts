import { seededRandom } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { createClientStream } from '../src/client.ts';
import { PEEK_BYTES, peekKeyId } from '../src/index.ts';

const KEY_ID = -0x1234_5678_9abc_def0n;
const random = seededRandom('peek');

function firstPacket(bytes: number): Uint8Array {
  const packet = random.bytes(bytes);
  new DataView(packet.buffer, packet.byteOffset).setBigInt64(0, KEY_ID, true);
  return packet;
}

describe('the key of a stream’s first packet', () => {
  for (const framing of ['abridged', 'intermediate', 'padded', 'full'] as const) {
    for (const obfuscated of framing === 'full' ? [false] : [false, true]) {
      test(`${framing}${obfuscated ? ', obfuscated' : ''}: short and long packets, from the fewest bytes that tell`, () => {
        for (const length of [40, 1200]) {
          for (const quickAck of framing === 'full' ? [false] : [false, true]) {
            const stream = createClientStream({ framing, obfuscated, random });
            const bytes = Buffer.concat([stream.header, stream.packet(firstPacket(length), quickAck)]);
            expect(peekKeyId(bytes)).toBe(KEY_ID);
            expect(peekKeyId(bytes.subarray(0, PEEK_BYTES))).toBe(KEY_ID);
            const enough = Array.from({ length: PEEK_BYTES }, (_, index) => index).find((end) => peekKeyId(bytes.subarray(0, end)) !== undefined)!;
            for (let end = enough; end <= PEEK_BYTES; end++) expect(peekKeyId(bytes.subarray(0, end))).toBe(KEY_ID);
          }
        }
      });
    }
  }

  test('HTTP, too few bytes, and unknown transports', () => {
    expect(peekKeyId(Buffer.from('POST /api HTTP/1.1\r\n'))).toBe('http');
    expect(peekKeyId(new Uint8Array(0))).toBeUndefined();
    expect(peekKeyId(Buffer.from('PO'))).toBeUndefined();
    expect(() => peekKeyId(Uint8Array.from({ length: 64 }, () => 0x55))).toThrow();
  });
});
