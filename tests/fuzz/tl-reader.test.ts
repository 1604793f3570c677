// For random and mutated bytes the readers throw nothing but TlError, and they do not allocate excessively.
import { ANY_TYPE, mtDecode, mtEncode, TlError, TlReader, type mt } from '@aerogram/tl';
import { LAYERS } from '@aerogram/tl-codegen';
import { readRequest, readWrappers, REQUEST_READERS, storedDecode } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { createDice, RandomObjects } from '../../packages/tl-compat/test/random-object.ts';
import { writeBySchema } from '../../packages/tl-compat/test/schema-writer.ts';
import { loadSchema } from '../../packages/tl-compat/test/schemas.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20250104);
const ITERATIONS = Number(process.env.FUZZ_ITERATIONS ?? 20_000);

const below = (dice: () => number, n: number) => Math.floor(dice() * n);

/** Runs the reader; anything except success or TlError is an error, which is reported with the bytes. */
function feed(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): 'read' | 'refused' {
  try {
    read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof TlError) return 'refused';
    throw new Error(`seed ${SEED}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
  }
}

/** One of: a flipped bit, a changed word, a cut, an insertion, swapped words, a huge count. */
function mutate(dice: () => number, source: Uint8Array): Uint8Array {
  const bytes = Buffer.from(source);
  const word = below(dice, Math.max(1, bytes.length >> 2)) * 4;
  switch (below(dice, 6)) {
    case 0:
      bytes[below(dice, bytes.length)]! ^= 1 << below(dice, 8);
      return bytes;
    case 1:
      return Buffer.concat([bytes.subarray(0, word), Buffer.from(Uint32Array.of(below(dice, 2 ** 32)).buffer), bytes.subarray(word + 4)]);
    case 2:
      return bytes.subarray(0, below(dice, bytes.length));
    case 3:
      return Buffer.concat([bytes.subarray(0, word), Buffer.from(Uint32Array.of(below(dice, 256)).buffer), bytes.subarray(word)]);
    case 4:
      return Buffer.concat([bytes.subarray(word), bytes.subarray(0, word)]);
    default:
      return Buffer.concat([bytes.subarray(0, word), Buffer.of(0x15, 0xc4, 0xb5, 0x1c, 0xff, 0xff, 0xff, below(dice, 128)), bytes.subarray(word)]);
  }
}

describe(`TL reader, seed ${SEED}, ${ITERATIONS} iterations`, () => {
  it('survives mutated requests of every layer', () => {
    const dice = createDice(SEED);
    const counts = { read: 0, refused: 0 };
    const sources = LAYERS.map((layer) => {
      const schema = loadSchema(layer);
      return { schema, random: new RandomObjects(schema, SEED + layer), methods: schema.entries.filter((e) => e.kind === 'method') };
    });
    for (let i = 0; i < ITERATIONS; i++) {
      const { schema, random, methods } = sources[i % sources.length]!;
      let bytes: Uint8Array = writeBySchema(schema, random.object(methods[below(dice, methods.length)]!, 4));
      for (let n = below(dice, 3); n >= 0; n--) if (bytes.length > 0) bytes = mutate(dice, bytes);
      counts[feed(bytes, readRequest)]++;
      feed(bytes, readWrappers);
    }
    expect(counts.refused).toBeGreaterThan(counts.read / 10);
    expect(counts.read).toBeGreaterThan(0);
  });

  it('survives random bytes after every constructor id', () => {
    const dice = createDice(SEED + 1);
    const ids = [...REQUEST_READERS.keys()];
    for (let i = 0; i < ITERATIONS; i++) {
      const bytes = Buffer.from(Array.from({ length: 4 + below(dice, 120) }, () => (dice() < 0.5 ? below(dice, 256) : 0)));
      bytes.writeInt32LE(ids[below(dice, ids.length)]!, 0);
      feed(bytes, (b) => new TlReader(b, { table: REQUEST_READERS }).boxed(ANY_TYPE));
      feed(bytes, readRequest);
      feed(bytes, readWrappers);
      feed(bytes, storedDecode);
    }
  });

  it('survives mutated service messages', () => {
    const dice = createDice(SEED + 2);
    const samples: mt.AnyService[] = [
      { _: 'msg_container', messages: [{ _: 'message', msg_id: 1n, seqno: 2, bytes: 4, body: Buffer.alloc(4) }, { _: 'message', msg_id: 5n, seqno: 3, bytes: 8, body: Buffer.alloc(8) }] },
      { _: 'msgs_ack', msg_ids: [1n, 2n, 3n] },
      { _: 'future_salts', req_msg_id: 1n, now: 2, salts: [{ _: 'future_salt', valid_since: 1, valid_until: 2, salt: 3n }] },
      { _: 'req_DH_params', nonce: Buffer.alloc(16), server_nonce: Buffer.alloc(16), p: Buffer.alloc(4), q: Buffer.alloc(4), public_key_fingerprint: 1n, encrypted_data: Buffer.alloc(256) },
      { _: 'gzip_packed', packed_data: Buffer.alloc(300) },
      { _: 'msg_copy', orig_message: { _: 'message', msg_id: 1n, seqno: 2, bytes: 0, body: Buffer.alloc(0) } },
    ];
    for (let i = 0; i < ITERATIONS; i++) feed(mutate(dice, mtEncode(samples[i % samples.length]!)), mtDecode);
  });

  it('refuses unlimited nesting, and counts that exceed the number of bytes', () => {
    // invokeWithoutUpdates nested a million times
    const word = Buffer.from('b75994bf', 'hex');
    const deep = Buffer.concat(Array.from({ length: 1_000_000 }, () => word));
    expect(feed(deep, readRequest)).toBe('refused');
    expect(() => readRequest(deep)).toThrow(/too_deep/);
    const before = process.memoryUsage().heapUsed;
    const huge = Buffer.concat([Buffer.from('0665c663' + '15c4b51c' + 'ffffff7f', 'hex'), Buffer.alloc(64)]);
    for (let i = 0; i < 1000; i++) feed(huge, readRequest);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 << 20);
  });
});
