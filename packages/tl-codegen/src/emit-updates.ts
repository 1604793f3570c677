// The table of updates: which counter each belongs to, and by how much it changes it (rule P14, pts kinds).
import type { Entry } from './parse-schema.ts';
import { GENERATED, type Schema } from './model.ts';

const has = (entry: Entry, field: string) => entry.params.some((p) => p.name === field && !p.flag);

/** Determined by the `pts` and `qts` fields; the counter of a channel is distinguished by the name of the update. */
function kindOf(entry: Entry): string {
  if (has(entry, 'qts')) return 'qts';
  if (!has(entry, 'pts') || !has(entry, 'pts_count')) return 'none';
  return entry.name.includes('Channel') ? 'channel_pts' : 'pts';
}

/** An update with message ids counts each of them; one that only moves dialogs between folders counts nothing. */
function countOf(entry: Entry, kind: string): string {
  if (kind === 'none') return 'none';
  if (kind === 'qts') return 'one';
  if (entry.name === 'updateFolderPeers') return 'zero';
  return has(entry, 'messages') ? 'each_message' : 'one';
}

/** `update-kinds.ts`. */
export function emitUpdateKinds(schema: Schema): string {
  const rows = schema.types.get('Update')!.map((e) => `  ${e.name}: { kind: '${kindOf(e)}', count: '${countOf(e, kindOf(e))}' },`);
  return [
    `${GENERATED}import type * as tl from './types/index.ts';`,
    `/** Which counter an update belongs to. */\nexport type UpdateKind = 'pts' | 'channel_pts' | 'qts' | 'none';`,
    `/** What its count (\`pts_count\`; always 1 for qts) is. */\nexport type UpdateCount = 'one' | 'each_message' | 'zero' | 'none';`,
    `export const UPDATE_KINDS: { readonly [U in tl.Update['_']]: { readonly kind: UpdateKind; readonly count: UpdateCount } } = {\n${rows.join('\n')}\n};\n`,
  ].join('\n\n');
}
