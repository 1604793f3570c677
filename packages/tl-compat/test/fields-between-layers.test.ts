// What becomes of each field of each form that differs between layers: nothing is lost by a conversion that is not listed as dropped on purpose.
import { TlError, TlReader, type tl } from '@aerogram/tl';
import { formKey, GONE_METHODS, LAYERS, LOST_FIELDS, RENAMED_METHODS, REPLACED_WITHOUT, typeText, UNFILLED_FIELDS, type Entry, type Param, type Schema } from '@aerogram/tl-codegen';
import { codecFor, REQUEST_READERS } from '@aerogram/tl-compat';
import { expect, it } from 'vitest';
import { LIFTS } from '../src/converters/lifts.ts';
import { FIELDS } from '../src/converters/fields.ts';
import { LOWERINGS } from '../src/converters/lowerings.ts';
import { REPLACEMENTS } from '../src/converters/replacements.ts';
import { CONSTRUCTORS } from '../src/generated/layers.ts';
import { ruleAt } from '../src/layer-writers.ts';
import { RandomObjects } from './random-object.ts';
import { LOWERING_CASES, REFUSED } from './golden-lowerings.ts';
import { Samples, type Sample } from './sample-object.ts';
import { SchemaReader } from './schema-reader.ts';
import { writeBySchema } from './schema-writer.ts';
import { loadSchema } from './schemas.ts';

const newest = loadSchema(LAYERS[0]!);
const older = LAYERS.slice(1);
const byConverter = new Set([...Object.keys(LOWERINGS), ...Object.keys(FIELDS).map((key) => key.slice(0, key.lastIndexOf('.'))), ...Object.keys(LIFTS)]);

/** Fields that hold something, without the fields of flags. */
const fieldsOf = (entry: Entry) => entry.params.filter((p) => p.type.kind !== 'flags');
/** The field of the same name and type in another form. */
const twin = (p: Param, entry: Entry) => fieldsOf(entry).find((q) => q.name === p.name && typeText(q.type) === typeText(p.type));

/** Optional fields in groups: those that share a bit can only be set together. */
function groupsOf(entry: Entry): string[][] {
  const groups = new Map<string, string[]>();
  for (const p of fieldsOf(entry)) {
    if (!p.flag) continue;
    const bit = `${p.flag.field}.${p.flag.bit}`;
    groups.set(bit, [...(groups.get(bit) ?? []), p.name]);
  }
  return [...groups.values()];
}

/** A sample with some of its optional fields. */
interface Variant {
  set: string[];
  object: Sample;
}

/** The sample without optional fields, with each group of them, with all, and if `pairs` is set with each two groups. */
function variantsOf(entry: Entry, full: Sample, pairs = false): Variant[] {
  const groups = groupsOf(entry).filter((group) => group.every((name) => name in full));
  const together = pairs ? groups.flatMap((a, at) => groups.slice(at + 1).map((b) => [...a, ...b])) : [groups.flat()];
  const optional = new Set(groupsOf(entry).flat());
  return [[], ...groups, ...together].map((set) => ({ set, object: Object.fromEntries(Object.entries(full).filter(([name]) => !optional.has(name) || set.includes(name))) as Sample }));
}

/** The same value in all fields of a type, so that a converter that takes one field for another is noticed. */
function withEqualValues(entry: Entry, full: Sample): Sample {
  const equal: Record<string, unknown> = { int: 12, long: 12n, string: 's', bytes: Uint8Array.of(7) };
  return { ...full, ...Object.fromEntries(fieldsOf(entry).filter((p) => p.name in full && p.type.kind in equal).map((p) => [p.name, equal[p.type.kind]])) };
}

/** Whether everything in `given` is in `seen`, which may have more. */
function isKept(given: unknown, seen: unknown): boolean {
  if (given instanceof Uint8Array) return seen instanceof Uint8Array && Buffer.compare(given, seen) === 0;
  if (Array.isArray(given)) return Array.isArray(seen) && seen.length === given.length && given.every((item, at) => isKept(item, seen[at]));
  if (typeof given === 'object' && given !== null) return typeof seen === 'object' && seen !== null && Object.entries(given).every(([name, value]) => isKept(value, (seen as Record<string, unknown>)[name]));
  return given === seen;
}

const text = (value: unknown) => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));

interface Form {
  key: string;
  layer: number;
  schema: Schema;
  entry: Entry;
}

/** Each old form once, in the newest layer that has it. */
function listForms(isWanted: (entry: Entry, layer: number) => boolean): Form[] {
  const forms = new Map<string, Form>();
  for (const layer of older) {
    const schema = loadSchema(layer);
    for (const entry of schema.entries) {
      const key = formKey(entry);
      if (!newest.byId.has(entry.id) && !forms.has(key) && isWanted(entry, layer)) forms.set(key, { key, layer, schema, entry });
    }
  }
  return [...forms.values()];
}

/** What a client of the layer reads; `undefined` if the layer cannot say it. */
function lowered({ layer, schema }: Pick<Form, 'layer' | 'schema'>, object: object): Sample | undefined {
  try {
    return new SchemaReader(schema, codecFor(layer).encode(object as never)).boxed();
  } catch (error) {
    if (error instanceof TlError && error.reason === 'not_representable') return undefined;
    throw error;
  }
}

function lifted({ schema }: Form, object: Sample): Sample {
  return new TlReader(writeBySchema(schema, object), { table: REQUEST_READERS }).boxed<tl.AnyObject>() as unknown as Sample;
}

/** A full sample of a constructor of one layer that another layer reads. */
interface FullSample {
  full: Sample;
  /** Whether the objects inside are the same in both layers. Otherwise it is only known that they are there. */
  isExact: boolean;
}

const samples = new Map<string, { exact: Samples; any: Samples }>();
function sampleOf(entry: Entry, of: Schema, within: Schema): FullSample {
  const key = `${of.layer} ${within.layer}`;
  let made = samples.get(key);
  if (!made) {
    const isConvertedIn = (schema: Schema, name: string) => {
      const form = schema.byName.get(name);
      return form !== undefined && byConverter.has(formKey(form));
    };
    made = { exact: new Samples(of, within, ({ name }) => isConvertedIn(of, name) || isConvertedIn(within, name)), any: new Samples(of, of, () => false) };
    samples.set(key, made);
  }
  const exact = made.exact.full(entry);
  return exact ? { full: exact, isExact: true } : { full: made.any.full(entry)!, isExact: false };
}

const answers = listForms((entry, layer) => entry.kind === 'constructor' && ruleAt(layer, CONSTRUCTORS[entry.name] ?? []) === formKey(entry));
const requests = listForms((entry) => REQUEST_READERS.has(entry.id | 0) && !GONE_METHODS.has(formKey(entry)));

it('an older layer gets each field of an answer that it has in the same form', () => {
  const lost = new Set<string>();
  const unseen = new Set(answers.map(({ key }) => key));
  for (const form of answers) {
    const now = newest.byName.get(form.entry.name)!;
    const { full, isExact } = sampleOf(now, newest, form.schema);
    // What the old form requires is always there.
    const required = new Set(fieldsOf(form.entry).filter((p) => !p.flag).map((p) => p.name));
    const needed = groupsOf(now).filter((group) => group.some((name) => required.has(name))).flat();
    const oldGroups = groupsOf(form.entry);
    const golden = LOWERING_CASES[form.key]?.given as Sample | undefined;
    for (const { object } of [...variantsOf(now, full), ...(golden ? [{ object: golden }] : [])]) {
      const given: Sample = { ...object, ...Object.fromEntries(needed.filter((name) => name in full).map((name) => [name, full[name]])) };
      const seen = lowered(form, given);
      if (seen?._ !== form.entry.name) continue;
      unseen.delete(form.key);
      for (const p of fieldsOf(now)) {
        const partners = oldGroups.find((group) => group.includes(p.name)) ?? [];
        if (!(p.name in given) || !twin(p, form.entry) || !partners.every((name) => name in given)) continue;
        if (isExact && object !== golden ? !isKept(given[p.name], seen[p.name]) : !(p.name in seen)) lost.add(`${form.key}.${p.name}`);
      }
    }
  }
  expect({ lost: [...lost], unseen: [...unseen] }).toEqual({ lost: [], unseen: Object.keys(REFUSED) });
});

it('what goes instead of a constructor that an older layer lacks has the fields that both have', () => {
  const lost = new Set<string>();
  for (const name of Object.keys(REPLACEMENTS)) {
    const entry = newest.byName.get(name)!;
    for (const layer of older.filter((one) => ruleAt(one, CONSTRUCTORS[name] ?? []) === 'by hand')) {
      const schema = loadSchema(layer);
      const { full, isExact } = sampleOf(entry, newest, schema);
      for (const { object } of variantsOf(entry, full)) {
        const seen = lowered({ layer, schema }, object);
        const instead = seen && schema.byName.get(seen._)!;
        for (const p of seen ? fieldsOf(entry) : []) {
          if (p.name in object && twin(p, instead!) && (isExact ? !isKept(object[p.name], seen![p.name]) : !(p.name in seen!))) lost.add(`${name}.${p.name}`);
        }
      }
    }
  }
  expect([...lost]).toEqual(Object.keys(REPLACED_WITHOUT));
});

it('an older layer gets each optional field that had another name or type', () => {
  const unfilled: string[] = [];
  for (const form of answers) {
    const now = newest.byName.get(form.entry.name)!;
    const open = new Set(fieldsOf(form.entry).filter((p) => p.flag && !twin(p, now)).map((p) => p.name));
    const random = new RandomObjects(newest, 1);
    const golden: object | undefined = LOWERING_CASES[form.key]?.given;
    for (let round = 0; round < 40 && open.size > 0; round++) {
      const seen = lowered(form, round === 0 && golden ? golden : random.object(now)) ?? {};
      for (const name of Object.keys(seen)) open.delete(name);
    }
    unfilled.push(...[...open].map((name) => `${form.key}.${name}`));
  }
  expect(unfilled.sort()).toEqual(Object.keys(UNFILLED_FIELDS).sort());
});

it('each field of an older request reaches the handler', () => {
  const lost = new Set<string>();
  for (const form of requests) {
    const { key, schema, entry } = form;
    const isByHand = key in LIFTS;
    const now = newest.byName.get(RENAMED_METHODS[key] ?? entry.name);
    const { full, isExact } = sampleOf(entry, schema, newest);
    const lose = (name: string) => void lost.add(`${key}.${name}`);
    const results = new Map<string, string[]>();
    for (const { set, object } of variantsOf(entry, withEqualValues(entry, full), isByHand)) {
      const seen = lifted(form, object);
      for (const p of fieldsOf(entry)) {
        if (!(p.name in object) || !now || seen._ !== now.name) continue;
        if (!twin(p, now) ? !isByHand : isExact ? !isKept(object[p.name], seen[p.name]) : !(p.name in seen)) lose(p.name);
      }
      // Requests that say different things must not become the same.
      const same = results.get(text(seen));
      for (const name of new Set([...set, ...(same ?? set)])) if (same && !(set.includes(name) && same.includes(name))) lose(name);
      results.set(text(seen), set);
    }
    // Of fields without a flag, a converter must use the value.
    const whole = text(lifted(form, full));
    for (const p of fieldsOf(entry)) {
      const other = { int: 99, long: 99n, string: 'other', bytes: Uint8Array.of(99), bool: false }[p.type.kind as 'int'];
      if (isByHand && !p.flag && other !== undefined && text(lifted(form, { ...full, [p.name]: other })) === whole) lose(p.name);
    }
  }
  expect([...lost].sort()).toEqual(Object.keys(LOST_FIELDS).sort());
});
