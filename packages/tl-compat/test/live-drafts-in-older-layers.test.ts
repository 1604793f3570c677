import { LAYERS } from '@aerogram/tl-codegen';
import { codecFor } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

/** The first known layer with texts that bots are still writing. */
const DRAFTS_SINCE = 216;

test.each(LAYERS)('a text that a bot is still writing is shown in layer %i, or the bot is shown as typing', (layer) => {
  const text: tl.textWithEntities = { _: 'textWithEntities', text: 'so far', entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] };
  const update: tl.updateUserTyping = { _: 'updateUserTyping', user_id: 7n, action: { _: 'sendMessageTextDraftAction', random_id: 5n, text } };
  const reader = new SchemaReader(loadSchema(layer), codecFor(layer).encode({ _: 'updates', updates: [update], users: [], chats: [], date: 2, seq: 0 }));
  expect(reader.boxed()).toMatchObject({ updates: [layer < DRAFTS_SINCE ? { ...update, action: { _: 'sendMessageTypingAction' } } : update] });
  expect(reader.left).toBe(0);
});
