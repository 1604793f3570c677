// The requests of official apps, as `packages/schema/client-forms.json` has them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import type { Schema, TypeRef } from '@aerogram/tl-codegen';

/** A request as an app sends it, and what the app expects. Paths that begin with `$` stand for values of the stage, such as `$peer.forum` or `$id.root+1`. */
export interface Form {
  /** Whose sources have it: `all`, or names of `FormList.layers`, `ios` and `libraries`; none: a sibling of a form that an app sends. */
  apps: string[];
  /** The field that it is about, and what stands in it. */
  form: string;
  request: Request;
  /** Who sends it; by default Ann. */
  as?: 'stranger' | 'guest' | 'bob';
  /** The constructors that may answer, or `true`; by default any of the type of the method. None: the app expects an error. */
  answer?: string[];
  /** Errors that the app handles, by their beginnings. */
  errors?: string[];
  /** Exact lengths of lists in the answer by their names; '' is the answer itself. */
  exactly?: Record<string, number>;
  /** Least lengths of lists in the answer, and least numbers. */
  least?: Record<string, number>;
  /** Values at paths in the answer. */
  fields?: Record<string, unknown>;
  /** Ids of messages: those of the answer in their order, some of them, or such as are not among them. */
  only?: string[];
  among?: string[];
  never?: string[];
  /** The topic or thread in which the message of the answer is. */
  topic?: string;
  /** Values that later forms name, by the paths in the answer where they are. */
  keeps?: Record<string, string>;
  /** Places of the drafts that are then kept in the forum. They are cleared again. */
  drafts?: unknown[];
}

type Request = { _: string } & Record<string, unknown>;

/** All forms, in the order in which they are sent. */
export interface FormList {
  /** The layer that each app speaks. */
  layers: Record<string, number>;
  forms: Form[];
}

/** Reads the forms. */
export function readForms(): FormList {
  return JSON.parse(readFileSync(join(findRepositoryRoot(), 'packages/schema/client-forms.json'), 'utf8')) as FormList;
}

/** The method of a form, within its wrappers. */
export function methodOf({ request }: Form): string {
  let inner = request;
  while (typeof inner['query'] === 'object') inner = inner['query'] as Request;
  return inner._;
}

/** The name of a form in lists and messages. */
export function nameOf(form: Form): string {
  return `${methodOf(form)} | ${form.form}${form.as === undefined ? '' : ` (${form.as})`}`;
}

/** Whether a layer has everything that a request consists of. */
export function isOfLayer(schema: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isOfLayer(schema, item));
  if (typeof value !== 'object' || value === null) return true;
  const { _: name, ...fields } = value as Request;
  const entry = schema.byName.get(name);
  if (entry === undefined) return false;
  const names = new Set(entry.params.map((param) => param.name));
  const isComplete = entry.params.every((param) => param.flag !== undefined || param.type.kind === 'flags' || param.name in fields);
  return isComplete && Object.entries(fields).every(([field, item]) => names.has(field) && isOfLayer(schema, item));
}

/** The values for the paths in forms. Functions make a new value each time. */
export type Values = { readonly [name: string]: unknown };

/** The value at a path such as `$id.root+1`. @throws if the stage has none */
export function valueAt(values: Values, path: string): unknown {
  const [, names = '', sign, digits] = /^\$(.+?)(?:([+-])(\d+))?$/.exec(path) ?? [];
  let found: unknown = values;
  for (const name of names.split('.')) found = (found as Values | undefined)?.[name];
  if (typeof found === 'function') found = (found as () => unknown)();
  if (found === undefined) throw new Error(`the stage has no ${path}`);
  return sign === undefined ? found : (found as number) + Number(`${sign}${digits}`);
}

const isPath = (value: unknown): value is string => typeof value === 'string' && value.startsWith('$');

/** A request of a form with the values of the stage, in the types of a layer. */
export function fillRequest(schema: Schema, request: Request, values: Values): object {
  const fill = (type: TypeRef, raw: unknown): unknown => {
    const value = isPath(raw) ? valueAt(values, raw) : raw;
    if (type.kind === 'long') return BigInt(value as number);
    if (type.kind === 'bytes' && typeof value === 'string') return Buffer.from(value, 'hex');
    if (type.kind === 'vector') return (value as unknown[]).map((item) => fill(type.item, item));
    return typeof value === 'object' && value !== null && '_' in value ? object(value as Request) : value;
  };
  const object = ({ _: name, ...fields }: Request): object => {
    const types = new Map(schema.byName.get(name)!.params.map((param) => [param.name, param.type]));
    const filled = Object.entries(fields).flatMap(([field, value]) => (value === undefined || value === false ? [] : [[field, fill(types.get(field)!, value)]]));
    return { _: name, ...(Object.fromEntries(filled) as object) };
  };
  return object(request);
}
