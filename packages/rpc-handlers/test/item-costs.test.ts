import { expect, test } from 'vitest';

import { methods } from '../src/index.ts';
import { loadSchema } from './db/random-schema.ts';

const schema = loadSchema();
type Combinator = NonNullable<ReturnType<typeof schema.methods.get>>;

const PEERS = new Set(['InputPeer', 'InputUser', 'InputChannel', 'InputDialogPeer', 'InputFolderPeer']);
/** Parts of a message, which has a limited number of entities and costs as a send. */
const PARTS_OF_MESSAGES = new Set(['MessageEntity', 'TextWithEntities', 'InputMedia', 'ReplyMarkup', 'InputReplyTo', 'InputRichMessage', 'SendMessageAction', 'InputContact']);

/** Paths of the vectors of peers in a constructor. */
function listVectors({ fields }: Combinator, depth = 0): string[] {
  return fields.flatMap(({ name, type }) => {
    const inner = /^[Vv]ector<(.*)>$/.exec(type)?.[1];
    if (inner !== undefined && PEERS.has(inner)) return [name];
    const child = inner ?? type;
    if (depth === 3 || PEERS.has(child) || PARTS_OF_MESSAGES.has(child)) return [];
    return (schema.byType.get(child) ?? []).flatMap((one) => listVectors(one, depth + 1).map((path) => `${name}.${path}`));
  });
}

test('methods that take many peers cost more for each of them', () => {
  const undeclared = methods.flatMap(({ method, itemCosts = {}, empty }) =>
    empty === undefined ? listVectors(schema.methods.get(method)!).filter((path) => !(path in itemCosts)).map((path) => `${method} ${path}`) : [],
  );
  expect(undeclared).toEqual([]);
});
