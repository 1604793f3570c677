import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, indexSchema, LAYERS, parseSchema, type Schema } from '@aerogram/tl-codegen';
import { renderTable } from './markdown.ts';

/** Constructors and fields that came together, with what the server does with them. */
interface Part {
  names: string[];
  state: 'done' | 'ignored' | 'not sent' | 'refused';
  note: string;
}

/**
 * What the newest layer brings besides methods, and what this server does with it, from `packages/schema/newest-layer.json`.
 * @throws Error that names what stands in the schema alone or in the file alone
 */
export function renderNewestLayer(): string {
  const [now, before] = LAYERS.slice(0, 2).map((layer) => indexSchema(layer, parseSchema(readFileSync(join('packages/schema', `api-${layer}.tl`), 'utf8')))) as [Schema, Schema];
  const parts = JSON.parse(readFileSync('packages/schema/newest-layer.json', 'utf8')) as Part[];
  const decided = parts.flatMap(({ names }) => names);
  const brought = now.entries.flatMap((entry) => listNew(entry, before));
  const [missing, spare] = [brought.filter((name) => !decided.includes(name)), decided.filter((name, at) => !brought.includes(name) || decided.indexOf(name) !== at)];
  if (missing.length + spare.length > 0) throw new Error(`packages/schema/newest-layer.json lacks ${missing.join(', ') || 'nothing'}, and should not have ${spare.join(', ') || 'anything else'}`);
  return renderTable(['State', 'Constructors and fields', 'Because'], parts.map(({ names, state, note }) => [state, names.map((name) => `\`${name}\``).join(', '), note]));
}

/** The constructor itself if the layer before has none of this name, otherwise its fields that are new; of methods only fields, because each has a row of its own. */
function listNew(entry: Entry, before: Schema): string[] {
  const old = before.byName.get(entry.name);
  if (old === undefined) return entry.kind === 'constructor' ? [entry.name] : [];
  const fields = new Set(old.params.map(({ name }) => name));
  return entry.params.filter(({ name, type }) => type.kind !== 'flags' && !fields.has(name)).map(({ name }) => `${entry.name}.${name}`);
}
