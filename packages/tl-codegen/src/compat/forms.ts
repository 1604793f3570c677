// Old forms: constructors and methods of older layers whose id the newest layer does not have.
import type { Entry, Param, TypeRef } from '../parse-schema.ts';
import { typeText } from '../parse-schema.ts';
import { namedTypes, type Schema } from '../model.ts';

export interface OldForm {
  /** `user#3ff6ecb0`: under this name tables and converters know the form. */
  key: string;
  /** `user_3ff6ecb0`, for identifiers. */
  ident: string;
  /** The form, with the `true` flags of every layer that has this id. */
  entry: Entry;
  /** Layers that have it. */
  layers: number[];
}

export function formKey(entry: Entry): string {
  return `${entry.name}#${entry.id.toString(16).padStart(8, '0')}`;
}

/** Every old form of the older layers by id. Fails when one id means two things. */
export function collectForms(newest: Schema, older: Schema[]): Map<number, OldForm> {
  const forms = new Map<number, OldForm>();
  for (const schema of older) {
    for (const entry of schema.entries) {
      const known = newest.byId.get(entry.id) ?? forms.get(entry.id)?.entry;
      if (known && wireShape(known) !== wireShape(entry)) throw new Error(`${formKey(entry)} differs between layers`);
      if (newest.byId.has(entry.id)) continue;
      const form = forms.get(entry.id);
      if (form) {
        form.layers.push(schema.layer);
        form.entry = { ...form.entry, params: unionOfFlags(form.entry.params, entry.params) };
      } else forms.set(entry.id, { key: formKey(entry), ident: formKey(entry).replaceAll(/[.#]/g, '_'), entry, layers: [schema.layer] });
    }
  }
  return forms;
}

/** What decides the bytes: everything but flags of type `true`. */
function wireShape(entry: Entry): string {
  const params = entry.params.filter((p) => p.type.kind !== 'true').map((p) => `${p.flag ? `${p.flag.field}.${p.flag.bit}?` : ''}${typeText(p.type)}`);
  return `${entry.name} ${params.join(' ')} = ${typeText(entry.result)}`;
}

/** A flag of type `true` changes no id, so layers with one id may differ in them. */
function unionOfFlags(a: Param[], b: Param[]): Param[] {
  const names = new Set(a.map((p) => p.name));
  return [...a, ...b.filter((p) => p.type.kind === 'true' && !names.has(p.name))];
}

/** Boxed types that can be met when starting from some. */
export function reachableTypes(schema: Schema, roots: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const todo = [...roots];
  for (let type = todo.pop(); type !== undefined; type = todo.pop()) {
    if (seen.has(type) || !schema.types.has(type)) continue;
    seen.add(type);
    for (const entry of schema.types.get(type)!) todo.push(...entry.params.flatMap((p) => namedTypes(p.type)));
  }
  return seen;
}

/** Types that a server sends at a layer: results of the methods that it answers, and updates. */
export function sentTypes(schema: Schema, answered: (method: Entry) => boolean): Set<string> {
  const results = schema.entries.filter((e) => e.kind === 'method' && answered(e)).flatMap((e) => namedTypes(e.result));
  return reachableTypes(schema, [...results, 'Updates']);
}

/** Types that a client sends at a layer: parameters of methods. */
export function receivedTypes(schema: Schema): Set<string> {
  return reachableTypes(schema, schema.entries.filter((e) => e.kind === 'method').flatMap((e) => e.params.flatMap((p) => namedTypes(p.type))));
}

const sameType = (a: TypeRef, b: TypeRef) => typeText(a) === typeText(b);

/** Fields of the old form that cannot be taken from the newest object as they are, each with the reason. */
export function loweringProblems(newest: Entry, old: Entry): Map<string, string> {
  const fields = new Map(newest.params.map((p) => [p.name, p]));
  const problems = new Map<string, string>();
  for (const p of old.params) {
    const from = fields.get(p.name);
    if (p.type.kind === 'flags' || (!from && p.flag)) continue;
    if (!from) problems.set(p.name, `${typeText(p.type)}, required, is gone`);
    else if (!sameType(from.type, p.type)) problems.set(p.name, `was ${typeText(p.type)}, is ${typeText(from.type)}`);
    else if (!p.flag && from.flag) problems.set(p.name, 'was required, is optional');
  }
  return problems;
}

/**
 * The old form without optional fields that the newest lacks and no converter computes: what a mechanical writer writes.
 * Whatever shares a bit with such a field goes too, for the bit can never be set.
 */
export function prunedForLowering(newest: Entry, old: Entry, isComputed: (field: string) => boolean): Entry {
  const names = new Set(newest.params.map((p) => p.name));
  const has = (p: Param) => names.has(p.name) || isComputed(p.name);
  const bitOf = (p: Param) => p.flag && `${p.flag.field}.${p.flag.bit}`;
  const dead = new Set(old.params.filter((p) => p.flag && p.type.kind !== 'true' && !has(p)).map(bitOf));
  return { ...old, params: old.params.filter((p) => p.type.kind === 'flags' || (has(p) && !dead.has(bitOf(p)))) };
}

/** Why an old form cannot be read straight into the newest; empty when it can. */
export function liftingProblems(old: Entry, newest: Entry, mayLose: (field: string) => boolean): string[] {
  const fields = new Map(old.params.map((p) => [p.name, p]));
  const names = new Set(newest.params.map((p) => p.name));
  const lost = old.params.filter((p) => p.type.kind !== 'flags' && !names.has(p.name) && !mayLose(p.name)).map((p) => `${p.name}:${typeText(p.type)} would be lost`);
  const missing = newest.params.filter((p) => p.type.kind !== 'flags').flatMap((p) => {
    const from = fields.get(p.name);
    if (!from) return p.flag ? [] : [`${p.name}:${typeText(p.type)} is required now`];
    if (!sameType(from.type, p.type)) return [`${p.name} was ${typeText(from.type)}, is ${typeText(p.type)}`];
    return !p.flag && from.flag ? [`${p.name} was optional, is required`] : [];
  });
  return [...missing, ...lost];
}
