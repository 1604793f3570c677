// Files of readers and writers by namespace, and the tables that combine them.
import type { Entry } from './parse-schema.ts';
import { entryType, emitReader, readerName, readerRow, type ReaderNames } from './emit-readers.ts';
import { emitWriter, writerName, writerRow, type WriterNames } from './emit-writers.ts';
import { resultText, tsType } from './emit-types.ts';
import { byNamespace, GENERATED, METHOD_TYPE, signed, type Schema } from './model.ts';

/** The number by which a reader's value is accepted: that of its type, or `METHOD_TYPE`. */
export function numberOf(entry: Entry, types: Map<string, number>): number {
  return entry.kind === 'method' ? METHOD_TYPE : types.get(resultText(entry))!;
}

/** Names for the newest layer, whose types are in `root`. */
export function plainNames(types: Map<string, number>, root: string, schema: Schema): ReaderNames & WriterNames {
  return {
    typeNumber: (type) => {
      const number = types.get(type);
      if (number === undefined) throw new Error(`no constructor of type ${type}`);
      return number;
    },
    ts: (type) => tsType(type, root),
    bare: (name) => {
      throw new Error(`bare ${schema.byName.get(name)?.name ?? name} outside a flat schema`);
    },
  };
}

/** `readers/<namespace>.ts` and `writers/<namespace>.ts` of the newest layer. */
export function emitCodecs(schema: Schema, types: Map<string, number>): Map<string, string> {
  const files = new Map<string, string>();
  const names = plainNames(types, 'tl', schema);
  const groups = byNamespace(schema.entries);
  for (const [ns, entries] of groups) {
    files.set(`readers/${ns || 'root'}.ts`, [
      fileHead('reader', entries),
      ...entries.map((e) => emitReader(e, names, { functionName: readerName(e), tag: e.name, returnType: entryType(e) })),
      `export const READERS: ReaderRow[] = [\n${entries.map((e) => readerRow(e, readerName(e), numberOf(e, types))).join('\n')}\n];\n`,
    ].join('\n\n'));
    files.set(`writers/${ns || 'root'}.ts`, [
      fileHead('writer', entries),
      ...entries.map((e) => emitWriter(e, names, { functionName: writerName(e), ownerType: entryType(e) })),
      `export const WRITERS: WriterRow[] = [\n${entries.map((e) => writerRow(e, writerName(e))).join('\n')}\n];\n`,
    ].join('\n\n'));
  }
  const list = [...groups.keys()].map((ns) => ns || 'root');
  const join = (what: string, constant: string) => `${GENERATED}${list.map((ns) => `import { ${constant} as ${ns} } from './${what}/${ns}.ts';`).join('\n')}\n\nexport const ${constant} = [${list.join(', ')}];\n`;
  files.set('readers.ts', join('readers', 'READERS'));
  files.set('writers.ts', join('writers', 'WRITERS'));
  return files;
}

/** Imports of a file of readers or writers: only the names that its functions use. */
function fileHead(what: 'reader' | 'writer', entries: Entry[]): string {
  const cls = what === 'reader' ? 'Reader' : 'Writer';
  const lines = [`import { ${what}Row, type ${cls}Row } from '../../table-row.ts';`];
  if (entries.some((e) => e.params.length > 0)) lines.push(`import type { Tl${cls} } from '../../tl-${what}.ts';`);
  if (what === 'reader' || entries.some((e) => e.params.length > 0)) lines.push("import type * as tl from '../types/index.ts';");
  return `${GENERATED}${lines.join('\n')}`;
}

/** `methods.ts`: layer, method ids and results, numbers of types that readers can be asked for. */
export function emitMethods(schema: Schema): string {
  const methods = schema.entries.filter((e) => e.kind === 'method');
  return [
    `${GENERATED}import type { RpcMethods } from './types/any.ts';`,
    `/** The newest layer, the one that business code sees. */\nexport const LAYER = ${schema.layer};`,
    `/** Every method of the newest layer: its constructor id (signed, as on the wire) and the TL type of its result. */\nexport const METHODS: { readonly [M in keyof RpcMethods]: { readonly id: number; readonly result: string } } = {\n${methods.map((e) => `  '${e.name}': { id: ${signed(e.id)}, result: '${resultText(e)}' },`).join('\n')}\n};\n`,
  ].join('\n\n');
}

/** One file with readers, writers and rows of a small schema (the service schema). */
export function emitFlatCodec(schema: Schema, types: Map<string, number>, root: string): string {
  const names: ReaderNames & WriterNames = { ...plainNames(types, root, schema), bare: () => '' };
  const entry = (name: string) => schema.byName.get(name)!;
  const readNames = { ...names, bare: (name: string) => readerName(entry(name)) };
  const writeNames = { ...names, bare: (name: string) => writerName(entry(name)) };
  return [
    `${GENERATED}import type * as ${root} from './mt-types.ts';\nimport { readerRow, writerRow, type ReaderRow, type WriterRow } from '../table-row.ts';\nimport type { TlReader } from '../tl-reader.ts';\nimport type { TlWriter } from '../tl-writer.ts';`,
    ...schema.entries.flatMap((e) => [
      emitReader(e, readNames, { functionName: readerName(e), tag: e.name, returnType: entryType(e, root) }),
      emitWriter(e, writeNames, { functionName: writerName(e), ownerType: entryType(e, root) }),
    ]),
    `export const MT_READERS: ReaderRow[] = [\n${schema.entries.map((e) => readerRow(e, readerName(e), numberOf(e, types))).join('\n')}\n];`,
    `export const MT_WRITERS: WriterRow[] = [\n${schema.entries.map((e) => writerRow(e, writerName(e))).join('\n')}\n];\n`,
  ].join('\n\n');
}
