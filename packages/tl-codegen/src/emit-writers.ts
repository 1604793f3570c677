// Writers: one function per constructor or method, which writes the fields after the id.
import type { Entry, Param, TypeRef } from './parse-schema.ts';
import { fieldsByBit, pascal, signed } from './model.ts';

export interface WriterNames {
  /** Name of the function that writes a bare constructor. */
  bare: (name: string) => string;
}

/** The statement that writes one value of a type to `w`. */
export function writeExpression(type: TypeRef, value: string, names: WriterNames): string {
  switch (type.kind) {
    case 'int': case 'long': case 'double': case 'int128': case 'int256': case 'string': case 'bytes': case 'bool':
      return `w.${type.kind}(${value})`;
    case 'boxed': case 'query': return `w.boxed(${value})`;
    case 'bare': return `${names.bare(type.name)}(w, ${value})`;
    case 'object': return `w.raw(${value})`;
    case 'vector': return writeVector(type.item, type.bare, value, names);
    case 'true': case 'flags': throw new Error(`${type.kind} has no bytes of its own`);
  }
}

function writeVector(item: TypeRef, bare: boolean, value: string, names: WriterNames): string {
  const header = bare ? 'Bare' : '';
  switch (item.kind) {
    case 'int': return `w.ints${header}(${value})`;
    case 'long': return `w.longs${header}(${value})`;
    case 'string': return `w.strings${header}(${value})`;
    case 'boxed': return `w.vector${header}(${value})`;
    default: return `w.vectorOf${header}(${value}, (item) => ${writeExpression(item, 'item', names)})`;
  }
}

/** Description of a writer. */
export interface WriterShape {
  functionName: string;
  /** Type of the object to write. */
  ownerType: string;
  /** Fields that are computed by an expression, evaluated once, instead of being read from the object. */
  computed?: ReadonlyMap<string, string>;
}

/** The function that writes an entry's fields. */
export function emitWriter(entry: Entry, names: WriterNames, { functionName, ownerType, computed = new Map() }: WriterShape): string {
  if (entry.params.length === 0) return `function ${functionName}(): void {}`;
  const bits = fieldsByBit(entry);
  const lines = [...computed].map(([field, expression]) => `const f_${field} = ${expression};`);
  const valueOf = (field: string) => (computed.has(field) ? `f_${field}` : `o.${field}`);
  for (const p of entry.params) {
    if (p.type.kind === 'flags') lines.push(...flagsLines(p, bits, valueOf));
    else if (p.type.kind !== 'true') lines.push(...fieldLines(p, bits, names, valueOf));
  }
  return `function ${functionName}(w: TlWriter, o: ${ownerType}): void {\n${lines.map((l) => `  ${l}\n`).join('')}}`;
}

/**
 * The lines that write a flags field (`#`). Fields may share a bit: it is set if all of them that carry data are present or, if they are
 * all `true` flags, if any of them is set.
 */
function flagsLines(p: Param, bits: Map<string, Param[]>, valueOf: (field: string) => string): string[] {
  const terms: string[] = [];
  for (const [key, fields] of bits) {
    if (!key.startsWith(`${p.name}.`)) continue;
    const value = 1 << fields[0]!.flag!.bit;
    const carried = fields.filter((f) => f.type.kind !== 'true');
    const condition = carried.length > 0
      ? carried.map((f) => `${valueOf(f.name)} !== undefined`).join(' && ')
      : fields.map((f) => valueOf(f.name)).join(' || ');
    terms.push(`(${condition} ? ${value} : 0)`);
  }
  const lines = [`const ${p.name} = ${terms.join('\n    | ') || '0'};`];
  if (needsPosition(p, bits)) lines.push(`const ${p.name}At = w.pos;`);
  return [...lines, `w.int(${p.name});`];
}

/** Whether the bit of a field may be cleared afterwards if the layer does not have the constructor. */
function isDroppable(p: Param, bits: Map<string, Param[]>): boolean {
  if (!p.flag || p.type.kind !== 'boxed') return false;
  return bits.get(`${p.flag.field}.${p.flag.bit}`)!.length === 1;
}

function needsPosition(flags: Param, bits: Map<string, Param[]>): boolean {
  return [...bits.values()].some((fields) => fields[0]!.flag!.field === flags.name && fields.some((f) => isDroppable(f, bits)));
}

function fieldLines(p: Param, bits: Map<string, Param[]>, names: WriterNames, valueOf: (field: string) => string): string[] {
  const value = valueOf(p.name);
  if (!p.flag) return [`${writeExpression(p.type, value, names)};`];
  const { field, bit } = p.flag;
  const alone = bits.get(`${field}.${bit}`)!.filter((f) => f.type.kind !== 'true').length === 1;
  if (isDroppable(p, bits)) return [`if (${value} !== undefined) w.optional(${value}, ${field}At, ${1 << bit});`];
  const condition = alone ? `${value} !== undefined` : `(${field} & ${1 << bit}) !== 0`;
  return [`if (${condition}) ${writeExpression(p.type, alone ? value : `${value}!`, names)};`];
}

/** Name of the writer of an entry. */
export function writerName(entry: Entry): string {
  return `write${pascal(entry.name)}`;
}

/** One row of the table of writers. */
export function writerRow(entry: Entry, functionName: string): string {
  return `  writerRow('${entry.name}', ${signed(entry.id)}, ${functionName}),`;
}
