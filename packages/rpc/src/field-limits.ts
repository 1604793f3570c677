import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** An error without parameters. */
export type PlainErrorName = Exclude<ErrorName, `${string}%d${string}`>;

/** Maximum length of a field, with a specific error if clients know one. */
export type FieldLimit = number | { readonly max: number; readonly error: PlainErrorName };

/**
 * Limits by path: the field names from the request downwards, joined by dots. A vector and its items have the same path, and so has a field
 * that several constructors of a type have in common: `entities.url`.
 */
export type FieldLimits = Readonly<Record<string, FieldLimit>>;

/** Limits of a request, checked before the handler runs. */
export interface MethodLimits {
  /** Maximum length of the request in bytes, uncompressed and including wrappers. */
  maxBytes?: number;
  /** Maximum lengths of vectors, in items. */
  vectors?: FieldLimits;
  /** Maximum lengths of strings, in UTF-16 code units. */
  strings?: FieldLimits;
  /** Maximum lengths of byte strings. */
  bytes?: FieldLimits;
}

/** Limits of everything that a method does not declare. */
export const DEFAULT_LIMITS = {
  maxBytes: 64 * 1024,
  vector: { max: 10_000, error: 'LIMIT_INVALID' },
  string: { max: 4096, error: 'INPUT_TEXT_TOO_LONG' },
  bytes: { max: 16 * 1024, error: 'DATA_TOO_LONG' },
} as const;

type Bound = Exclude<FieldLimit, number>;

/** The limits of one field and of the fields inside it. */
export interface FieldBounds {
  vector: Bound;
  string: Bound;
  bytes: Bound;
  readonly fields: Map<string, FieldBounds>;
}

const UNDECLARED: FieldBounds = { ...DEFAULT_LIMITS, fields: new Map() };

/** Turns declared limits into a tree of fields, so that checking a request needs no lookups by path. */
export function compileLimits({ vectors, strings, bytes }: MethodLimits): FieldBounds {
  const root: FieldBounds = { ...DEFAULT_LIMITS, fields: new Map() };
  const declare = (kind: 'vector' | 'string' | 'bytes', limits: FieldLimits = {}): void => {
    for (const [path, limit] of Object.entries(limits)) {
      let bounds = root;
      for (const field of path.split('.')) {
        const inner = bounds.fields.get(field) ?? { ...DEFAULT_LIMITS, fields: new Map<string, FieldBounds>() };
        bounds.fields.set(field, inner);
        bounds = inner;
      }
      bounds[kind] = typeof limit === 'number' ? { max: limit, error: DEFAULT_LIMITS[kind].error } : limit;
    }
  };
  declare('vector', vectors);
  declare('string', strings);
  declare('bytes', bytes);
  return root;
}

/**
 * Checks every vector, string and byte string of a request, at any depth. It runs for every call, so it allocates nothing.
 * @throws RpcError 400 with the declared error; by default LIMIT_INVALID, INPUT_TEXT_TOO_LONG or DATA_TOO_LONG
 */
export function checkFields(object: tl.AnyMethod | object, bounds: FieldBounds): void {
  const isDeclared = bounds.fields.size > 0;
  for (const field in object) {
    const value: unknown = object[field as keyof typeof object];
    if (typeof value === 'string' || (typeof value === 'object' && value !== null)) {
      checkValue(value, isDeclared ? (bounds.fields.get(field) ?? UNDECLARED) : UNDECLARED);
    }
  }
}

function checkValue(value: string | object, bounds: FieldBounds): void {
  if (typeof value === 'string') {
    if (value.length > bounds.string.max) throw rpcError(bounds.string.error);
  } else if (Array.isArray(value)) {
    if (value.length > bounds.vector.max) throw rpcError(bounds.vector.error);
    for (const item of value as unknown[]) {
      // All items of a vector have the same type.
      if (typeof item !== 'string' && typeof item !== 'object') return;
      if (item !== null) checkValue(item, bounds);
    }
  } else if (value instanceof Uint8Array) {
    if (value.length > bounds.bytes.max) throw rpcError(bounds.bytes.error);
  } else {
    checkFields(value, bounds);
  }
}

/** Combines the limits of several parts of a request; the maximum length of the request is that of the largest part. */
export function joinLimits(...parts: readonly MethodLimits[]): MethodLimits {
  return {
    maxBytes: Math.max(...parts.map((part) => part.maxBytes ?? DEFAULT_LIMITS.maxBytes)),
    vectors: Object.assign({}, ...parts.map((part) => part.vectors)) as FieldLimits,
    strings: Object.assign({}, ...parts.map((part) => part.strings)) as FieldLimits,
    bytes: Object.assign({}, ...parts.map((part) => part.bytes)) as FieldLimits,
  };
}
