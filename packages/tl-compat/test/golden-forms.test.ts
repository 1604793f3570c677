import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TlReader, type tl } from '@aerogram/tl';
import { GONE_METHODS, LAYERS, typeText, type Entry } from '@aerogram/tl-codegen';
import { codecFor, REQUEST_READERS } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../src/converters/fields.ts';
import { LIFTS } from '../src/converters/lifts.ts';
import { LOWERINGS } from '../src/converters/lowerings.ts';
import { CONSTRUCTORS } from '../src/generated/layers.ts';
import { ruleAt } from '../src/layer-writers.ts';
import { Samples, type Sample } from './sample-object.ts';
import { writeBySchema } from './schema-writer.ts';
import { loadSchema } from './schemas.ts';

// Golden bytes of every form without a hand-written converter (those have their own cases in golden.test.ts). The bytes are also compared
// with a writer that only uses the layer's schema. GOLDEN=write updates them.
const file = fileURLToPath(new URL('./golden-forms.json', import.meta.url));
const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
const newest = loadSchema(LAYERS[0]!);
const older = LAYERS.slice(1);
const seen: Record<string, string> = {};

const keyOf = (entry: Entry) => `${entry.name}#${entry.id.toString(16).padStart(8, '0')}`;
const byConverter = new Set([...Object.keys(LOWERINGS), ...Object.keys(FIELDS).map((key) => key.slice(0, key.lastIndexOf('.')))]);
const samplesAt = new Map(older.map((layer) => [layer, new Samples(loadSchema(layer), newest, (entry) => byConverter.has(keyOf(entry)) || keyOf(entry) in LIFTS)]));

interface Form {
  key: string;
  layer: number;
  entry: Entry;
  sample: Sample;
}

/** Each old form once, in the newest layer that has it. */
function listForms(isWanted: (entry: Entry, layer: number) => boolean): Form[] {
  const forms = new Map<string, Form>();
  for (const layer of older) {
    for (const entry of loadSchema(layer).entries) {
      const key = keyOf(entry);
      if (newest.byId.has(entry.id) || forms.has(key) || !isWanted(entry, layer)) continue;
      const sample = samplesAt.get(layer)!.full(entry);
      if (sample) forms.set(key, { key, layer, entry, sample });
    }
  }
  return [...forms.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Fields that both forms have with the same type; for a removed method all fields. */
function shared(form: Form, now: Entry | undefined): Sample {
  if (!now) return { ...form.sample, _: form.key };
  const fields = form.entry.params.filter((p) => p.type.kind !== 'flags' && now.params.some((q) => q.name === p.name && typeText(q.type) === typeText(p.type))).map((p) => p.name);
  return { _: form.entry.name, ...Object.fromEntries(fields.map((name) => [name, form.sample[name]])) };
}

function checkGolden(name: string, bytes: Uint8Array): void {
  seen[name] = Buffer.from(bytes).toString('hex');
  if (process.env.GOLDEN !== 'write') expect(seen[name]).toBe(golden[name]);
}

const written = listForms((entry, layer) => entry.kind === 'constructor' && !byConverter.has(keyOf(entry)) && ruleAt(layer, CONSTRUCTORS[entry.name] ?? []) === keyOf(entry));
const read = listForms((entry) => REQUEST_READERS.has(entry.id | 0) && !(keyOf(entry) in LIFTS));

describe('golden bytes of forms without a hand-written converter', () => {
  it.each(written.map((form) => [form.key, form] as const))('%s is written', (key, form) => {
    const now = newest.byName.get(form.entry.name)!;
    const kept = shared(form, now);
    const bytes = codecFor(form.layer).encode(kept as unknown as tl.AnyObject);
    for (const lost of form.entry.params.filter((p) => p.flag && p.type.kind !== 'true' && !(p.name in kept))) {
      // The bit of a removed field cannot be set, so fields that share it are missing.
      for (const p of form.entry.params) if (p.flag?.field === lost.flag!.field && p.flag.bit === lost.flag!.bit) delete kept[p.name];
    }
    expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(writeBySchema(loadSchema(form.layer), kept)).toString('hex'));
    checkGolden(`${key} written @${form.layer}`, bytes);
  });

  it.each(read.map((form) => [form.key, form] as const))('%s is read', (key, form) => {
    const bytes = writeBySchema(loadSchema(form.layer), form.sample);
    const reader = new TlReader(bytes, { table: REQUEST_READERS });
    const value = reader.boxed<tl.AnyObject>();
    reader.checkEnd();
    expect(value).toMatchObject(shared(form, GONE_METHODS.has(key) ? undefined : newest.byName.get(form.entry.name)));
    checkGolden(`${key} read @${form.layer}`, bytes);
  });

  it('exist for these forms and no others', () => {
    if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(seen, Object.keys(seen).sort(), 1)}\n`);
    else expect(Object.keys(seen).sort()).toEqual(Object.keys(golden).sort());
  });
});
