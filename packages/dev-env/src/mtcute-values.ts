import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { tl } from '@aerogram/tl';
import { indexSchema, parseSchema, type Schema, type TypeRef } from '@aerogram/tl-codegen';
import { liftForm } from '@aerogram/tl-compat';
import { Long, tl as mtcute } from '@mtcute/node';
import { findRepositoryRoot } from './server-info.ts';

let known: Schema | undefined;

/** The schema of the layer that mtcute speaks. */
function readSchema(): Schema {
  known ??= indexSchema(mtcute.LAYER, parseSchema(readFileSync(join(findRepositoryRoot(), `packages/schema/api-${mtcute.LAYER}.tl`), 'utf8')));
  return known;
}

/** The longs that mtcute keeps as `Long`, of those that {@link toMtcute} meets; ids of peers are numbers there. */
const KEPT_AS_LONG = new Set(['access_hash', 'hash', 'random_id']);

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/**
 * The same object as the server's own TL types have it: in the newest layer, names in snake case, longs as bigint. A flag that mtcute has as `false` is left out.
 *
 * @param value an object, or a list of objects or longs, that mtcute read
 * @param origins notes of each new object which one it was made from
 * @throws when the layer of mtcute has no such constructor
 */
export function fromMtcute<T>(value: object, origins?: WeakMap<object, object>): T {
  const made = Array.isArray(value) ? value.map((item: Value | Long) => ('_' in item ? readObject(item, origins) : BigInt(item.toString()))) : readObject(value as Value, origins);
  // It has the type of the constructor that it names, because the fields are read as the schema has them.
  return made as T;
}

type Value = { _: string } & Record<string, unknown>;

function read(type: TypeRef, value: unknown, origins: WeakMap<object, object> | undefined): unknown {
  switch (type.kind) {
    case 'long':
      return BigInt((value as number | Long).toString());
    case 'true':
      return value === true ? true : undefined;
    case 'vector':
      return (value as unknown[]).map((item) => read(type.item, item, origins));
    case 'boxed':
    case 'bare':
    case 'query':
      return readObject(value as Value, origins);
    default:
      return value;
  }
}

function readObject(value: Value, origins: WeakMap<object, object> | undefined): object {
  const entry = readSchema().byName.get(value._);
  if (entry === undefined) throw new Error(`layer ${mtcute.LAYER} has no ${value._}`);
  const made: Record<string, unknown> = { _: value._ };
  for (const { name, type } of entry.params) {
    const field = type.kind === 'flags' ? undefined : value[camelCase(name)];
    if (field !== undefined && field !== null) made[name] = read(type, field, origins);
  }
  const newest = liftForm(`${entry.name}#${entry.id.toString(16).padStart(8, '0')}`, made);
  origins?.set(newest, value);
  return newest;
}

/** A request of the server's own TL types as mtcute has it; see {@link KEPT_AS_LONG}. */
export function toMtcute(request: tl.AnyMethod): mtcute.RpcMethod {
  return write('', request) as mtcute.RpcMethod;
}

function write(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return KEPT_AS_LONG.has(name) ? Long.fromString(value.toString()) : Number(value);
  if (Array.isArray(value)) return value.map((item) => write(name, item));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => [camelCase(key), write(key, one)]));
}
