import type { Actor } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBot, operate, startBot } from './bot-stage.ts';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_BOTS_PER_GROUP_MAX: '2' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A person who knows these new bots. */
async function personWith(...usernames: string[]): Promise<{ person: Actor; ids: number[] }> {
  const person = await scenario.world.user('Person');
  const ids: number[] = [];
  for (const username of usernames) {
    ids.push((await makeBot(scenario, username)).id);
    await person.main.call({ _: 'contacts.resolveUsername', username });
  }
  return { person, ids };
}

const addingTo = (person: Actor, chatId: number, botId: number): tl.RpcMethod => ({ _: 'messages.addChatUser', chatId, userId: person.main.inputUser(botId), fwdLimit: 0 });
const invitingTo = (person: Actor, id: number, ...botIds: number[]): tl.RpcMethod =>
  ({ _: 'channels.inviteToChannel', channel: person.main.inputChannel(id), users: botIds.map((botId) => person.main.inputUser(botId)) });
const promotingIn = (person: Actor, id: number, botId: number, rights: Partial<tl.RawChatAdminRights>): tl.RpcMethod =>
  ({ _: 'channels.editAdmin', channel: person.main.inputChannel(id), userId: person.main.inputUser(botId), adminRights: { _: 'chatAdminRights', ...rights }, rank: '' });

describe('bots in groups', () => {
  test('are at most so many in a basic group, and leaving makes room', async () => {
    const { person, ids } = await personWith('First_bot', 'Second_bot', 'Third_bot');
    const friend = await scenario.world.user('Friend');
    const { id } = await createGroup(person, [friend]);
    for (const botId of ids.slice(0, 2)) await person.main.invite(addingTo(person, id, botId) as tl.messages.RawAddChatUserRequest);
    expect(await person.main.fails(addingTo(person, id, ids[2]!))).toMatchObject({ text: 'BOTS_TOO_MUCH' });
    expect(await person.main.fails({ _: 'messages.createChat', users: ids.map((botId) => person.main.inputUser(botId)), title: 'Too many' })).toMatchObject({ text: 'BOTS_TOO_MUCH' });
    await person.main.change({ _: 'messages.deleteChatUser', chatId: id, userId: person.main.inputUser(ids[0]!) });
    await person.main.invite(addingTo(person, id, ids[2]!) as tl.messages.RawAddChatUserRequest);

    // The supergroup that it becomes counts them, too.
    const { chats } = (await person.main.change({ _: 'messages.migrateChat', chatId: id })) as tl.RawUpdates;
    const channelId = chats.find((chat) => chat._ === 'channel')!.id;
    expect(await person.main.fails(invitingTo(person, -1_000_000_000_000 - channelId, ids[0]!))).toMatchObject({ text: 'BOTS_TOO_MUCH' });
  });

  test('are at most so many in a supergroup', async () => {
    const { person, ids } = await personWith('Fourth_bot', 'Fifth_bot', 'Sixth_bot');
    const id = await createChannel(person);
    expect(await person.main.fails(invitingTo(person, id, ...ids))).toMatchObject({ text: 'BOTS_TOO_MUCH' });
    await person.main.invite(invitingTo(person, id, ids[0]!, ids[1]!) as tl.channels.RawInviteToChannelRequest);
    // A repeat adds nobody, so that it is not refused.
    await person.main.invite(invitingTo(person, id, ids[0]!) as tl.channels.RawInviteToChannelRequest);
    expect(await person.main.fails(promotingIn(person, id, ids[2]!, { deleteMessages: true }))).toMatchObject({ text: 'BOTS_TOO_MUCH' });
  });

  test('are added only if their owner allows it', async () => {
    const { person, ids } = await personWith('Homely_bot');
    const friend = await scenario.world.user('Friend');
    await operate(scenario, 'bot', 'set', '@Homely_bot', '--groups', 'off');
    const { id } = await createGroup(person, [friend]);
    const channel = await createChannel(person);
    for (const call of [addingTo(person, id, ids[0]!), invitingTo(person, channel, ids[0]!), promotingIn(person, channel, ids[0]!, { deleteMessages: true })]) {
      expect(await person.main.fails(call)).toMatchObject({ text: 'BOT_GROUPS_BLOCKED' });
    }
    expect(await person.main.fails({ _: 'messages.createChat', users: [person.main.inputUser(ids[0]!)], title: 'Home' })).toMatchObject({ text: 'BOT_GROUPS_BLOCKED' });
    await operate(scenario, 'bot', 'set', '@Homely_bot', '--groups', 'on');
    await person.main.invite(addingTo(person, id, ids[0]!) as tl.messages.RawAddChatUserRequest);
  });

  test('own, create and join nothing by themselves', async () => {
    await using bot = await startBot(scenario, 'Humble_bot');
    const person = await scenario.world.user('Person');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Humble_bot' });
    const id = await createChannel(person);
    const channel: tl.RawInputChannel = { _: 'inputChannel', channelId: -1_000_000_000_000 - id, accessHash: Long.ZERO };
    for (const call of [
      { _: 'messages.createChat', users: [], title: 'mine' }, { _: 'channels.createChannel', megagroup: true, title: 'mine', about: '' },
      { _: 'channels.joinChannel', channel }, { _: 'messages.importChatInvite', hash: 'abcdefghijklmnop' },
      { _: 'chatlists.joinChatlistInvite', slug: 'abcdefghijklmnop', peers: [] },
    ] as const satisfies readonly tl.RpcMethod[]) expect(await bot.refusal(call)).toBe('BOT_METHOD_INVALID');
  });
});

describe('bots in broadcast channels', () => {
  test('are admins or nothing', async () => {
    await using bot = await startBot(scenario, 'Poster_bot');
    const person = await scenario.world.user('Person');
    const reader = await scenario.world.user('Reader');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Poster_bot' });
    const id = await createChannel(person, 'broadcast');
    await inviteTo(person, id, [reader]);
    expect(await person.main.fails(invitingTo(person, id, bot.id))).toMatchObject({ text: 'USER_BOT' });

    // It becomes a member by being made an admin.
    await person.main.change(promotingIn(person, id, bot.id, { postMessages: true }) as tl.channels.RawEditAdminRequest);
    const peer: tl.RawInputPeerChannel = { _: 'inputPeerChannel', channelId: -1_000_000_000_000 - id, accessHash: Long.ZERO };
    const post = (message: string): tl.RpcMethod => ({ _: 'messages.sendMessage', peer, message, randomId: randomLong() });
    await bot.call(post('news'));
    await reader.sees('news');
    await postIn(person, id, 'more news');
    await bot.sees('more news');

    // And leaves when it is one no longer; it can be added again.
    await person.main.change(promotingIn(person, id, bot.id, {}) as tl.channels.RawEditAdminRequest);
    expect(await bot.refusal(post('late news'))).toBe('CHANNEL_INVALID');
    await person.main.change(promotingIn(person, id, bot.id, { postMessages: true }) as tl.channels.RawEditAdminRequest);
    await bot.call(post('late news'));
    await reader.sees('late news');
  });
});
