import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answeredTypes, indexSchema, LAYERS, parseSchema, type Schema, typeText } from '@aerogram/tl-codegen';
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

/** docs/layers.md: what may go wrong for clients whose layer is served in the form of a lower one. */
export function renderLayersPage(): string {
  const schemas = LAYERS.map((layer) => indexSchema(layer, parseSchema(readFileSync(join('packages/schema', `api-${layer}.tl`), 'utf8'))));
  const gaps = schemas.slice(1).flatMap((lower, at): Gap[] => (schemas[at]!.layer - lower.layer > 1 ? [{ lower, upper: schemas[at]! }] : []));
  return renderPage('Layers between two known ones', 'packages/schema', [
    'A client whose layer has no schema here is served in the form of the nearest lower layer that has one. A constructor of an answer that changed ' +
      'between the two known layers around it may have changed before the client\'s own layer: then the client does not know the form that it gets. ' +
      'Bold are constructors of the types that every client needs to log in or to show a private chat.',
    renderTable(['client\'s layer', 'served as', 'constructors of answers that the next known layer has in another form'], gaps.map(renderGap)),
  ]);
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
