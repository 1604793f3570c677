// Old forms: constructors and methods of older layers with an id that the newest layer does not have.
import type { Entry, Param, TypeRef } from '../parse-schema.ts';
import { typeText } from '../parse-schema.ts';
import { namedTypes, type Schema } from '../model.ts';

export interface OldForm {
  /** `user#3ff6ecb0`: name of the form in tables and converters. */
  key: string;
  /** `user_3ff6ecb0`, for identifiers. */
  ident: string;
  /** The form, with the `true` flags of all layers that have this id. */
  entry: Entry;
  /** Layers that have the form. */
  layers: number[];
}

export function formKey(entry: Entry): string {
  return `${entry.name}#${entry.id.toString(16).padStart(8, '0')}`;
}

/** Collects all old forms of the older layers by id. Throws when one id has two meanings. */
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

/** The parts that determine the bytes: everything except flags of type `true`. */
function wireShape(entry: Entry): string {
  const params = entry.params.filter((p) => p.type.kind !== 'true').map((p) => `${p.flag ? `${p.flag.field}.${p.flag.bit}?` : ''}${typeText(p.type)}`);
  return `${entry.name} ${params.join(' ')} = ${typeText(entry.result)}`;
}

/** A flag of type `true` does not change the id, so layers with the same id may differ in these flags. */
function unionOfFlags(a: Param[], b: Param[]): Param[] {
  const names = new Set(a.map((p) => p.name));
  return [...a, ...b.filter((p) => p.type.kind === 'true' && !names.has(p.name))];
}

/** Boxed types that can be reached from the given ones. */
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

/** Types that a server sends in a layer: results of the methods that it answers, and updates. */
export function sentTypes(schema: Schema, answered: (method: Entry) => boolean): Set<string> {
  const results = schema.entries.filter((e) => e.kind === 'method' && answered(e)).flatMap((e) => namedTypes(e.result));
  return reachableTypes(schema, [...results, 'Updates']);
}

/** Types that a client sends in a layer: parameters of methods. */
export function receivedTypes(schema: Schema): Set<string> {
  return reachableTypes(schema, schema.entries.filter((e) => e.kind === 'method').flatMap((e) => e.params.flatMap((p) => namedTypes(p.type))));
}

const sameType = (a: TypeRef, b: TypeRef) => typeText(a) === typeText(b);

/** Fields of the old form that cannot be copied from the newest object, each with the reason. */
export function loweringProblems(newest: Entry, old: Entry): Map<string, string> {
  const fields = new Map(newest.params.map((p) => [p.name, p]));
  const problems = new Map<string, string>();
  for (const p of old.params) {
    const from = fields.get(p.name);
    if (p.type.kind === 'flags') continue;
    if (!from) problems.set(p.name, `${typeText(p.type)}, ${p.flag ? 'optional' : 'required'}, is gone`);
    else if (!sameType(from.type, p.type)) problems.set(p.name, `was ${typeText(p.type)}, is ${typeText(from.type)}`);
    else if (!p.flag && from.flag) problems.set(p.name, 'was required, is optional');
  }
  return problems;
}

/**
 * The old form without optional fields that the newest form does not have and no converter computes: what a generated writer writes. Fields
 * that share a bit with such a field are also removed, because the bit can never be set.
 */
export function prunedForLowering(newest: Entry, old: Entry, isComputed: (field: string) => boolean): Entry {
  const names = new Set(newest.params.map((p) => p.name));
  const has = (p: Param) => names.has(p.name) || isComputed(p.name);
  const bitOf = (p: Param) => p.flag && `${p.flag.field}.${p.flag.bit}`;
  const dead = new Set(old.params.filter((p) => p.flag && p.type.kind !== 'true' && !has(p)).map(bitOf));
  return { ...old, params: old.params.filter((p) => p.type.kind === 'flags' || (has(p) && !dead.has(bitOf(p)))) };
}

/** Why an old form cannot be read directly into the newest; empty if it can. */
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
