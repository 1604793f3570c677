import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LAYERS } from '@aerogram/tl-codegen';
import { codecFor, readRequest } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { LIFTS } from '../src/converters/lifts.ts';
import { FIELDS } from '../src/converters/fields.ts';
import { LOWERINGS } from '../src/converters/lowerings.ts';
import { LIFT_CASES } from './golden-lifts.ts';
import { PUSH_CASES } from './golden-pushes.ts';
import { LOWERING_CASES, REFUSED } from './golden-lowerings.ts';
import { RESULT_CASES } from './golden-results.ts';
import { REPLACEMENT_CASES } from './golden-replacements.ts';
import { findDifference, FOREIGN_READERS } from './other-codecs.ts';
import { SchemaReader } from './schema-reader.ts';
import { writeBySchema } from './schema-writer.ts';
import { loadSchema } from './schemas.ts';

// These bytes were read by a reader of the layer's own schema and, at 198 and 227, by GramJS and mtcute. GOLDEN=write updates them; check
// the difference before committing it.
const file = fileURLToPath(new URL('./golden.json', import.meta.url));
const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
const seen: Record<string, string> = {};

const OLDEST = LAYERS.at(-1)!;

function checkBytes(name: string, bytes: Uint8Array): void {
  seen[name] = Buffer.from(bytes).toString('hex');
  if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify({ ...golden, ...seen }, Object.keys({ ...golden, ...seen }).sort(), 1)}\n`);
  else expect(seen[name]).toBe(golden[name]);
}

/** `user#4b46c37e` of `user#4b46c37e.stories_max_id`. */
const formOfField = (key: string) => key.slice(0, key.lastIndexOf('.'));

/** What a client of the layer reads, to the last byte; the client's own codec, if available, must read the same. */
function readAt(layer: number, bytes: Uint8Array): object {
  const reader = new SchemaReader(loadSchema(layer), bytes);
  const value = reader.boxed();
  expect(reader.left).toBe(0);
  const foreign = FOREIGN_READERS[layer]?.(bytes);
  if (foreign) expect([foreign.left, findDifference(value, foreign.value)]).toEqual([0, undefined]);
  return value;
}

describe('golden bytes', () => {
  it('there is a case for every hand-written lowering', () => {
    expect([...Object.keys(LOWERING_CASES), ...Object.keys(REFUSED)].sort()).toEqual([...new Set([...Object.keys(LOWERINGS), ...Object.keys(FIELDS).map(formOfField)])].sort());
  });

  it.each(Object.entries({ ...LOWERING_CASES, ...REPLACEMENT_CASES }))('%s', (name, { layer, given, sees }) => {
    const bytes = codecFor(layer).encode(given);
    expect(readAt(layer, bytes)).toMatchObject(sees);
    checkBytes(`${name} @${layer}`, bytes);
  });

  it.each(Object.entries(PUSH_CASES))('pushed: %s', (name, { given, sees, shows }) => {
    for (const layer of LAYERS.slice(1)) {
      const bytes = codecFor(layer).encode(given);
      expect(readAt(layer, bytes)).toMatchObject({ _: 'updates', updates: given.updates.map((_, at) => (at === 0 ? sees : {})), users: [{ id: 7n, access_hash: 8n }], seq: 0 });
      if (shows !== undefined) expect(readAt(layer, bytes)).toMatchObject({ chats: given.chats.map((_, at) => (at === 0 ? shows : {})) });
      if (layer === OLDEST) checkBytes(`pushed: ${name} @${layer}`, bytes);
    }
  });

  it.each(Object.entries(REFUSED))('%s is refused', (_, { layer, given }) => {
    expect(() => codecFor(layer).encode(given)).toThrow(/not_representable/);
  });

  it('there is a case for every hand-written lift', () => {
    expect(Object.keys(LIFT_CASES).sort()).toEqual(Object.keys(LIFTS).sort());
  });

  it.each(Object.entries(LIFT_CASES))('lift %s', (name, { layer, sent, becomes }) => {
    const bytes = writeBySchema(loadSchema(layer), sent);
    // GramJS also reads requests; it must understand the bytes in the same way as we do.
    const foreign = layer === 198 ? FOREIGN_READERS[layer]!(bytes) : undefined;
    if (foreign) expect([foreign.left, findDifference(sent, foreign.value)]).toEqual([0, undefined]);
    const request = readRequest(bytes);
    expect(request).toEqual(becomes);
    checkBytes(`lift ${name} @${layer}`, bytes);
  });

  it.each(Object.entries(RESULT_CASES))('result %s', (name, { layer, type, encode, sees }) => {
    const bytes = encode(codecFor(layer));
    const reader = new SchemaReader(loadSchema(layer), bytes);
    const value = reader.value(type);
    expect(reader.left).toBe(0);
    if (typeof sees === 'object' && sees !== null) expect(value).toMatchObject(sees);
    else expect(value).toBe(sees);
    checkBytes(`${name} @${layer}`, bytes);
  });
});
