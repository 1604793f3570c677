import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import type { BotCall } from '../../src/bot-call.ts';
import { Params } from '../../src/params/params.ts';
import type { ReplyWish } from '../../src/params/reply.ts';
import { accessThread, replyIn, sendTo } from '../../src/sending/access-thread.ts';
import { channel, createSource, group, groupPeer, service, text } from '../objects/object-world.ts';

const params = (given: object): Params => new Params(new Map(Object.entries(given)));
const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id: group.id, access_hash: 0n };
const header = (fields: Partial<tl.messageReplyHeader>): tl.messageReplyHeader => ({ _: 'messageReplyHeader', ...fields });

/** What of a group the bot sees. */
const created = service({ _: 'messageActionTopicCreate', title: 'Cats', icon_color: 1 }, { id: 4, peer_id: groupPeer });
const plain = text({ id: 5, peer_id: groupPeer });
const reply = text({ id: 6, peer_id: groupPeer, reply_to: header({ reply_to_msg_id: 5 }) });
const comment = text({ id: 8, peer_id: groupPeer, reply_to: header({ reply_to_msg_id: 7 }) });

function callIn(chat: tl.channel): BotCall {
  const messages = [created, plain, reply, comment];
  const source = createSource();
  const invoke = (request: { id: tl.inputMessageID[] }): Promise<unknown> =>
    Promise.resolve({ _: 'messages.messages', messages: request.id.map(({ id }) => messages.find((one) => one.id === id) ?? { _: 'messageEmpty', id }), topics: [], users: [], chats: [chat] });
  // The cast is safe: nothing else of a call is used.
  return { ...source, invoke } as unknown as BotCall;
}
const inGroup = callIn(group);
const inForum = callIn({ ...group, forum: true });
const wish = (id: number, fields: Partial<ReplyWish> = {}): ReplyWish => ({ to: { _: 'inputReplyToMessage', reply_to_msg_id: id }, isOptional: false, ...fields });
const thread = (call: BotCall, id: unknown, replied?: ReplyWish): Promise<number | undefined> => accessThread(call, params({ message_thread_id: id }), peer, replied);

const NOT_FOUND = 'Bad Request: message thread not found';

describe('the thread in which messages are sent', () => {
  it('is none if the request names none', async () => {
    for (const id of [undefined, 0, 'x']) expect(await thread(inForum, id)).toBeUndefined();
  });

  it('is a topic of a forum, apart from General, and nothing else there', async () => {
    expect(await thread(inForum, 4)).toBe(4);
    for (const id of [1, 3, 5, 6, -4, 2 ** 31]) await expect(thread(inForum, id)).rejects.toThrow(NOT_FOUND);
  });

  it('is begun by a message that is no reply in other supergroups', async () => {
    expect(await thread(inGroup, '5')).toBe(5);
    for (const id of [6, 99]) await expect(thread(inGroup, id)).rejects.toThrow(NOT_FOUND);
  });

  it('is known by a reply in it, if the bot does not see its first message', async () => {
    await expect(thread(inGroup, 7)).rejects.toThrow(NOT_FOUND);
    expect(await thread(inGroup, 7, wish(8))).toBe(7);
    await expect(thread(inGroup, 7, wish(6))).rejects.toThrow(NOT_FOUND);
    await expect(thread(inGroup, 7, { ...wish(8), to: { ...wish(8).to, reply_to_peer_id: peer } })).rejects.toThrow(NOT_FOUND);
  });

  it('does not exist in channels, basic groups and private chats', async () => {
    await expect(accessThread(callIn({ ...channel, id: group.id }), params({ message_thread_id: 5 }), peer)).rejects.toThrow(NOT_FOUND);
    for (const other of [{ _: 'inputPeerChat', chat_id: 7n }, { _: 'inputPeerUser', user_id: 5n, access_hash: 0n }] as const) {
      await expect(accessThread(inGroup, params({ message_thread_id: 5 }), other)).rejects.toThrow(NOT_FOUND);
    }
  });
});

describe('a send to a thread', () => {
  it('replies to the first message of the thread, or to the one that the request names', () => {
    expect(replyIn({ reply: undefined, threadId: undefined })).toBeUndefined();
    expect(replyIn({ reply: wish(9), threadId: undefined })).toEqual(wish(9).to);
    expect(replyIn({ reply: undefined, threadId: 4 })).toEqual({ _: 'inputReplyToMessage', reply_to_msg_id: 4, top_msg_id: 4 });
    expect(replyIn({ reply: wish(9), threadId: 4 })).toEqual({ _: 'inputReplyToMessage', reply_to_msg_id: 9, top_msg_id: 4 });
  });

  it('goes to the thread alone if the message that is replied to does not exist and need not', async () => {
    const sent: unknown[] = [];
    const send = (to: tl.InputReplyTo | undefined): Promise<string> => {
      sent.push(to);
      return sent.length === 1 ? Promise.reject(rpcError('REPLY_MESSAGE_ID_INVALID')) : Promise.resolve('sent');
    };
    expect(await sendTo({ reply: wish(9, { isOptional: true }), threadId: 4 }, send)).toBe('sent');
    expect(sent[1]).toEqual({ _: 'inputReplyToMessage', reply_to_msg_id: 4, top_msg_id: 4 });
    sent.length = 0;
    await expect(sendTo({ reply: wish(9), threadId: 4 }, send)).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
  });

  it('says that the thread is gone if its first message is, or the topic was deleted meanwhile', async () => {
    for (const error of ['REPLY_MESSAGE_ID_INVALID', 'TOPIC_DELETED', 'TOPIC_ID_INVALID'] as const) {
      await expect(sendTo({ reply: undefined, threadId: 4 }, () => Promise.reject(rpcError(error)))).rejects.toThrow(NOT_FOUND);
    }
    await expect(sendTo({ reply: undefined, threadId: 4 }, () => Promise.reject(rpcError('TOPIC_CLOSED')))).rejects.toThrow('TOPIC_CLOSED');
  });
});
