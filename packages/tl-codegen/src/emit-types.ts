// Types: one interface per constructor or method, one union per boxed type, in modules by TL namespace.
import type { Entry, TypeRef } from './parse-schema.ts';
import { typeText } from './parse-schema.ts';
import { byNamespace, GENERATED, localName, namespaceOf, visibleParams, type Schema } from './model.ts';

/** TypeScript type of a field; `root` is the name of the namespace with all types. */
export function tsType(type: TypeRef, root = 'tl'): string {
  switch (type.kind) {
    case 'int': case 'double': return 'number';
    case 'long': return 'bigint';
    case 'int128': case 'int256': case 'bytes': case 'object': return 'Uint8Array';
    case 'string': return 'string';
    case 'bool': return 'boolean';
    case 'true': return 'true';
    case 'query': return `${root}.AnyMethod`;
    case 'vector': return type.item.kind === 'boxed' || type.item.kind === 'bare' || type.item.kind !== 'vector'
      ? `${tsType(type.item, root)}[]` : `(${tsType(type.item, root)})[]`;
    case 'boxed': case 'bare': return `${root}.${type.name}`;
    case 'flags': throw new Error('# has no type');
  }
}

/** One interface: `_` and the fields, optional ones `T | undefined`. */
export function emitInterface(entry: Entry, name: string, tag: string, spell: (type: TypeRef) => string = tsType): string {
  const fields = visibleParams(entry).map((p) => {
    const type = p.type.kind === 'true' ? 'boolean' : spell(p.type);
    return p.flag ? `  ${p.name}?: ${type} | undefined;` : `  ${p.name}: ${type};`;
  });
  return [`export interface ${name} {`, `  _: '${tag}';`, ...fields, '}'].join('\n');
}

function emitUnion(type: string, members: Entry[], root: string): string {
  return `export type ${localName(type)} = ${members.map((m) => `${root}.${m.name}`).join(' | ')};`;
}

/** The files of `generated/types/` for the newest layer: path → content. */
export function emitTypes(schema: Schema): Map<string, string> {
  const files = new Map<string, string>();
  const groups = byNamespace(schema.entries);
  const unions = new Map<string, string[]>();
  for (const [type, members] of schema.types) {
    if (type === 'Bool') continue;
    const ns = namespaceOf(type);
    unions.set(ns, [...(unions.get(ns) ?? []), emitUnion(type, members, 'tl')]);
  }
  const namespaces = [...new Set([...groups.keys(), ...unions.keys()])].filter(Boolean).sort();
  const rootNames = new Set((groups.get('') ?? []).map((e) => e.name));
  for (const ns of ['', ...namespaces]) {
    const body = [
      ...(groups.get(ns) ?? []).map((e) => emitInterface(e, localName(e.name), e.name)),
      (unions.get(ns) ?? []).join('\n'),
    ];
    if (ns === '') body.unshift(emitRootExports(schema, { namespaces, rootNames, groups, unions }));
    const text = body.filter(Boolean).join('\n\n');
    const head = /\btl\./.test(text) ? "import type * as tl from './index.ts';\n\n" : '';
    files.set(`types/${ns || 'index'}.ts`, `${GENERATED}${head}${text}\n`);
  }
  files.set('types/any.ts', emitAny(schema));
  return files;
}

/**
 * Exports the namespaces as members of the root. If a constructor has the same name as a namespace (`updates`), the two are merged
 * explicitly.
 */
function emitRootExports(
  schema: Schema,
  { namespaces, rootNames, groups, unions }: { namespaces: string[]; rootNames: Set<string>; groups: Map<string, Entry[]>; unions: Map<string, string[]> },
): string {
  const lines = ["export type { AnyMethod, AnyObject, RpcMethods } from './any.ts';"];
  for (const ns of namespaces) {
    if (!rootNames.has(ns)) {
      lines.push(`export type * as ${ns} from './${ns}.ts';`);
      continue;
    }
    const alias = `${ns}Namespace`;
    const types = [...schema.types.keys()].filter((t) => namespaceOf(t) === ns && unions.has(ns)).map(localName);
    const names = [...(groups.get(ns) ?? []).map((e) => localName(e.name)), ...types];
    lines.unshift(`import type * as ${alias} from './${ns}.ts';`);
    lines.push(`export declare namespace ${ns} {`, ...names.map((n) => `  export type ${n} = ${alias}.${n};`), '}');
  }
  return lines.join('\n');
}

function emitAny(schema: Schema): string {
  const union = (kind: Entry['kind']) => schema.entries.filter((e) => e.kind === kind).map((e) => `  | tl.${e.name}`).join('\n');
  const methods = schema.entries.filter((e) => e.kind === 'method');
  const result = (e: Entry) => (e.result.kind === 'query' ? 'unknown' : tsType(e.result));
  return [
    `${GENERATED}import type * as tl from './index.ts';`,
    `/** Any constructor of the API. */\nexport type AnyObject =\n${union('constructor')};`,
    `/** Any method of the API. */\nexport type AnyMethod =\n${union('method')};`,
    `/** Method name → what it takes and what it answers. */\nexport interface RpcMethods {\n${methods.map((e) => `  '${e.name}': { req: tl.${e.name}; res: ${result(e)} };`).join('\n')}\n}`,
    '',
  ].join('\n\n');
}

/** All types of a small schema in one file (the service schema). */
export function emitFlatTypes(schema: Schema, root: string): string {
  const unions = [...schema.types].filter(([type]) => type !== 'Object' && !schema.byName.has(type)).map(([type, members]) => emitUnion(type, members, root));
  const any = schema.entries.map((e) => `  | ${root}.${e.name}`).join('\n');
  return [
    `${GENERATED}import type * as ${root} from './mt-types.ts';`,
    ...schema.entries.map((e) => emitInterface(e, e.name, e.name, (type) => tsType(type, root))),
    unions.join('\n'),
    `/** Any constructor or method of the service schema. */\nexport type AnyService =\n${any};`,
    '',
  ].join('\n\n');
}

/** `'Vector<int>'` etc., as used in the tables of methods. */
export function resultText(entry: Entry): string {
  return typeText(entry.result);
}
