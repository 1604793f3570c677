// Readers: one function per constructor or method, which reads the fields after the id.
import type { Entry, TypeRef } from './parse-schema.ts';
import { tsType } from './emit-types.ts';
import { pascal, signed, METHOD_TYPE } from './model.ts';

export interface ReaderNames {
  /** Number of a boxed type. */
  typeNumber: (type: string) => number;
  /** TypeScript type of a boxed or bare type. */
  ts: (type: TypeRef) => string;
  /** Name of the function that reads a bare constructor. */
  bare: (name: string) => string;
}

/** The expression that reads one value of a type from `r`. */
export function readExpression(type: TypeRef, names: ReaderNames): string {
  switch (type.kind) {
    case 'int': case 'long': case 'double': case 'int128': case 'int256': case 'string': case 'bytes': case 'bool':
      return `r.${type.kind}()`;
    case 'boxed': return `r.boxed<${names.ts(type)}>(${names.typeNumber(type.name)})`;
    case 'bare': return `${names.bare(type.name)}(r)`;
    case 'query': return `r.boxed<tl.AnyMethod>(${METHOD_TYPE})`;
    case 'object': return 'r.rest()';
    case 'vector': return readVector(type.item, type.bare, names);
    case 'true': case 'flags': throw new Error(`${type.kind} has no bytes of its own`);
  }
}

function readVector(item: TypeRef, bare: boolean, names: ReaderNames): string {
  const header = bare ? 'Bare' : '';
  switch (item.kind) {
    case 'int': return `r.ints${header}()`;
    case 'long': return `r.longs${header}()`;
    case 'string': return `r.strings${header}()`;
    case 'boxed': return `r.vector${header}<${names.ts(item)}>(${names.typeNumber(item.name)})`;
    default: return `r.vectorOf${header}((r) => ${readExpression(item, names)})`;
  }
}

/** Description of a reader. */
export interface ReaderShape {
  functionName: string;
  /** The `_` of the resulting object. */
  tag: string;
  returnType: string;
  /** Whether the object has the field; by default it has all. */
  isKept?: (field: string) => boolean;
}

/**
 * The function that reads an entry: an object literal whose fields are read in wire order, after reading `#` fields into local variables.
 */
export function emitReader(entry: Entry, names: ReaderNames, { functionName, tag, returnType, isKept = () => true }: ReaderShape): string {
  const lines: string[] = [];
  const fields: string[] = [];
  // Everything up to the last `#`, the last length that the field after it uses, and the last field that is not kept must be read into
  // local variables first.
  const lastLocal = entry.params.findLastIndex((p, i) => p.type.kind === 'flags' || entry.params[i + 1]?.type.kind === 'object' || !isKept(p.name));
  entry.params.forEach((p, i) => {
    if (p.type.kind === 'flags') {
      const used = entry.params.some((other) => other.flag?.field === p.name);
      lines.push(used ? `  const ${p.name} = r.int();` : '  r.int();');
      return;
    }
    if (!isKept(p.name)) {
      if (p.type.kind !== 'true') lines.push(p.flag ? `  if ((${p.flag.field} & ${1 << p.flag.bit}) !== 0) ${readExpression(p.type, names)};` : `  ${readExpression(p.type, names)};`);
      return;
    }
    const value = fieldValue(entry, i, names);
    if (i <= lastLocal && p.type.kind !== 'true') {
      lines.push(`  const v${i} = ${value};`);
      fields.push(`${p.name}: v${i}`);
    } else fields.push(`${p.name}: ${value}`);
  });
  const literal = [`_: '${tag}'`, ...fields].join(', ');
  const unused = entry.params.length === 0;
  if (unused) return `function ${functionName}(): ${returnType} {\n  return { ${literal} };\n}`;
  return `function ${functionName}(r: TlReader): ${returnType} {\n${lines.map((l) => `${l}\n`).join('')}  return {\n    ${[`_: '${tag}'`, ...fields].join(',\n    ')},\n  };\n}`;
}

function fieldValue(entry: Entry, index: number, names: ReaderNames): string {
  const p = entry.params[index]!;
  const bit = p.flag ? `(${p.flag.field} & ${1 << p.flag.bit}) !== 0` : '';
  if (p.type.kind === 'true') return `${bit} ? true : undefined`;
  // The length of a service message's body is in the field before it.
  const read = p.type.kind === 'object' && entry.params[index - 1]?.name === 'bytes' ? `r.raw(v${index - 1})` : readExpression(p.type, names);
  return p.flag ? `${bit} ? ${read} : undefined` : read;
}

/** Name of the reader of an entry. */
export function readerName(entry: Entry): string {
  return `read${pascal(entry.name)}`;
}

/** One row of the table of readers. */
export function readerRow(entry: Entry, functionName: string, typeNumber: number): string {
  return `  readerRow(${signed(entry.id)}, ${typeNumber}, ${functionName}), // ${entry.name}`;
}

/** `tl.message`, the return type of a reader. */
export function entryType(entry: Entry, root = 'tl'): string {
  return tsType({ kind: 'bare', name: entry.name }, root);
}
