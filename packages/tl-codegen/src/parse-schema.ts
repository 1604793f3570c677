// Parses TL schemas. The files in packages/schema have a canonical form: one line per entry, with marked sections.

/** The type expression of a field or a result. */
export type TypeRef =
  | { kind: 'int' | 'long' | 'double' | 'int128' | 'int256' | 'string' | 'bytes' | 'bool' | 'flags' | 'true' }
  /** `Object`: all remaining bytes, not parsed. */
  | { kind: 'object' }
  /** `!X`: a whole method. As a result (`X`): the result of that method. */
  | { kind: 'query' }
  /** A boxed type such as `InputPeer`, with the constructor id on the wire. */
  | { kind: 'boxed'; name: string }
  /** A bare constructor such as `future_salt`, without an id on the wire. */
  | { kind: 'bare'; name: string }
  /** `bare` means `vector<…>`, without a vector id on the wire. */
  | { kind: 'vector'; item: TypeRef; bare: boolean };

export interface Param {
  name: string;
  type: TypeRef;
  /** `flags.3?`: the field is present when that bit of that `#` field is set. */
  flag?: { field: string; bit: number };
}

export interface Entry {
  kind: 'constructor' | 'method';
  /** Full name, e.g. `messages.sendMessage`. */
  name: string;
  /** Unsigned 32-bit. */
  id: number;
  params: Param[];
  result: TypeRef;
  /** The original line, for the CRC32 test and for messages. */
  line: string;
}

const SCALARS = new Map<string, TypeRef>([
  ['int', { kind: 'int' }], ['long', { kind: 'long' }], ['double', { kind: 'double' }],
  ['int128', { kind: 'int128' }], ['int256', { kind: 'int256' }], ['string', { kind: 'string' }],
  ['bytes', { kind: 'bytes' }], ['Bool', { kind: 'bool' }], ['#', { kind: 'flags' }],
  ['true', { kind: 'true' }], ['Object', { kind: 'object' }], ['!X', { kind: 'query' }], ['X', { kind: 'query' }],
]);

/** Parses a type expression; throws for anything that is not in canonical form. */
export function parseType(text: string): TypeRef {
  const scalar = SCALARS.get(text);
  if (scalar) return scalar;
  const vector = /^([Vv])ector<(.+)>$/.exec(text);
  if (vector) return { kind: 'vector', item: parseType(vector[2]!), bare: vector[1] === 'v' };
  if (!/^[\w.]+$/.test(text)) throw new Error(`odd type ${text}`);
  const last = text.slice(text.lastIndexOf('.') + 1);
  return /^[A-Z]/.test(last) ? { kind: 'boxed', name: text } : { kind: 'bare', name: text };
}

/** The text of a type expression; the inverse of `parseType`. */
export function typeText(type: TypeRef): string {
  switch (type.kind) {
    case 'boxed': case 'bare': return type.name;
    case 'vector': return `${type.bare ? 'v' : 'V'}ector<${typeText(type.item)}>`;
    case 'bool': return 'Bool';
    case 'flags': return '#';
    case 'object': return 'Object';
    case 'query': return 'X';
    default: return type.kind;
  }
}

/** Parses a schema file; throws an error with the invalid line. */
export function parseSchema(text: string): Entry[] {
  const entries: Entry[] = [];
  let kind: Entry['kind'] = 'constructor';
  for (const line of text.split('\n')) {
    if (line === '---functions---') kind = 'method';
    if (line === '---types---') kind = 'constructor';
    if (line === '' || line.startsWith('//') || line.startsWith('---')) continue;
    const match = /^([\w.]+)#([0-9a-f]{8}) (?:\{X:Type\} )?(.*?)= ([^;]+);$/.exec(line);
    if (!match) throw new Error(`cannot read: ${line}`);
    const params = match[3]!.trim().split(' ').filter(Boolean).map(parseParam);
    entries.push({ kind, name: match[1]!, id: Number.parseInt(match[2]!, 16), params, result: parseType(match[4]!), line });
  }
  return entries;
}

function parseParam(text: string): Param {
  const match = /^(\w+):(?:(\w+)\.(\d+)\?)?(.+)$/.exec(text);
  if (!match) throw new Error(`odd field ${text}`);
  const param: Param = { name: match[1]!, type: parseType(match[4]!) };
  if (match[2]) param.flag = { field: match[2], bit: Number(match[3]) };
  return param;
}
