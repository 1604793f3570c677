// Generates packages/tl-compat/src/generated: types of old forms, their writers and readers.
import { emitReader } from '../emit-readers.ts';
import { emitInterface, tsType } from '../emit-types.ts';
import { numberOf, plainNames } from '../emit-tables.ts';
import { emitWriter } from '../emit-writers.ts';
import { GENERATED, METHOD_TYPE, signed, type Schema } from '../model.ts';
import { typeText, type TypeRef } from '../parse-schema.ts';
import { prunedForLowering, type OldForm } from './forms.ts';
import type { CompatPlan, LayerPlan } from './plan.ts';

const sorted = <T>(map: Map<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const identOf = (name: string) => name.replaceAll('.', '_');

/** Constructors that the newest layer does not have under any id, by type. */
function oldOnlyForms(newest: Schema, plan: CompatPlan): Map<string, OldForm[]> {
  const byType = new Map<string, OldForm[]>();
  for (const form of plan.forms.values()) {
    if (form.entry.kind === 'method' || newest.byName.has(form.entry.name)) continue;
    if (!plan.lowered.has(form.key) && !plan.lifted.has(form.key)) continue;
    const type = typeText(form.entry.result);
    byType.set(type, [...(byType.get(type) ?? []), form]);
  }
  return new Map(sorted(byType));
}

/** Boxed types that the newest layer no longer has, with their constructors. */
function goneTypes(newest: Schema, plan: CompatPlan): Map<string, OldForm[]> {
  return new Map([...oldOnlyForms(newest, plan)].filter(([type]) => !newest.types.has(type)));
}

/** TypeScript type of a field: unions of the newest layer, and unions of old forms for removed types. */
function typeSpeller(newest: Schema): (type: TypeRef) => string {
  return function spell(type: TypeRef): string {
    if (type.kind === 'vector') return `${spell(type.item)}[]`;
    if (type.kind === 'boxed' && !newest.types.has(type.name)) return `old.${identOf(type.name)}`;
    return tsType(type);
  };
}

/** `old-forms.ts`: interfaces of the forms that converters use, and the tables that converters must fill. */
export function emitOldForms(newest: Schema, plan: CompatPlan): string {
  const spell = typeSpeller(newest);
  const seen = new Map<string, OldForm>();
  for (const [key, { form, byHand }] of plan.lowered) if (byHand) seen.set(key, form);
  for (const [key, { form, how }] of plan.lifted) if (how !== 'mechanical') seen.set(key, form);
  const gone = goneTypes(newest, plan);
  for (const forms of oldOnlyForms(newest, plan).values()) for (const form of forms) seen.set(form.key, form);
  const interfaces = sorted(seen).map(([key, form]) => emitInterface(form.entry, form.ident, key, spell));
  return [
    `${GENERATED}import type { tl } from '@aerogram/tl';\nimport type * as old from './old-forms.ts';`,
    ...interfaces,
    [...gone].map(([type, forms]) => `export type ${identOf(type)} = ${forms.map((f) => `old.${f.ident}`).join(' | ')};`).join('\n'),
    emitContracts(newest, plan),
    '',
  ].filter((part) => part !== undefined).join('\n\n');
}

/** The interfaces `Lowerings`, `Lifts`, `Replacements`, `Results`: the hand-written converters that must exist, with their types. */
function emitContracts(newest: Schema, plan: CompatPlan): string {
  const spell = typeSpeller(newest);
  const oldOnly = oldOnlyForms(newest, plan);
  const anyOf = (type: string) => [`tl.${type}`, ...(oldOnly.get(type) ?? []).map((form) => `old.${form.ident}`)].join(' | ');
  const lowerings = sorted(plan.lowered).filter(([, l]) => l.byHand && l.newest)
    .map(([key, l]) => `  '${key}': (o: tl.${l.newest!.name}) => old.${l.form.ident} | ${anyOf(typeText(l.newest!.result))} | undefined;`);
  const fields = sorted(plan.lowered).flatMap(([key, l]) => l.fields.map((name) => {
    const p = l.form.entry.params.find((param) => param.name === name)!;
    const type = p.type.kind === 'true' ? 'boolean' : spell(p.type);
    return `  '${key}.${name}': (o: tl.${l.newest!.name}) => ${type}${p.flag ? ' | undefined' : ''};`;
  }));
  const lifts = sorted(plan.lifted).filter(([, l]) => l.how === 'by hand').map(([key, l]) => {
    const type = typeText(l.form.entry.result);
    const result = l.form.entry.kind === 'method' ? (l.newest ? `tl.${l.newest.name}` : 'tl.AnyMethod') : (newest.types.has(type) ? `tl.${type}` : `old.${identOf(type)}`);
    return `  '${key}': (o: old.${l.form.ident}) => ${result};`;
  });
  const replacements = sorted(plan.replaced).map(([name, entry]) => `  '${name}': (o: tl.${name}) => ${anyOf(typeText(entry.result))} | undefined;`);
  const results = [...plan.resultPairs].sort().map((pair) => {
    const [from, to] = pair.split(' → ').map((text) => spell(resultType(text)));
    return `  '${pair}': (value: ${from}) => ${to} | undefined;`;
  });
  const block = (name: string, doc: string, lines: string[]) => `/** ${doc} */\nexport interface ${name} {\n${lines.join('\n')}\n}`;
  return [
    block('Lowerings', 'Newest object → old form; `undefined`: this layer cannot say it.', lowerings),
    block('Fields', 'Newest object → one field of the old form.', fields),
    block('Lifts', 'Old form of a request or of a part of one → newest.', lifts),
    block('Replacements', 'A constructor that an older layer lacks → what goes instead.', replacements),
    block('Results', 'What a method answers now → what it answered then.', results),
  ].join('\n\n');
}

function resultType(text: string): TypeRef {
  const vector = /^Vector<(.+)>$/.exec(text);
  if (vector) return { kind: 'vector', item: resultType(vector[1]!), bare: false };
  if (text === 'Bool') return { kind: 'bool' };
  if (text === 'int' || text === 'long' || text === 'string') return { kind: text };
  return { kind: 'boxed', name: text };
}

/** `old-writers.ts`: one function per old form; generated ones take the newest object. */
export function emitOldWriters(newest: Schema, plan: CompatPlan): string {
  const names = plainNames(new Map(), 'tl', newest);
  const forms = sorted(plan.lowered);
  const functions = forms.map(([key, { form, newest: now, byHand, fields }]) => {
    if (byHand || !now) return emitWriter(form.entry, names, { functionName: `write_${form.ident}`, ownerType: `old.${form.ident}` });
    const computed = new Map(fields.map((name) => [name, `FIELDS['${key}.${name}'](o)`]));
    return emitWriter(prunedForLowering(now, form.entry, (name) => computed.has(name)), names, { functionName: `write_${form.ident}`, ownerType: `tl.${now.name}`, computed });
  });
  return [
    `${GENERATED}import { writerRow, type tl, type TlWriter, type WriterRow } from '@aerogram/tl';\nimport { FIELDS } from '../converters/fields.ts';\nimport type * as old from './old-forms.ts';`,
    ...functions,
    `/** Writers by the key of the form. */\nexport const OLD_WRITERS: WriterRow[] = [\n${forms.map(([key, { form }]) => `  writerRow('${key}', ${signed(form.entry.id)}, write_${form.ident}),`).join('\n')}\n];\n`,
  ].join('\n\n');
}

/** `old-readers.ts`: readers of old forms in requests, which return the newest form. */
export function emitOldReaders(newest: Schema, plan: CompatPlan, types: Map<string, number>): string {
  const numbers = new Map(types);
  for (const type of goneTypes(newest, plan).keys()) numbers.set(type, METHOD_TYPE + 1 + numbers.size);
  const names = { ...plainNames(numbers, 'tl', newest), ts: typeSpeller(newest) };
  const forms = sorted(plan.lifted);
  const functions = forms.map(([key, { form, newest: now, how }]) => (how === 'mechanical'
    ? emitReader(form.entry, names, { functionName: `read_${form.ident}`, tag: now!.name, returnType: `tl.${now!.name}`, isKept: (field) => now!.params.some((p) => p.name === field) })
    : emitReader(form.entry, names, { functionName: `read_${form.ident}`, tag: key, returnType: `old.${form.ident}` })));
  const rows = forms.map(([key, { form, how }]) => {
    const arg = form.entry.params.length > 0 ? 'r' : '';
    const read = how === 'by hand' ? `(${arg}) => LIFTS['${key}'](read_${form.ident}(${arg}))` : `read_${form.ident}`;
    return `  readerRow(${signed(form.entry.id)}, ${numberOf(form.entry, numbers)}, ${read}), // ${key}`;
  });
  return [
    `${GENERATED}import { readerRow, type ReaderRow, type tl, type TlReader } from '@aerogram/tl';\nimport { LIFTS } from '../converters/lifts.ts';\nimport type * as old from './old-forms.ts';`,
    ...functions,
    `/** Readers of old forms, newest form out. */\nexport const OLD_READERS: ReaderRow[] = [\n${rows.join('\n')}\n];\n`,
  ].join('\n\n');
}

/** `layers.ts`: for each constructor and method, from which layer downwards it is written differently, and how. */
export function emitLayers(plan: CompatPlan): string {
  const layers = plan.layers.map((l) => l.layer);
  const constructors = stepsOf(plan, (l) => [...l.forms, ...l.absent]);
  const gone = stepsOf(plan, (l) => [...l.gone]);
  const results = stepsOf(plan, (l) => [...l.results]);
  return [
    GENERATED.trimEnd(),
    [
      '/** `rule` holds from this layer down to the layer of the next step. `newest`: as the newest layer has it. */',
      'export type Step = readonly [layer: number, rule: string];',
    ].join('\n'),
    `/** Older layers, newest first. */\nexport const OLDER_LAYERS: readonly number[] = [${layers.join(', ')}];`,
    [
      '/**',
      ' * Newest constructor → how older layers have it: the key of an old form (`user#31774388`), the name of a constructor',
      ' * that goes instead, `by hand` for one that a converter makes, or `drop`.',
      ' */',
      `export const CONSTRUCTORS: Readonly<Record<string, readonly Step[]>> = ${constructors};`,
    ].join('\n'),
    [
      '/**',
      ' * Constructors that the newest layer does not have any more: the key of their newest form → the key of the form that older layers have,',
      ' * `drop` for layers that do not have it yet, or `newest` for the form itself.',
      ' */',
      `export const GONE: Readonly<Record<string, readonly Step[]>> = ${gone};`,
    ].join('\n'),
    `/** Newest method → TL type of its result in older layers. */\nexport const METHOD_RESULTS: Readonly<Record<string, readonly Step[]>> = ${results};\n`,
  ].join('\n\n');
}

function stepsOf(plan: CompatPlan, rulesOf: (layer: LayerPlan) => [string, string][]): string {
  const steps = new Map<string, [number, string][]>();
  for (const layer of plan.layers) {
    const rules = new Map(rulesOf(layer));
    for (const name of new Set([...steps.keys(), ...rules.keys()])) {
      const known = steps.get(name) ?? [];
      const rule = rules.get(name) ?? 'newest';
      if ((known.at(-1)?.[1] ?? 'newest') !== rule) steps.set(name, [...known, [layer.layer, rule]]);
    }
  }
  return `{\n${sorted(steps).map(([name, list]) => `  '${name}': [${list.map(([layer, rule]) => `[${layer}, '${rule}']`).join(', ')}],`).join('\n')}\n}`;
}
