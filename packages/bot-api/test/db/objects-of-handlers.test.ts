import { type ErrorName, rpcError } from '@aerogram/errors';
import { METHODS, readResult, type tl, TlReader } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from '../../../rpc-handlers/test/db/rpc-world.ts';
import {
  chatIdOf, KnownPeers, type ObjectSource, projectFullChat, projectMe, projectMember, projectMessages, projectUpdates, projectUserProfilePhotos, type UpdateObject,
} from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';

interface Caller {
  authKeyId: bigint;
  userId: bigint;
}

type Told = Record<string, unknown>;

describe('objects of the Bot API made of what the handlers answer', () => {
  let world: RpcWorld;
  let person: Caller;
  let bot: Caller;
  let source: ObjectSource;
  let pts = 1;

  async function call<M extends keyof tl.RpcMethods>(caller: Caller, request: tl.RpcMethods[M]['req'] & { _: M }): Promise<tl.RpcMethods[M]['res']> {
    const { error, body } = await world.call(caller.authKeyId, request);
    // The cast is safe: errors of calls are those of the catalogue.
    if (error !== undefined) throw rpcError(error as ErrorName);
    return readResult(new TlReader(body), METHODS[request._].result);
  }

  const invokeAs = (caller: Caller): ObjectSource['invoke'] => <M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req'] & { _: M }) => call<M>(caller, request);
  const inputUser = (viewer: Caller, { userId }: Caller): tl.inputUser => ({ _: 'inputUser', user_id: userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, userId) });
  const peerOf = (viewer: Caller, other: Caller): tl.inputPeerUser => ({ ...inputUser(viewer, other), _: 'inputPeerUser' });
  const channelOf = (viewer: Caller, channelId: bigint): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id: channelId, access_hash: world.domain.accessHashes.of('channel', viewer.userId, channelId) });
  const send = (from: Caller, peer: tl.InputPeer, message: string, more: Partial<tl.messages.sendMessage> = {}): Promise<tl.Updates> =>
    call(from, { _: 'messages.sendMessage', peer, message, random_id: world.random.int64(), ...more });

  /** What the objects say, as JSON, after each was compared with the reference. */
  function checked(objects: readonly UpdateObject[]): { name: string; value: Told }[] {
    for (const { name, value } of objects) expect({ name, problems: checkObject('Update', { update_id: 1, [name]: value }) }).toEqual({ name, problems: [] });
    return objects.map(({ name, value }) => ({ name, value: JSON.parse(JSON.stringify(value)) as Told }));
  }

  /** What the bot is told of private chats and basic groups since the last call. */
  async function told(): Promise<{ name: string; value: Told }[]> {
    const difference = await call(bot, { _: 'updates.getDifference', pts, date: 1, qts: 0 });
    if (difference._ !== 'updates.difference') throw new Error(`the difference is ${difference._}`);
    const { state, users, chats, new_messages: messages, other_updates: others } = difference;
    pts = state.pts;
    const news = messages.map((message): tl.Update => ({ _: 'updateNewMessage', message, pts: 0, pts_count: 0 }));
    return checked(await projectUpdates(source, { _: 'updates', updates: [...news, ...others], users, chats, date: state.date, seq: 0 }));
  }

  beforeAll(async () => {
    world = await createRpcWorld('objects-of-handlers');
    person = await world.signUp('9996621234', 'Person');
    bot = await world.logInBot('objects_bot');
    source = {
      botId: bot.userId,
      invoke: invokeAs(bot),
      fileIds: { fileId: ({ kind, id, size }) => `${kind}${id}${size}`, uniqueId: ({ id, size }) => `${id}${size}`, read: () => undefined },
    };
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('tells of a talk in a private chat', async () => {
    await send(person, peerOf(person, bot), '/start');
    const [start] = await told();
    expect(start).toMatchObject({ name: 'message', value: { text: '/start', from: { id: Number(person.userId), first_name: 'Person' }, chat: { type: 'private' } } });
    const rows: tl.keyboardButtonRow[] = [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonCallback', text: 'Yes', data: Uint8Array.of(121) }] }];
    await send(bot, peerOf(bot, person), 'Well?', { reply_markup: { _: 'replyInlineMarkup', rows } });
    const newest = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n };
    const { messages, users, chats } = (await call(person, { _: 'messages.getHistory', peer: peerOf(person, bot), ...newest })) as tl.messages.messages;
    expect(await projectMessages({ ...source, invoke: invokeAs(person) }, { messages, users, chats })).toMatchObject([{ text: 'Well?', reply_markup: { inline_keyboard: [[{ callback_data: 'y' }]] } }]);
    await send(person, peerOf(person, bot), 'Yes', { reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: messages[0]!.id } });
    const geo_point: tl.inputGeoPoint = { _: 'inputGeoPoint', lat: 10, long: 20 };
    const media: tl.InputMedia[] = [
      { _: 'inputMediaDice', emoticon: '🎲' },
      { _: 'inputMediaVenue', geo_point, title: 'Café', address: 'Street', provider: '', venue_id: '', venue_type: '' },
      { _: 'inputMediaContact', phone_number: '15550001111', first_name: 'Somebody', last_name: '', vcard: '' },
      { _: 'inputMediaGeoLive', geo_point, period: 900 },
    ];
    for (const one of media) await call(person, { _: 'messages.sendMedia', peer: peerOf(person, bot), media: one, message: '', random_id: world.random.int64() });
    const updates = await told();
    expect(updates[0]).toMatchObject({ value: { text: 'Yes', reply_to_message: { text: 'Well?', from: { id: Number(bot.userId), is_bot: true }, reply_markup: { inline_keyboard: [[{ text: 'Yes' }]] } } } });
    expect(updates.slice(1).map(({ value }) => Object.keys(value).filter((key) => ['dice', 'venue', 'contact', 'location'].includes(key)).sort())).toEqual([['dice'], ['location', 'venue'], ['contact'], ['location']]);
  });

  it('tells of a basic group, what becomes of it, and who is in it', async () => {
    const created = await call(person, { _: 'messages.createChat', users: [inputUser(person, bot)], title: 'Garden' });
    const group = (created.updates as tl.updates).chats[0]!;
    const peer: tl.inputPeerChat = { _: 'inputPeerChat', chat_id: group.id };
    await call(person, { _: 'messages.editChatTitle', chat_id: group.id, title: 'Orchard' });
    await call(person, { _: 'messages.setHistoryTTL', peer, period: 86_400 });
    await call(bot, { _: 'messages.deleteChatUser', chat_id: group.id, user_id: { _: 'inputUserSelf' } });
    const here = (await told()).filter(({ value }) => (value['chat'] as Told | undefined)?.['id'] === chatIdOf({ _: 'peerChat', chat_id: group.id }));
    expect(here.filter(({ name }) => name === 'message').map(({ value }) => value)).toMatchObject([
      { group_chat_created: true, chat: { type: 'group' } },
      { new_chat_title: 'Orchard' },
      { message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } },
      { left_chat_member: { id: Number(bot.userId) } },
    ]);
  });

  it('describes supergroups, their members and messages', async () => {
    const created = (await call(person, { _: 'channels.createChannel', megagroup: true, title: 'Village', about: 'Small' })) as tl.updates;
    const { id } = created.chats[0]!;
    const channel: tl.inputChannel = { ...channelOf(person, id), _: 'inputChannel' };
    const asBot: tl.inputChannel = { _: 'inputChannel', channel_id: id, access_hash: 0n };
    await call(person, { _: 'channels.inviteToChannel', channel, users: [inputUser(person, bot)] });
    await call(person, { _: 'channels.editAdmin', channel, user_id: inputUser(person, bot), admin_rights: { _: 'chatAdminRights', pin_messages: true, invite_users: true, change_info: true }, rank: 'helper' });
    await send(person, channelOf(person, id), 'rules');
    const found = (await call(bot, { _: 'channels.getMessages', channel: asBot, id: [1, 2, 3, 4].map((one): tl.inputMessageID => ({ _: 'inputMessageID', id: one })) })) as tl.messages.channelMessages;
    const rules = found.messages.find((message) => message._ === 'message');
    await call(bot, { _: 'messages.updatePinnedMessage', peer: { ...asBot, _: 'inputPeerChannel' }, id: rules!.id });
    const objects = await projectMessages(source, found);
    expect(checkObject('Message[]', objects)).toEqual([]);
    expect(objects).toContainEqual(expect.objectContaining({ text: 'rules', chat: expect.objectContaining({ id: chatIdOf({ _: 'peerChannel', channel_id: id }), type: 'supergroup' }) as unknown }));

    const full = await projectFullChat(source, await call(bot, { _: 'channels.getFullChannel', channel: asBot }));
    expect(checkObject('ChatFullInfo', full)).toEqual([]);
    expect(full).toMatchObject({ title: 'Village', description: 'Small', permissions: { can_send_messages: true }, pinned_message: { text: 'rules' } });

    const members = (await call(bot, { _: 'channels.getParticipants', channel: asBot, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: 0n })) as tl.channels.channelParticipants;
    const peers = new KnownPeers(members);
    const described = members.participants.map((one) => projectMember(one, { peers, kind: 'supergroup', userId: 0n }));
    expect(checkObject('ChatMember[]', described)).toEqual([]);
    expect(described.map(({ status, custom_title }) => [status, custom_title])).toEqual(expect.arrayContaining([['creator', undefined], ['administrator', 'helper']]));
  });

  it('describes the bot itself, people and their photos', async () => {
    const [self] = await call(bot, { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    const me = projectMe(self as tl.user);
    expect(checkObject('UserFromGetMe', me)).toEqual([]);
    expect(me).toMatchObject({ id: Number(bot.userId), username: 'objects_bot', can_join_groups: true });
    const full = await projectFullChat(source, await call(bot, { _: 'users.getFullUser', id: inputUser(bot, person) }));
    expect(checkObject('ChatFullInfo', full)).toEqual([]);
    const photos = projectUserProfilePhotos(source, await call(bot, { _: 'photos.getUserPhotos', user_id: inputUser(bot, person), offset: 0, max_id: 0n, limit: 10 }));
    expect(photos).toEqual({ total_count: 0, photos: [] });
  });
});
