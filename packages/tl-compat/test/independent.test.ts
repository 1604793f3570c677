import type { TlError, tl } from '@aerogram/tl';
import { answeredTypes, LAYERS, typeText } from '@aerogram/tl-codegen';
import { codecFor } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { findDifference, FOREIGN_READERS } from './other-codecs.ts';
import { RandomObjects } from './random-object.ts';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

const SEED = Number(process.env.SEED ?? 20250102);
const newest = loadSchema(LAYERS[0]!);
const ROUNDS = Number(process.env.ROUNDS ?? 2);

describe(`codecs that others wrote read what we write, seed ${SEED}`, () => {
  it.each([198, 227])('layer %i', (layer) => {
    const schema = loadSchema(layer);
    const codec = codecFor(layer);
    const answered = answeredTypes(schema);
    const random = new RandomObjects(newest, SEED, { bits: 52 });
    const read = FOREIGN_READERS[layer]!;
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const entry of newest.entries) {
        if (entry.kind === 'method' || !answered.has(typeText(entry.result))) continue;
        let bytes: Uint8Array;
        try {
          bytes = codec.encode(random.object(entry, 5) as tl.AnyObject);
        } catch (error) {
          // Constructors that this layer cannot express, or that no answer in it contains.
          expect(error).toMatchObject({ reason: 'not_representable' } satisfies Partial<TlError>);
          continue;
        }
        const ours = new SchemaReader(schema, bytes).boxed();
        const theirs = read(bytes);
        expect(`${entry.name} ${theirs.left} ${findDifference(ours, theirs.value)}`).toBe(`${entry.name} 0 undefined`);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(ROUNDS * 1000);
  });
});
