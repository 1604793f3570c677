import { codecFor } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

/** A layer with topics, and without replies to other chats. */
const LAYER = 152;
const ALICE: tl.peerUser = { _: 'peerUser', user_id: 7n };

test('a message tells its topic in an old layer, also one that replies to another chat', () => {
  const headerOf = (reply_to: tl.messageReplyHeader): object | undefined => {
    const message: tl.message = { _: 'message', id: 13, peer_id: { _: 'peerChannel', channel_id: 9n }, from_id: ALICE, date: 1, message: 'm', reply_to };
    const reader = new SchemaReader(loadSchema(LAYER), codecFor(LAYER).encode(message));
    return (reader.boxed() as unknown as tl.message).reply_to;
  };
  const plain: tl.messageReplyHeader = { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: 3 };
  const reply: tl.messageReplyHeader = { ...plain, reply_to_msg_id: 12, reply_to_top_id: 3 };
  expect(headerOf(plain)).toEqual(plain);
  expect(headerOf(reply)).toEqual(reply);
  expect(headerOf({ _: 'messageReplyHeader', forum_topic: true, reply_from: { _: 'messageFwdHeader', from_id: ALICE, date: 1 }, reply_to_top_id: 3 })).toEqual(plain);
});
