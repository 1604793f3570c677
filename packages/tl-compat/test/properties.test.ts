import { decode, encode, METHODS, TlError, type tl } from '@aerogram/tl';
import { LAYERS, typeText } from '@aerogram/tl-codegen';
import { codecFor } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { RandomObjects } from './random-object.ts';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

const SEED = Number(process.env.SEED ?? 20250101);
const newest = loadSchema(LAYERS[0]!);
const ROUNDS = Number(process.env.ROUNDS ?? 2);

describe(`random objects, seed ${SEED}`, () => {
  it('every constructor and method of the newest layer survives encoding and decoding', () => {
    const random = new RandomObjects(newest, SEED);
    for (let round = 0; round < ROUNDS; round++) {
      for (const entry of newest.entries) {
        const object = random.object(entry);
        const bytes = encode(object as tl.AnyObject);
        expect({ [entry.name]: decode(bytes) }).toEqual({ [entry.name]: object });
      }
    }
  });

  it('the newest layer is read the same by a reader that only uses its schema', () => {
    const random = new RandomObjects(newest, SEED);
    for (let round = 0; round < ROUNDS; round++) {
      for (const entry of newest.entries.filter((e) => e.kind === 'constructor')) {
        const object = random.object(entry);
        const reader = new SchemaReader(newest, encode(object as tl.AnyObject));
        expect({ [entry.name]: reader.boxed(), left: reader.left }).toEqual({ [entry.name]: object, left: 0 });
      }
    }
  });

  it.each(LAYERS.slice(1))('layer %i: everything a server sends can be read completely with that layer’s schema', (layer) => {
    const schema = loadSchema(layer);
    const codec = codecFor(layer);
    const random = new RandomObjects(newest, SEED + layer);
    let refused = 0;
    let sent = 0;
    const check = (what: string, bytes: () => Uint8Array, read: (reader: SchemaReader) => void) => {
      let encoded: Uint8Array;
      sent++;
      try {
        encoded = bytes();
      } catch (error) {
        if (!(error instanceof TlError) || error.reason !== 'not_representable') throw new Error(what, { cause: error });
        refused++;
        return;
      }
      const reader = new SchemaReader(schema, encoded);
      try {
        read(reader);
      } catch (error) {
        throw new Error(what, { cause: error });
      }
      expect(`${what}: ${reader.left} left`).toBe(`${what}: 0 left`);
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (const method of schema.entries.filter((e) => e.kind === 'method')) {
        const now = newest.byName.get(method.name);
        if (!now || now.result.kind === 'query' || method.name === 'phone.createConferenceCall') continue;
        expect(METHODS).toHaveProperty([method.name]);
        const value = random.value(now.result, 5);
        check(`${method.name} → ${typeText(method.result)}`, () => codec.encodeResult(method.name as 'help.getConfig', value as tl.Config), (reader) => reader.value(method.result));
      }
      for (const update of newest.types.get('Update')!) {
        const updates: tl.updates = { _: 'updates', updates: [random.object(update, 5) as tl.Update], users: [], chats: [], date: 1, seq: 0 };
        check(update.name, () => codec.encode(updates), (reader) => reader.boxed('Updates'));
        const short: tl.updateShort = { _: 'updateShort', update: updates.updates[0]!, date: 1 };
        check(update.name, () => codec.encode(short), (reader) => reader.boxed('Updates'));
      }
      for (const type of ['MessageMedia', 'MessageAction', 'User', 'Chat', 'Message']) {
        for (const entry of newest.types.get(type)!) {
          const object = random.object(entry, 5) as tl.AnyObject;
          check(entry.name, () => codec.encode(object), (reader) => reader.boxed(type));
        }
      }
    }
    // A few answers cannot be expressed in a layer at all; they result in an error, not in wrong bytes.
    expect(refused / sent).toBeLessThan(0.03);
  });

  it.each(LAYERS.slice(1))('layer %i: no message, dialog, user or chat is lost', (layer) => {
    const schema = loadSchema(layer);
    const random = new RandomObjects(newest, SEED - layer);
    const kept = ['message', 'messageService', 'messageEmpty', 'dialog', 'dialogFolder', 'user', 'userEmpty', 'chat', 'chatEmpty', 'chatForbidden', 'channel', 'channelForbidden'];
    const some = (type: string) => newest.types.get(type)!.filter((entry) => kept.includes(entry.name)).flatMap((entry) => Array.from({ length: 4 * ROUNDS }, () => random.object(entry, 6)));
    const dialogs = { _: 'messages.dialogs', dialogs: some('Dialog'), messages: some('Message'), chats: some('Chat'), users: some('User') } as unknown as tl.messages.dialogs;
    const reader = new SchemaReader(schema, codecFor(layer).encode(dialogs));
    const seen = reader.boxed('messages.Dialogs') as unknown as tl.messages.dialogs;
    expect(reader.left).toBe(0);
    for (const list of ['dialogs', 'messages', 'chats', 'users'] as const) expect(seen[list].map((o) => o._)).toEqual(dialogs[list].map((o) => o._));
  });
});
