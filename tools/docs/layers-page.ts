import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answeredTypes, indexSchema, LAYERS, LOST_FIELDS, parseSchema, REPLACED_WITHOUT, type Schema, typeText, UNFILLED_FIELDS } from '@aerogram/tl-codegen';
import { renderPage, renderTable } from './markdown.ts';

/** Types without which no client logs in or shows a private chat. */
const NEEDED_TYPES: ReadonlySet<string> = new Set([
  'Config', 'Dialog', 'DraftMessage', 'Message', 'MessageFwdHeader', 'MessageReplyHeader', 'PeerNotifySettings', 'PeerSettings', 'User', 'UserFull', 'UserStatus',
  'auth.Authorization', 'auth.SentCode', 'messages.Dialogs', 'messages.Messages', 'users.UserFull',
]);

/** How a new layer is taken in, in the order in which it is done. */
const NEW_LAYER: readonly string[] = [
  'When official apps speak a newer layer, the log says so (`newer_layer`), and `aerogram status` counts their devices. It takes about an hour as long as no feature comes with it:',
  [
    '1. **Schema.** If a package on npm holds the layer (new versions of `@mtcute/core` do), add a line to `API_SOURCES` in `tools/schema-import/sources.mjs`. If none does, write `packages/schema/layer-<N>.json`: the forms that the layer has instead of those of its ' +
      'base or besides them, and the names that it lacks, as `layer-229.json` does from the public schema; its line has the kind `differing`. `npm run schema:import` writes `packages/schema/api-<N>.tl`. `npx vitest run packages/tl-codegen` recomputes each id by CRC32: a mistake in a line shows there. Its list `NEVER_MATCHED` and the number of methods get the new layer.',
    '2. **Newest layer.** Put the number in front of `LAYERS` in `packages/tl-codegen/src/main.ts`. `npm run codegen` now lists each difference that is neither mechanical nor decided.',
    '3. **Decisions.** One at a time, until it is silent. *was required, is optional*, *was X, is Y*: compute the field in `packages/tl-compat/src/converters/fields.ts`, or the whole form in `lowerings.ts`. *lift … by hand*: a converter in `lifts.ts`, for requests and for what is stored. ' +
      '*lacks X*: what older layers get instead, in `ABSENT_BY_TYPE` of `packages/tl-codegen/src/compat/rules.ts`, never so that a message or dialog is lost (`MAY_TAKE_ALONG`). A constructor that is gone stays writable for older layers: a converter creates its newest form, and each layer gets its own.',
    '4. **Types.** `npm run types` shows where the code builds or reads what has changed. Fields that come from clients are rebuilt one by one, new ones too. Paths of limits in `defineMethod` are texts, which the compiler does not see: search for the names of the fields.',
    '5. **Stored forms** stay those of `STORED_LAYER` (`packages/tl-compat/src/stored.ts`), the newest layer of the last release, whose programs serve beside this one. The first change after a release raises it.',
    '6. **Methods and flags.** Each new method gets its line in `packages/schema/methods.json`. Without a handler it answers 400 `METHOD_INVALID`. Each other new constructor and field gets its state in `packages/schema/newest-layer.json`, which replaces that of the layer before; `npm run docs` fails until all have one, and writes [coverage.md](coverage.md).',
    '7. **Tests.** Golden bytes for each converter (`packages/tl-compat/README.md`), and what each older layer sees of the things that changed, read with its schema alone (`keyboards-in-older-layers.test.ts` is an example). The numbers of layers in `codec-for.test.ts`, the tests of clients that start (`client-boot.test.ts`, `boot.test.ts`), the fuzz tests and the README.',
    '8. **Clients.** Bring the libraries of the interop tests that speak the layer to their newest version; one that spoke the layer before stays for one story. TDLib logs what it had not expected, and its log must stay empty.',
  ].join('\n'),
];

/** Layers that no schema is here for, between two for which there is one. */
interface Gap {
  lower: Schema;
  upper: Schema;
}

/** docs/layers.md: what may go wrong for clients whose layer is served in the form of a lower one, and what clients of older layers are not told. */
export function renderLayersPage(): string {
  const schemas = LAYERS.map((layer) => indexSchema(layer, parseSchema(readFileSync(join('packages/schema', `api-${layer}.tl`), 'utf8'))));
  const gaps = schemas.slice(1).flatMap((lower, at): Gap[] => (schemas[at]!.layer - lower.layer > 1 ? [{ lower, upper: schemas[at]! }] : []));
  return renderPage('Layers', 'packages/schema', [
    `Clients of layers from ${LAYERS.at(-1)} to ${LAYERS[0]} are served, those of newer layers as those of ${LAYERS[0]}; [tl.md](tl.md) says how.`,
    '## How a new layer is taken in',
    ...NEW_LAYER,
    '## Layers between two known ones',
    'A client whose layer has no schema here is served in the form of the nearest lower layer that has one. A constructor of an answer that changed ' +
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
