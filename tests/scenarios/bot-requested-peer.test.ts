import { type Actor, type BotClient, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeBot, meetNewBot, operate, readMessage, startBot } from './bot-stage.ts';
import { createChannel, promoteIn } from './channel-stage.ts';
import { checkMessageFiles } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { setProfilePhoto, sizeLocation } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const BUTTON = 7;
type Bot = BotClient & { made: MadeBot };
type Key = Partial<tl.RawInputKeyboardButtonRequestPeer> & { peerType: tl.TypeRequestPeerType };
const ANY_USER: tl.RawRequestPeerTypeUser = { _: 'requestPeerTypeUser' };
const rights = (...names: (keyof tl.RawChatAdminRights)[]): tl.RawChatAdminRights => ({ _: 'chatAdminRights', ...Object.fromEntries(names.map((name) => [name, true])) });

/** The bot asks for peers by a key. @returns the id of the message for the person */
async function ask(bot: BotClient, person: Actor, message: string, key: Key): Promise<number> {
  const button: tl.RawInputKeyboardButtonRequestPeer = { _: 'inputKeyboardButtonRequestPeer', text: 'Choose', buttonId: BUTTON, maxQuantity: 1, ...key };
  await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(person), message, replyMarkup: { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [button] }] }, randomId: randomLong() });
  return (await person.sees(message)).id;
}

/** The call by which a person answers. @param requested marked ids of peers */
const sharing = (person: Actor, bot: Bot, msgId: number, ...requested: number[]): tl.messages.RawSendBotRequestedPeerRequest => ({
  _: 'messages.sendBotRequestedPeer', peer: person.main.inputPeer(bot.id), msgId, buttonId: BUTTON, requestedPeers: requested.map((id) => person.main.inputPeer(id)),
});
const refused = async (actor: Actor, request: tl.RpcMethod): Promise<string> => (await actor.main.fails(request)).text;

/** The service messages with this action that the bot was told of, in order. */
async function told<A extends tl.TypeMessageAction['_']>(bot: BotClient, action: A, count = 1): Promise<Extract<tl.TypeMessageAction, { _: A }>[]> {
  const find = (): Extract<tl.TypeMessageAction, { _: A }>[] =>
    bot.updates.flatMap((update) => (update._ === 'updateNewMessage' && update.message._ === 'messageService' && update.message.action._ === action ? [update.message.action as Extract<tl.TypeMessageAction, { _: A }>] : []));
  await bot.waitFor(`${count} ${action}`, (update): update is tl.TypeUpdate => update !== undefined && find().length >= count);
  return find();
}
const sharedWith = (bot: BotClient, count?: number): Promise<tl.RawMessageActionRequestedPeerSentMe[]> => told(bot, 'messageActionRequestedPeerSentMe', count);

/** The actions in what a call answers. */
const actionsIn = (answer: tl.TypeUpdates): tl.TypeMessageAction[] =>
  (answer as tl.RawUpdates).updates.flatMap((update) => (update._ === 'updateNewMessage' && update.message._ === 'messageService' ? [update.message.action] : []));

describe('people who are shared with a bot', () => {
  test('are named for the person, and described for the bot as its key asks, which still cannot write to them', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Asking_bot');
    await using _ = bot;
    const [bob, carol] = [await scenario.world.user('Bob'), await scenario.world.user('Carol')];
    for (const other of [bob, carol]) await person.meet(other);
    const photo = await setProfilePhoto(bob.main);
    await bob.main.change({ _: 'account.updateUsername', username: 'bob_is_shared' });

    const plain = await ask(bot, person, 'who is it?', { peerType: ANY_USER, maxQuantity: 2 });
    expect((await readMessage(person, plain)).replyMarkup).toMatchObject({ rows: [{ buttons: [{ _: 'keyboardButtonRequestPeer', buttonId: BUTTON, maxQuantity: 2 }] }] });
    await verifyUpdates([person], async () => {
      const answer = await person.main.change(sharing(person, bot, plain, bob.id, carol.id, bob.id));
      expect(actionsIn(answer)).toEqual([{ _: 'messageActionRequestedPeer', buttonId: BUTTON, peers: [{ _: 'peerUser', userId: bob.id }, { _: 'peerUser', userId: carol.id }] }]);
      expect(new Set((answer as tl.RawUpdates).users.map(({ id }) => id))).toEqual(new Set([person.id, bot.id, bob.id, carol.id]));
    });
    const [bare] = await sharedWith(bot);
    expect(bare).toMatchObject({ buttonId: BUTTON, peers: [{ _: 'requestedPeerUser', userId: bob.id }, { _: 'requestedPeerUser', userId: carol.id }] });
    for (const one of bare!.peers as tl.RawRequestedPeerUser[]) expect([one.firstName, one.lastName, one.username, one.photo]).toEqual([undefined, undefined, undefined, undefined]);

    const full = await ask(bot, person, 'and who exactly?', { peerType: ANY_USER, nameRequested: true, usernameRequested: true, photoRequested: true });
    await person.main.change(sharing(person, bot, full, bob.id));
    const [, described] = await sharedWith(bot, 2);
    const [shown] = described!.peers as tl.RawRequestedPeerUser[];
    expect(shown).toMatchObject({ userId: bob.id, firstName: 'Bob', username: 'bob_is_shared', photo: { _: 'photo', id: photo.id } });
    const size = (shown!.photo as tl.RawPhoto).sizes.find(({ _: kind }) => kind === 'photoSize') as tl.RawPhotoSize;
    const file = await bot.call({ _: 'upload.getFile', location: sizeLocation(shown!.photo as tl.RawPhoto, size.type), offset: 0, limit: 1024 * 1024 });
    expect((file as tl.upload.RawFile).bytes.length).toBe(size.size);

    expect(await bot.refusal({ _: 'messages.sendMessage', peer: bot.peerOf(bob), message: 'hello', randomId: randomLong() })).toBe('PEER_ID_INVALID');
    await checkMessageFiles(scenario.server.db);
  });

  test('show the bot no photo that is hidden from it', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Curious_bot');
    await using _ = bot;
    const bob = await scenario.world.user('Bob');
    await person.meet(bob);
    await setProfilePhoto(bob.main);
    await bob.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: [{ _: 'inputPrivacyValueAllowContacts' }] });
    const id = await ask(bot, person, 'a face, please', { peerType: ANY_USER, photoRequested: true });
    await person.main.change(sharing(person, bot, id, bob.id));
    const [{ peers } = { peers: [] }] = await sharedWith(bot);
    expect((peers as tl.RawRequestedPeerUser[])[0]!.photo).toBeUndefined();
  });

  test('must be those for whom a key of that message asks', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Strict_bot');
    await using _ = bot;
    await using helper = await startBot(scenario, 'Helper_bot');
    const bob = await scenario.world.user('Bob');
    await person.meet(bob);
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Helper_bot' });
    const group = await createGroup(person, [bob]);
    const id = await ask(bot, person, 'a person', { peerType: { ...ANY_USER, bot: false } });
    const call = sharing(person, bot, id, bob.id);
    expect(await refused(person, { ...call, requestedPeers: [] })).toBe('PEERS_LIST_EMPTY');
    expect(await refused(person, { ...call, requestedPeers: [person.main.inputPeer(bob.id), { _: 'inputPeerSelf' }] })).toBe('USERS_TOO_MUCH');
    expect(await refused(person, { ...call, buttonId: 8 })).toBe('BUTTON_ID_INVALID');
    expect(await refused(person, { ...call, msgId: 9999 })).toBe('MESSAGE_ID_INVALID');
    expect(await refused(person, { ...call, msgId: undefined, webappReqId: 'x' })).toBe('MESSAGE_ID_INVALID');
    expect(await refused(person, { ...call, peer: person.main.inputPeer(bob.id) })).toBe('PEER_ID_INVALID');
    expect(await refused(person, { ...call, requestedPeers: [{ _: 'inputPeerUser', userId: bob.id, accessHash: Long.ONE }] })).toBe('PEER_ID_INVALID');
    expect(await refused(person, sharing(person, bot, id, helper.id))).toBe('PEER_ID_INVALID');
    expect(await refused(person, { ...call, requestedPeers: [group.peer] })).toBe('PEER_ID_INVALID');
    const bots = await ask(bot, person, 'a bot', { peerType: { ...ANY_USER, bot: true } });
    expect(await refused(person, sharing(person, bot, bots, bob.id))).toBe('PEER_ID_INVALID');
    const rich = await ask(bot, person, 'somebody rich', { peerType: { ...ANY_USER, premium: true } });
    expect(await refused(person, sharing(person, bot, rich, bob.id))).toBe('PEER_ID_INVALID');
    // People see Premium on themselves, and on those who forbid them voice messages.
    await person.main.change(sharing(person, bot, rich, person.id));
    await bob.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyVoiceMessages' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    await person.main.change(sharing(person, bot, rich, bob.id));
    // What the person has written oneself has no keys, and neither has a message that was deleted.
    const own = (await person.main.loadHistory(bot.id)).find(({ text }) => text === '/start')!;
    expect(await refused(person, { ...call, msgId: own.id })).toBe('MESSAGE_ID_INVALID');
    await person.main.change(sharing(person, bot, bots, helper.id));
    await person.main.call({ _: 'messages.deleteMessages', id: [id] });
    expect(await refused(person, call)).toBe('MESSAGE_ID_INVALID');
    await person.main.call({ _: 'contacts.block', id: person.main.inputPeer(bot.id) });
    expect(await refused(person, sharing(person, bot, bots, helper.id))).toBe('YOU_BLOCKED_USER');
    expect(await sharedWith(bot)).toHaveLength(3);
  });
});

describe('a group or channel that is shared with a bot', () => {
  test('is one that fulfils all that its key asks for', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Choosy_bot');
    await using _ = bot;
    const bob = await scenario.world.user('Bob');
    const group = await createGroup(person, [bob]);
    const supergroup = await createChannel(person, 'megagroup', 'Public group');
    await person.main.change({ _: 'channels.updateUsername', channel: person.main.inputChannel(supergroup), username: 'choosy_group' });
    const channel = await createChannel(person, 'broadcast', 'My channel');
    const foreign = await createChannel(bob, 'megagroup', 'Group of Bob');
    await bob.main.invite({ _: 'channels.inviteToChannel', channel: bob.main.inputChannel(foreign), users: [bob.main.inputUser(person.id)] });
    await person.main.waitUntil('the group of Bob', () => person.main.state.channels.find(foreign) !== undefined);
    const chats = { group: -group.id, supergroup, channel, foreign };

    const fitting = async (key: Key): Promise<string[]> => {
      const id = await ask(bot, person, `chat ${randomLong().toString()}`, key);
      const found: string[] = [];
      for (const [name, chat] of Object.entries(chats)) {
        const text = await person.main.call(sharing(person, bot, id, chat)).then(() => 'shared', (error: { text: string }) => error.text);
        if (text === 'shared') found.push(name);
        else expect(text).toBe('PEER_ID_INVALID');
      }
      return found;
    };
    const anyGroup = { _: 'requestPeerTypeChat' } as const;
    const anyChannel = { _: 'requestPeerTypeBroadcast' } as const;
    expect(await fitting({ peerType: ANY_USER })).toEqual([]);
    expect(await fitting({ peerType: anyGroup })).toEqual(['group', 'supergroup', 'foreign']);
    expect(await fitting({ peerType: { ...anyGroup, creator: true } })).toEqual(['group', 'supergroup']);
    expect(await fitting({ peerType: { ...anyGroup, hasUsername: true } })).toEqual(['supergroup']);
    expect(await fitting({ peerType: { ...anyGroup, hasUsername: false, forum: false } })).toEqual(['group', 'foreign']);
    expect(await fitting({ peerType: { ...anyGroup, forum: true } })).toEqual([]);
    await bob.main.change({ _: 'channels.toggleForum', channel: bob.main.inputChannel(foreign), enabled: true, tabs: false });
    expect(await fitting({ peerType: { ...anyGroup, forum: true } })).toEqual(['foreign']);
    expect(await fitting({ peerType: { ...anyGroup, forum: false } })).toEqual(['group', 'supergroup']);
    expect(await fitting({ peerType: { ...anyGroup, userAdminRights: rights('pinMessages') } })).toEqual(['group', 'supergroup']);
    expect(await fitting({ peerType: anyChannel })).toEqual(['channel']);
    expect(await fitting({ peerType: { ...anyChannel, hasUsername: true } })).toEqual([]);
    await promoteIn(bob, foreign, person, { pinMessages: true });
    expect(await fitting({ peerType: { ...anyGroup, userAdminRights: rights('pinMessages') } })).toEqual(['group', 'supergroup', 'foreign']);
    expect(await fitting({ peerType: { ...anyGroup, userAdminRights: rights('pinMessages', 'banUsers') } })).toEqual(['group', 'supergroup']);
    await bob.main.call({ _: 'channels.deleteChannel', channel: bob.main.inputChannel(foreign) });
    expect(await refused(person, sharing(person, bot, await ask(bot, person, 'any group', { peerType: anyGroup }), foreign))).toBe('CHANNEL_PRIVATE');
  });

  test('gets the bot as a member, or as an admin with the rights, if the key asks for that', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Joining_bot');
    await using _ = bot;
    const bob = await scenario.world.user('Bob');
    const group = await createGroup(person, [bob]);
    const supergroup = await createChannel(person, 'megagroup', 'Group to join');
    const channel = await createChannel(person, 'broadcast', 'Channel to join');
    const roleIn = async (chat: number): Promise<tl.TypeChannelParticipant> =>
      (await person.main.call({ _: 'channels.getParticipant', channel: person.main.inputChannel(chat), participant: person.main.inputPeer(bot.id) })).participant;

    const member = await ask(bot, person, 'let me in', { peerType: { _: 'requestPeerTypeChat', botParticipant: true }, nameRequested: true });
    await verifyUpdates([person, bob], async () => {
      const answer = await person.main.change(sharing(person, bot, member, -group.id));
      expect(actionsIn(answer).map(({ _: name }) => name)).toEqual(['messageActionChatAddUser', 'messageActionRequestedPeer']);
      await bob.sees('action:messageActionChatAddUser');
      await person.main.change(sharing(person, bot, member, -group.id));
      await person.main.change(sharing(person, bot, member, supergroup));
    });
    expect(await roleIn(supergroup)).toMatchObject({ _: 'channelParticipant', userId: bot.id });
    expect((await sharedWith(bot, 3)).map(({ peers }) => peers[0])).toMatchObject([{ _: 'requestedPeerChat', chatId: group.id, title: 'Climbing' }, { chatId: group.id }, { _: 'requestedPeerChannel', title: 'Group to join' }]);

    const admin = await ask(bot, person, 'make me an admin', { peerType: { _: 'requestPeerTypeChat', botAdminRights: rights('deleteMessages', 'pinMessages') } });
    await person.main.change(sharing(person, bot, admin, supergroup));
    expect(await roleIn(supergroup)).toMatchObject({ _: 'channelParticipantAdmin', adminRights: { deleteMessages: true, pinMessages: true } });
    expect((await roleIn(supergroup) as tl.RawChannelParticipantAdmin).adminRights.banUsers).toBeFalsy();
    const more = await ask(bot, person, 'more of it', { peerType: { _: 'requestPeerTypeChat', botAdminRights: rights('banUsers') } });
    await person.main.change(sharing(person, bot, more, supergroup));
    expect(await roleIn(supergroup)).toMatchObject({ adminRights: { deleteMessages: true, pinMessages: true, banUsers: true } });
    await person.main.change(sharing(person, bot, admin, -group.id));
    const { fullChat } = await person.main.call({ _: 'messages.getFullChat', chatId: group.id });
    expect((fullChat as tl.RawChatFull).participants).toMatchObject({ participants: expect.arrayContaining([expect.objectContaining({ _: 'chatParticipantAdmin', userId: bot.id })]) as unknown });
    // No admin of a basic group can have this right.
    const beyond = await ask(bot, person, 'too much', { peerType: { _: 'requestPeerTypeChat', botAdminRights: rights('addAdmins') } });
    expect(await refused(person, sharing(person, bot, beyond, -group.id))).toBe('PEER_ID_INVALID');

    const post = await ask(bot, person, 'let me post', { peerType: { _: 'requestPeerTypeBroadcast', botAdminRights: rights('postMessages') } });
    await person.main.change(sharing(person, bot, post, channel));
    expect(await roleIn(channel)).toMatchObject({ _: 'channelParticipantAdmin', adminRights: { postMessages: true } });

    // Who may not add the bot shares nothing.
    const foreign = await createChannel(bob, 'broadcast', 'Channel of Bob');
    await promoteInto(bob, foreign, person);
    expect(await refused(person, sharing(person, bot, post, foreign))).toBe('CHAT_ADMIN_REQUIRED');
    expect(await sharedWith(bot, 7)).toHaveLength(7);
  });
});

/** Adds somebody to a channel as an admin who may post and nothing else. */
async function promoteInto(owner: Actor, channel: number, person: Actor): Promise<void> {
  await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(channel), users: [owner.main.inputUser(person.id)] });
  await promoteIn(owner, channel, person, { postMessages: true });
  await person.main.waitUntil('the channel', () => person.main.state.channels.find(channel) !== undefined);
}

describe('the permission to write', () => {
  test('is given once, is told in the chat, and lets the bot write', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Permitted_bot');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Permitted_bot' });
    const input = person.main.inputUser(bot.id);
    const allow: tl.bots.RawAllowSendMessageRequest = { _: 'bots.allowSendMessage', bot: input };
    const may = (): Promise<boolean> => person.main.call({ _: 'bots.canSendMessage', bot: input });
    expect(await may()).toBe(false);
    expect(await bot.refusal({ _: 'messages.sendMessage', peer: bot.peerOf(person), message: 'too early', randomId: randomLong() })).toBe('PEER_ID_INVALID');
    await verifyUpdates([person], async () => {
      expect(actionsIn(await person.main.change(allow))).toEqual([expect.objectContaining({ _: 'messageActionBotAllowed', fromRequest: true })]);
      expect(actionsIn(await person.main.change(allow))).toEqual([]);
    });
    expect(await told(bot, 'messageActionBotAllowed')).toHaveLength(1);
    expect(await may()).toBe(true);
    await bot.send(person, 'thank you');
    await person.sees('thank you');
    const [thanks, allowed] = await person.main.loadHistory(bot.id);
    expect([thanks!.text, allowed!.text]).toEqual(['thank you', 'action:messageActionBotAllowed']);

    await person.main.call({ _: 'contacts.block', id: person.main.inputPeer(bot.id) });
    expect(await may()).toBe(false);
    expect(await refused(person, allow)).toBe('YOU_BLOCKED_USER');
    await person.main.call({ _: 'contacts.unblock', id: person.main.inputPeer(bot.id) });
    expect(await may()).toBe(true);
  });

  test('is given to bots only, also by many calls only once, and to no deleted one', async () => {
    const { bot, person } = await meetNewBot(scenario, 'Known_bot');
    await using _ = bot;
    await using other = await startBot(scenario, 'Crowded_bot');
    const bob = await scenario.world.user('Bob');
    await person.meet(bob);
    const allow = (id: number): tl.bots.RawAllowSendMessageRequest => ({ _: 'bots.allowSendMessage', bot: person.main.inputUser(id) });
    // Who has written to a bot has allowed it.
    expect(actionsIn(await person.main.change(allow(bot.id)))).toEqual([]);
    expect(await refused(person, allow(bob.id))).toBe('BOT_INVALID');
    expect(await bot.refusal({ _: 'bots.allowSendMessage', bot: { _: 'inputUserSelf' } })).toBe('BOT_METHOD_INVALID');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Crowded_bot' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => person.main.change(allow(other.id))));
    expect(answers.flatMap(actionsIn)).toHaveLength(1);
    expect(await told(other, 'messageActionBotAllowed')).toHaveLength(1);
    expect(await refused(person, { _: 'bots.invokeWebViewCustomMethod', bot: person.main.inputUser(bot.id), customMethod: 'x', params: { _: 'dataJSON', data: '{}' } })).toBe('METHOD_INVALID');
    await operate(scenario, 'bot', 'delete', '@Crowded_bot');
    const may: tl.bots.RawCanSendMessageRequest = { _: 'bots.canSendMessage', bot: person.main.inputUser(other.id) };
    await expect.poll(() => person.main.call(may).catch((error: unknown) => (error as tl.RpcError).text)).toBe('BOT_INVALID');
    expect(await refused(person, allow(other.id))).toBe('BOT_INVALID');
  });
});
