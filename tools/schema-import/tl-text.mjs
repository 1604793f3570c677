// One schema entry in memory, and its one line of TL. Entries from every source become this form before anything else.

/**
 * @typedef {{ name: string, type: string }} Param   type as in TL, with its `flags.N?` prefix
 * @typedef {{ kind: 'constructor' | 'method', name: string, id: number, generics: string, params: Param[], result: string }} Entry
 */

/** The types that every TL dialect shares; codecs know them by heart, so no schema file lists them. */
const CORE = new Set(['boolFalse', 'boolTrue', 'true', 'vector', 'error', 'null']);

/** Reads TL text: `name#id params = Type;` lines with `---functions---` and `---types---` sections.
 * @param {string} text @returns {Entry[]} */
export function parseTl(text) {
  /** @type {Entry[]} */
  const entries = [];
  let kind = /** @type {'constructor' | 'method'} */ ('constructor');
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '---functions---') kind = 'method';
    else if (line === '---types---') kind = 'constructor';
    if (line === '' || line.startsWith('//') || line.startsWith('---')) continue;
    const match = /^([\w.]+)#([0-9a-f]+)\s*(.*?)\s*=\s*([^;]+);$/.exec(line);
    if (!match) continue; // client-side helpers without an id never cross the wire
    const [, name, id, body, result] = match;
    if (CORE.has(name)) continue;
    const generics = /\{[^}]*\}/.exec(body)?.[0] ?? '';
    const params = body.replace(generics, '').split(/\s+/).filter(Boolean).map((p) => {
      const colon = p.indexOf(':');
      return { name: p.slice(0, colon), type: p.slice(colon + 1) };
    });
    entries.push({ kind, name, id: Number.parseInt(id, 16), generics, params, result: result.trim() });
  }
  return entries;
}

/** Reads the JSON schema of mtcute, undoing its private notions (`int53`, type modifiers, own constructors).
 * @param {any[]} items @param {string} prefix  name prefix to strip @returns {Entry[]} */
export function parseMtcute(items, prefix = '') {
  return items
    .filter((item) => !item.name.startsWith('mtcute.') && !CORE.has(item.name))
    // Some releases list wrappers twice, once without the query that they wrap.
    .filter((item) => !(item.type === 'Error' && item.name.endsWith('Prefix')))
    .map((item) => ({
      kind: item.kind === 'method' ? 'method' : 'constructor',
      name: item.name.replace(prefix, ''),
      id: item.id >>> 0,
      generics: (item.generics ?? []).map((g) => `{${g.name}:${g.type}}`).join(''),
      params: item.arguments.map((arg) => ({ name: arg.name, type: mtcuteType(arg, prefix) })),
      result: mtcuteType({ type: item.type, typeModifiers: { ...item.typeModifiers, predicate: undefined } }, prefix),
    }));
}

function mtcuteType({ type, typeModifiers: mods = {} }, prefix) {
  let name = type === 'int53' ? 'long' : type.replace(prefix, '');
  if (mods.isVector) name = `Vector<${name}>`;
  if (mods.isBareVector) name = `vector<${name}>`;
  return mods.predicate ? `${mods.predicate}?${name}` : name;
}

/** One line of TL. @param {Entry} entry */
export function tlLine({ name, id, generics, params, result }) {
  const hex = id.toString(16).padStart(8, '0');
  const body = params.map((p) => ` ${p.name}:${p.type}`).join('');
  return `${name}#${hex}${generics && ` ${generics}`}${body} = ${result};`;
}

/** A whole schema file: constructors, then methods, each sorted by name. @param {string} head @param {Entry[]} entries */
export function tlFile(head, entries) {
  const lines = (kind) => entries.filter((e) => e.kind === kind)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id)).map(tlLine);
  return [head, '', '---types---', ...lines('constructor'), '', '---functions---', ...lines('method'), ''].join('\n');
}
