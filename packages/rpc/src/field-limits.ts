import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** An error that takes no numbers. */
type PlainErrorName = Exclude<ErrorName, `${string}%d${string}`>;

/** The most that a field may hold; with an error of its own where clients know one. */
export type FieldLimit = number | { readonly max: number; readonly error: PlainErrorName };

/**
 * Limits by path: the names of fields from the request down, joined by dots. A vector has the path of its items, and a field that
 * several constructors of a type have is one path: `entities.url`.
 */
export type FieldLimits = Readonly<Record<string, FieldLimit>>;

/** Bounds of a request, checked before the handler runs. */
export interface MethodLimits {
  /** Longest request in bytes, uncompressed and with its wrappers. */
  maxBytes?: number;
  /** Longest vectors, in items. */
  vectors?: FieldLimits;
  /** Longest strings, in UTF-16 units. */
  strings?: FieldLimits;
  /** Longest byte strings. */
  bytes?: FieldLimits;
}

/** What holds where a method declares nothing. */
export const DEFAULT_LIMITS = {
  maxBytes: 64 * 1024,
  vector: { max: 10_000, error: 'LIMIT_INVALID' },
  string: { max: 4096, error: 'INPUT_TEXT_TOO_LONG' },
  bytes: { max: 16 * 1024, error: 'DATA_TOO_LONG' },
} as const;

type Bound = Exclude<FieldLimit, number>;

/** The declared bounds of one field and of the fields below it. */
export interface FieldBounds {
  vector: Bound;
  string: Bound;
  bytes: Bound;
  readonly fields: Map<string, FieldBounds>;
}

const UNDECLARED: FieldBounds = { ...DEFAULT_LIMITS, fields: new Map() };

/** Turns declared limits into a tree by field, so that checking a request looks nothing up by path. */
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
 * Checks every vector, string and byte string of a request, at any depth. Every call comes through here, so it makes no objects.
 * @throws RpcError 400, as declared; where nothing is, LIMIT_INVALID, INPUT_TEXT_TOO_LONG or DATA_TOO_LONG
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
      // Items of a vector are all of one kind.
      if (typeof item !== 'string' && typeof item !== 'object') return;
      if (item !== null) checkValue(item, bounds);
    }
  } else if (value instanceof Uint8Array) {
    if (value.length > bounds.bytes.max) throw rpcError(bounds.bytes.error);
  } else {
    checkFields(value, bounds);
  }
}

/** The limits of several parts of a request together; the longest request is that of the part that needs most. */
export function joinLimits(...parts: readonly MethodLimits[]): MethodLimits {
  return {
    maxBytes: Math.max(...parts.map((part) => part.maxBytes ?? DEFAULT_LIMITS.maxBytes)),
    vectors: Object.assign({}, ...parts.map((part) => part.vectors)) as FieldLimits,
    strings: Object.assign({}, ...parts.map((part) => part.strings)) as FieldLimits,
    bytes: Object.assign({}, ...parts.map((part) => part.bytes)) as FieldLimits,
  };
}
