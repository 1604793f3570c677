import { rpcError } from '@aerogram/errors';
import { expect, test } from 'vitest';

import type { BotCall, Invoke } from '../../src/bot-call.ts';
import { type ChatPeer, findChat, readChat, readUser } from '../../src/params/chat-id.ts';
import { readInt32 } from '../../src/params/int32.ts';
import { checkAscending, findMessageId, readMessageIds } from '../../src/params/message-ids.ts';
import { Params } from '../../src/params/params.ts';
import { readReply } from '../../src/params/reply.ts';
import { readSendOptions } from '../../src/params/send-options.ts';

const params = (given: object): Params => new Params(new Map(Object.entries(given)));
const NAMES = new Map([['news', { _: 'channel', id: 5n, access_hash: 9n }]]);

/** A server that knows one channel by its name. */
const invoke = (async (request: { username: string }) => {
  const chat = NAMES.get(request.username);
  if (request.username === 'person') return { users: [{ _: 'user', id: 8n }], chats: [] };
  if (chat === undefined) throw request.username === 'busy' ? rpcError('FLOOD_WAIT_%d', 3) : rpcError('USERNAME_NOT_OCCUPIED');
  return { chats: [chat] };
}) as unknown as Invoke;
const call = { invoke } as BotCall;
const find = (id: string): Promise<ChatPeer> => findChat(call, id);

test('a chat is named by its id', async () => {
  expect(await find('7')).toEqual({ _: 'inputPeerUser', user_id: 7n, access_hash: 0n });
  expect(await find(' -7 ')).toEqual({ _: 'inputPeerChat', chat_id: 7n });
  expect(await find('-1000000000007')).toEqual({ _: 'inputPeerChannel', channel_id: 7n, access_hash: 0n });
});

test('a channel or supergroup is named by its username', async () => {
  expect(await find('@news')).toEqual({ _: 'inputPeerChannel', channel_id: 5n, access_hash: 9n });
  for (const unknown of ['@person', '@nobody']) await expect(find(unknown)).rejects.toThrow('Bad Request: chat not found');
  await expect(find('@busy')).rejects.toThrow('FLOOD_WAIT');
});

test('what can be no chat is not found', async () => {
  await expect(find('')).rejects.toThrow('Bad Request: chat_id is empty');
  for (const wrong of ['0', 'news', '1.5', '-1000000000000', '9223372036854775808', '-9223372036854775808', '9'.repeat(400), '{}']) await expect(find(wrong)).rejects.toThrow('Bad Request: chat not found');
});

test('a user is named by the id', () => {
  expect(readUser(params({ user_id: 7 }), 'user_id')).toEqual({ _: 'inputUser', user_id: 7n, access_hash: 0n });
  for (const wrong of [undefined, 0, -7, 'x']) expect(() => readUser(params({ user_id: wrong }), 'user_id')).toThrow('Bad Request: invalid user_id specified');
});

test('ids of messages are a list of numbers', () => {
  expect(readMessageIds(params({ message_ids: '[1,"2",3]' }))).toEqual([1, 2, 3]);
  const refusals: [unknown, string][] = [
    [undefined, 'message identifiers are not specified'],
    [[], 'message identifiers are not specified'],
    ['[', "can't parse message identifiers JSON object"],
    [5, 'expected an Array of message identifiers'],
    [[{}], 'message identifier must be a Number'],
    [['x'], "can't parse message identifier as a Number"],
    [[0], 'invalid message identifier specified'],
    [[2 ** 31], 'invalid message identifier specified'],
    [Array.from({ length: 101 }, (_, at) => at + 1), 'too many message identifiers specified'],
  ];
  for (const [value, text] of refusals) expect(() => readMessageIds(params({ message_ids: value }))).toThrow(`Bad Request: ${text}`);
  expect(() => checkAscending([1, 2, 5])).not.toThrow();
  for (const wrong of [[2, 1], [1, 1]]) expect(() => checkAscending(wrong)).toThrow('Bad Request: message identifiers must be in a strictly increasing order');
});

test('numbers are read as the official server reads them: the whole part of a fraction, and nothing else of ids that say who reads', () => {
  const number = (value: unknown) => readInt32(params({ until_date: value }), 'until_date');
  for (const value of [1_764_379_000.5, '1764379000.5', ' 1764379000. ', '+1764379000', 1_764_379_000]) expect([value, number(value)]).toEqual([value, 1_764_379_000]);
  for (const value of ['x', '', '1e3', '10s', '.5', null, {}, '1.5.2', '٣']) expect([value, number(value)]).toEqual([value, 0]);
  expect([number(-1.9), number('-7'), number(1e15), number('9'.repeat(19))]).toEqual([-1, -7, 2 ** 31 - 1, 0]);
  expect(readUser(params({ user_id: '77.0' }), 'user_id')).toMatchObject({ user_id: 77n });
  for (const value of ['77x', '', 0, -5, '7e1']) expect(() => readUser(params({ user_id: value }), 'user_id')).toThrow('Bad Request: invalid user_id specified');
  for (const value of [['1.0'], ['1e1'], ['0x1'], [' 1'], [1.5]]) expect(() => readMessageIds(params({ message_ids: value }))).toThrow("Bad Request: can't parse message identifier as a Number");
});

test.each(['77.0', '7.5', '7e1', '77 x'])('the id of a chat is read whole: %s', async (chat_id) => {
  await expect(readChat(call, params({ chat_id }), 'chat_id')).rejects.toThrow('Bad Request: chat not found');
});

test('an id that no message can have is 0', () => {
  for (const id of [undefined, 'x', -1, 2 ** 31, '1e3']) expect(findMessageId(params({ message_id: id }), 'message_id')).toBe(0);
});

test('a reply names a message of the same chat or of another one', async () => {
  expect(await readReply(call, params({}))).toBeUndefined();
  expect(await readReply(call, params({ reply_parameters: {} }))).toBeUndefined();
  expect(await readReply(call, params({ reply_parameters: { message_id: 7, chat_id: '@news' } }))).toEqual({
    to: { _: 'inputReplyToMessage', reply_to_msg_id: 7, reply_to_peer_id: { _: 'inputPeerChannel', channel_id: 5n, access_hash: 9n } }, isOptional: false,
  });
  await expect(readReply(call, params({ reply_parameters: '[' }))).rejects.toThrow("Bad Request: can't parse reply parameters JSON object");
  await expect(readReply(call, params({ reply_parameters: [] }))).rejects.toThrow('Bad Request: object expected as reply parameters');
  await expect(readReply(call, params({ reply_parameters: { ephemeral_message_id: 7 } }))).rejects.toThrow('Bad Request: message to be replied not found');
});

test('options say how a message is sent', () => {
  expect(readSendOptions(params({}))).toEqual({ silent: false, noforwards: false, effect: undefined });
  expect(readSendOptions(params({ disable_notification: 'True', protect_content: 1, message_effect_id: '5104841245755180586' }))).toEqual({ silent: true, noforwards: true, effect: 5104841245755180586n });
  expect(readSendOptions(params({ message_effect_id: 'x' }))).toEqual({ silent: false, noforwards: false, effect: undefined });
});
