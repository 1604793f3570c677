import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answeredTypes, indexSchema, LAYERS, LOST_FIELDS, parseSchema, REPLACED_WITHOUT, type Schema, typeText, UNFILLED_FIELDS } from '@aerogram/tl-codegen';
import { renderPage, renderTable } from './markdown.ts';

/** Types without which no client logs in or shows a private chat. */
const NEEDED_TYPES: ReadonlySet<string> = new Set([
  'Config', 'Dialog', 'DraftMessage', 'Message', 'MessageFwdHeader', 'MessageReplyHeader', 'PeerNotifySettings', 'PeerSettings', 'User', 'UserFull', 'UserStatus',
  'auth.Authorization', 'auth.SentCode', 'messages.Dialogs', 'messages.Messages', 'users.UserFull',
]);

/** Layers that no schema is here for, between two for which there is one. */
interface Gap {
  lower: Schema;
  upper: Schema;
}

/** docs/layers.md: what may go wrong for clients whose layer is served in the form of a lower one, and what clients of older layers are not told. */
export function renderLayersPage(): string {
  const schemas = LAYERS.map((layer) => indexSchema(layer, parseSchema(readFileSync(join('packages/schema', `api-${layer}.tl`), 'utf8'))));
  const gaps = schemas.slice(1).flatMap((lower, at): Gap[] => (schemas[at]!.layer - lower.layer > 1 ? [{ lower, upper: schemas[at]! }] : []));
  return renderPage('Older layers', 'packages/schema', [
    '## Layers between two known ones\n\nA client whose layer has no schema here is served in the form of the nearest lower layer that has one. A constructor of an answer that changed ' +
      'between the two known layers around it may have changed before the client\'s own layer: then the client does not know the form that it gets. ' +
      'Bold are constructors of the types that every client needs to log in or to show a private chat.',
    renderTable(['client\'s layer', 'served as', 'constructors of answers that the next known layer has in another form'], gaps.map(renderGap)),
    '## Fields that older layers lack\n\nA field that a layer does not have is left out of what its clients get. These are the optional fields of answers for which that is so, each with the oldest ' +
      'known layer that has it. All others are told in every known layer, except those of the lists below.',
    renderTable(['constructor', 'field (since layer)'], listLacking(schemas)),
    '## Fields that are dropped on purpose\n\nOptional fields of answers that a layer has, and that stay empty because the newest layer does not say what was in them:',
    renderReasons(UNFILLED_FIELDS),
    'Fields of requests that are ignored:',
    renderReasons(LOST_FIELDS),
    'Fields of constructors that a layer lacks, which mean something else in the constructor that goes instead:',
    renderReasons(REPLACED_WITHOUT),
  ]);
}

function renderReasons(reasons: Readonly<Record<string, string>>): string {
  return renderTable(['field', 'why'], Object.entries(reasons).map(([field, why]) => [`\`${field}\``, why]));
}

/** Optional fields of the newest constructors that some older layer lacks in the constructor of the same name: one row a constructor. */
function listLacking([newest, ...older]: Schema[]): string[][] {
  const answered = answeredTypes(newest!);
  return newest!.entries.filter((entry) => entry.kind === 'constructor' && answered.has(typeText(entry.result))).flatMap((entry) => {
    const known = older.flatMap((schema) => schema.byName.get(entry.name)?.params ?? []);
    const lacking = entry.params.filter((p) => p.flag && older.some((schema) => schema.byName.has(entry.name) && !schema.byName.get(entry.name)!.params.some((q) => q.name === p.name)));
    if (lacking.length === 0 || known.length === 0) return [];
    const sinceOf = (name: string) => [newest!, ...older].filter((schema) => schema.byName.get(entry.name)?.params.some((q) => q.name === name)).at(-1)!.layer;
    return [[`\`${entry.name}\``, lacking.map((p) => `\`${p.name}\` (${sinceOf(p.name)})`).join(', ')]];
  });
}

function renderGap({ lower, upper }: Gap): string[] {
  const [from, to] = [lower.layer + 1, upper.layer - 1];
  const changed = listChanged(lower, upper).map(({ name, type }) => (NEEDED_TYPES.has(type) ? `**\`${name}\`**` : `\`${name}\``));
  return [from === to ? `${from}` : `${from}–${to}`, `${lower.layer}`, changed.join(', ')];
}

/** Constructors that a server sends at the lower layer and that the upper layer has under another id, by name. */
function listChanged(lower: Schema, upper: Schema): { name: string; type: string }[] {
  const answered = answeredTypes(lower);
  return lower.entries.flatMap((entry) => {
    const later = upper.byName.get(entry.name);
    const type = typeText(entry.result);
    const isChanged = entry.kind === 'constructor' && answered.has(type) && later?.kind === 'constructor' && later.id !== entry.id;
    return isChanged ? [{ name: entry.name, type }] : [];
  });
}
