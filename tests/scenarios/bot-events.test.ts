import { type Actor, BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeBot, startBot, write } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { joinFolder, makeFolder, shareFolder } from './folder-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { enter, exportInvite, refusalOf } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
/** Called with each hint of a box; its hint is lost if this returns true. */
let isLost: (topic: string) => boolean = () => false;
beforeAll(async () => {
  scenario = await startScenario({ hintPolicy: (topic) => (isLost(topic) ? 'drop' : 'deliver') });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const isStop = (update: tl.TypeUpdate): update is tl.RawUpdateBotStopped => update._ === 'updateBotStopped';
const stopsOf = (updates: readonly tl.TypeUpdate[]): [boolean, number][] => updates.filter(isStop).map(({ stopped, qts }) => [stopped, qts]);

function setBlocked(person: Actor, { id }: { id: number }, blocked: boolean): Promise<boolean> {
  return person.main.call({ _: blocked ? 'contacts.block' : 'contacts.unblock', id: person.main.inputPeer(id) });
}

/** What a bot that has reached this qts has missed, in slices. */
async function differ(bot: BotClient, qts: number, qtsLimit?: number): Promise<{ kinds: string[]; updates: tl.TypeUpdate[]; qts: number }> {
  const { pts, date } = await bot.call({ _: 'updates.getState' });
  const all = { kinds: [] as string[], updates: [] as tl.TypeUpdate[], qts };
  for (;;) {
    const difference = await bot.call({ _: 'updates.getDifference', pts, date, qts: all.qts, qtsLimit });
    all.kinds.push(difference._);
    if (difference._ !== 'updates.difference' && difference._ !== 'updates.differenceSlice') return all;
    all.updates.push(...difference.otherUpdates);
    all.qts = (difference._ === 'updates.difference' ? difference.state : difference.intermediateState).qts;
    if (difference._ === 'updates.difference') return all;
  }
}

describe('a bot that is stopped by somebody', () => {
  test('is told with a qts, by pushes and by a difference', async () => {
    const [person, stranger] = [await scenario.world.user('Person'), await scenario.world.user('Stranger')];
    await using bot = await startBot(scenario, 'Stopped_bot');
    await write(person, bot.made, '/start');
    expect(await bot.call({ _: 'updates.getState' })).toMatchObject({ qts: 1 });

    // Somebody who never wrote to the bot is nothing to it.
    await stranger.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
    await setBlocked(stranger, bot, true);
    await setBlocked(person, bot, true);
    expect(await bot.waitFor('stop', isStop)).toMatchObject({ userId: person.id, stopped: true, qts: 2 });
    // The same once more is no news.
    await setBlocked(person, bot, true);
    await setBlocked(person, bot, false);
    expect(await bot.waitFor('start', (update): update is tl.RawUpdateBotStopped => isStop(update) && !update.stopped)).toMatchObject({ qts: 3 });
    expect(stopsOf(bot.updates)).toEqual([[true, 2], [false, 3]]);

    expect(await bot.call({ _: 'updates.getState' })).toMatchObject({ qts: 3 });
    const missed = await differ(bot, 0);
    expect(missed).toMatchObject({ kinds: ['updates.difference'], qts: 3 });
    expect(stopsOf(missed.updates)).toEqual([[true, 2], [false, 3]]);
    expect(stopsOf((await differ(bot, 2)).updates)).toEqual([[false, 3]]);
    expect((await differ(bot, 3)).kinds).toEqual(['updates.differenceEmpty']);
    expect((await differ(bot, -1)).kinds).toEqual(['updates.differenceEmpty']);
    const sliced = await differ(bot, 0, 1);
    expect(sliced).toMatchObject({ kinds: ['updates.differenceSlice', 'updates.difference'], qts: 3 });
    expect(stopsOf(sliced.updates)).toEqual([[true, 2], [false, 3]]);
    // People have no such events.
    expect(await person.main.call({ _: 'updates.getState' })).toMatchObject({ qts: 1 });
  });

  test('gets each event once and in order when hints are lost', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Deaf_bot');
    await write(person, bot.made, '/start');
    await bot.sees('/start');
    const lost = new Promise<void>((resolve) => {
      isLost = (topic) => {
        if (topic !== `user:${bot.id}`) return false;
        isLost = () => false;
        resolve();
        return true;
      };
    });
    await setBlocked(person, bot, true);
    await lost;
    // The next hint shows that one is missing.
    await setBlocked(person, bot, false);
    await bot.waitFor('start', (update): update is tl.RawUpdateBotStopped => isStop(update) && !update.stopped);
    expect(stopsOf(bot.updates)).toEqual([[true, 2], [false, 3]]);
  });

  test('finds what it missed after a restart of the server', async () => {
    const person = await scenario.world.user('Person');
    const bot = await startBot(scenario, 'Away_bot');
    await write(person, bot.made, '/start');
    await bot.sees('/start');
    await bot[Symbol.asyncDispose]();
    await setBlocked(person, bot, true);
    await scenario.server.restart();
    await using later = await BotClient.logIn(scenario.server, bot.made.token);
    const missed = await differ(later, 0);
    // The job that tells the bot may not have run yet: then nothing is missed, and it is pushed later.
    if (!missed.updates.some(isStop)) await later.waitFor('stop', isStop);
    expect(stopsOf([...missed.updates, ...later.updates])).toContainEqual([true, 2]);
  });
});

type Change = tl.RawUpdateChannelParticipant | tl.RawUpdateChatParticipant;

const isChange = (update: tl.TypeUpdate): update is Change => update._ === 'updateChannelParticipant' || update._ === 'updateChatParticipant';

/** Waits for the event with this qts, and describes it: who did it to whom, and what they were and are. */
async function seesChange(bot: BotClient, number: number): Promise<string[]> {
  const { actorId, userId, prevParticipant, newParticipant } = await bot.waitFor(`qts ${number}`, (update): update is Change => isChange(update) && update.qts === number);
  return [String(actorId), String(userId), prevParticipant?._ ?? 'none', newParticipant?._ ?? 'none'];
}

const numbersOf = (bot: BotClient): number[] => bot.updates.filter(isChange).map((update) => update.qts);

describe('a bot in a chat', () => {
  test('is told of its own place in a supergroup, and as an admin of all members', async () => {
    const [owner, member] = await people(scenario, 'Owner', 'Member');
    await owner!.meet(member!);
    await using bot = await startBot(scenario, 'Warden_bot');
    await owner!.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
    const made = (await owner!.main.change({ _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' })) as tl.RawUpdates;
    const channel = owner!.main.inputChannel(-1_000_000_000_000 - (made.chats[0] as tl.RawChannel).id);
    const inputOf = ({ id }: { id: number }): tl.RawInputUser => owner!.main.inputUser(id);
    const [ownerId, memberId, botId] = [owner!, member!, bot].map(({ id }) => String(id));

    await owner!.main.invite({ _: 'channels.inviteToChannel', channel, users: [inputOf(bot)] });
    expect(await seesChange(bot, 2)).toEqual([ownerId, botId, 'none', 'channelParticipantSelf']);
    // A bot that is no admin is told nothing of others.
    await owner!.main.invite({ _: 'channels.inviteToChannel', channel, users: [inputOf(member!)] });
    await owner!.main.change({ _: 'channels.editAdmin', channel, userId: inputOf(bot), adminRights: { _: 'chatAdminRights', banUsers: true }, rank: '' });
    expect(await seesChange(bot, 3)).toEqual([ownerId, botId, 'channelParticipantSelf', 'channelParticipantAdmin']);
    const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await owner!.main.change({ _: 'channels.editBanned', channel, participant: owner!.main.inputPeer(member!.id), bannedRights });
    expect(await seesChange(bot, 4)).toEqual([ownerId, memberId, 'channelParticipant', 'channelParticipantBanned']);
    await owner!.main.change({ _: 'channels.editBanned', channel, participant: owner!.main.inputPeer(bot.id), bannedRights });
    expect(await seesChange(bot, 5)).toEqual([ownerId, botId, 'channelParticipantAdmin', 'channelParticipantBanned']);

    expect(numbersOf(bot)).toEqual([2, 3, 4, 5]);
    const missed = await differ(bot, 0, 3);
    expect(missed).toMatchObject({ kinds: ['updates.differenceSlice', 'updates.difference'], qts: 5 });
    expect(missed.updates.filter(isChange).map(({ qts }) => qts)).toEqual([2, 3, 4, 5]);
  });

  test('is told the same in a basic group', async () => {
    const [owner, first, second] = await people(scenario, 'Owner', 'First', 'Second');
    await using bot = await startBot(scenario, 'Porter_bot');
    await owner!.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
    const { id: chatId } = await createGroup(owner!, [first!, second!]);
    const inputOf = ({ id }: { id: number }): tl.RawInputUser => owner!.main.inputUser(id);
    const [ownerId, secondId, botId] = [owner!, second!, bot].map(({ id }) => String(id));

    await owner!.main.invite({ _: 'messages.addChatUser', chatId, userId: inputOf(bot), fwdLimit: 0 });
    expect(await seesChange(bot, 2)).toEqual([ownerId, botId, 'none', 'chatParticipant']);
    await first!.main.change({ _: 'messages.deleteChatUser', chatId, userId: { _: 'inputUserSelf' } });
    await owner!.main.change({ _: 'messages.editChatAdmin', chatId, userId: inputOf(bot), isAdmin: true });
    expect(await seesChange(bot, 3)).toEqual([ownerId, botId, 'chatParticipant', 'chatParticipantAdmin']);
    await owner!.main.change({ _: 'messages.deleteChatUser', chatId, userId: inputOf(second!) });
    expect(await seesChange(bot, 4)).toEqual([ownerId, secondId, 'chatParticipant', 'none']);
    await owner!.main.change({ _: 'messages.deleteChatUser', chatId, userId: inputOf(bot) });
    expect(await seesChange(bot, 5)).toEqual([ownerId, botId, 'chatParticipantAdmin', 'none']);
    expect(numbersOf(bot)).toEqual([2, 3, 4, 5]);
  });
});

type Request = tl.RawUpdateBotChatInviteRequester;

/** Waits for the request with this qts, as a difference has it: with an access hash of the person. */
async function seesRequest(bot: BotClient, number: number): Promise<{ request: Request; user: tl.RawInputUser }> {
  const pushed = await bot.waitFor(`qts ${number}`, (update): update is Request => update._ === 'updateBotChatInviteRequester' && update.qts === number);
  const { pts, date } = await bot.call({ _: 'updates.getState' });
  const difference = (await bot.call({ _: 'updates.getDifference', pts, date, qts: number - 1 })) as tl.updates.RawDifference;
  const request = difference.otherUpdates.find((update): update is Request => update._ === 'updateBotChatInviteRequester' && update.qts === number)!;
  expect(request).toEqual(pushed);
  const { id, accessHash } = difference.users.find((user) => user.id === request.userId) as tl.RawUser;
  return { request, user: { _: 'inputUser', userId: id, accessHash: accessHash! } };
}

/** A group with two bots: one is an admin who may add people, the other is an ordinary member. */
interface GroupOfBots {
  /** Marked. */
  id: number;
  owner: Actor;
  /** As bots name it. */
  peer: tl.TypeInputPeer;
  doorman: BotClient & { made: MadeBot };
  guest: BotClient & { made: MadeBot };
}

let groups = 0;

async function startGroupOfBots(kind: 'supergroup' | 'basic group'): Promise<GroupOfBots> {
  const name = `Group${++groups}`;
  const owner = await scenario.world.user('Owner');
  const bots = [await startBot(scenario, `${name}_doorman_bot`), await startBot(scenario, `${name}_guest_bot`)] as const;
  for (const bot of bots) await owner.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
  const [doorman, guest] = bots;
  const users = bots.map((bot) => owner.main.inputUser(bot.id));
  if (kind === 'supergroup') {
    const id = await createChannel(owner);
    const channel = owner.main.inputChannel(id);
    await owner.main.invite({ _: 'channels.inviteToChannel', channel, users });
    await owner.main.change({ _: 'channels.editAdmin', channel, userId: users[0]!, adminRights: { _: 'chatAdminRights', inviteUsers: true }, rank: '' });
    return { id, owner, peer: { _: 'inputPeerChannel', channelId: channel.channelId, accessHash: Long.ZERO }, doorman, guest };
  }
  const { id } = await createGroup(owner, []);
  for (const userId of users) await owner.main.invite({ _: 'messages.addChatUser', chatId: id, userId, fwdLimit: 0 });
  await owner.main.change({ _: 'messages.editChatAdmin', chatId: id, userId: users[0]!, isAdmin: true });
  return { id: -id, owner, peer: { _: 'inputPeerChat', chatId: id }, doorman, guest };
}

describe.each(['supergroup', 'basic group'] as const)('a bot that lets people into a %s', (kind) => {
  test('is told of requests, may write to who asks, and decides', async () => {
    const { id, owner, peer, doorman, guest } = await startGroupOfBots(kind);
    await using _bots = { [Symbol.asyncDispose]: async () => void (await Promise.all([doorman, guest].map((bot) => bot[Symbol.asyncDispose]()))) };
    const [person, shy] = await people(scenario, 'Person', 'Shy');
    await person!.main.change({ _: 'account.updateProfile', about: 'I climb' });
    await shy!.main.change({ _: 'account.updateProfile', about: 'I hide' });
    await shy!.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    const byOwner = await exportInvite(owner, id, { requestNeeded: true, title: 'Wall' });
    const own = (await doorman.call({ _: 'messages.exportChatInvite', peer, requestNeeded: true })) as tl.RawChatInviteExported;
    const ask = async (asker: Actor, link: string): Promise<void> => expect(await refusalOf(enter(asker, link))).toBe('INVITE_REQUEST_SENT');
    const tell = async (user: tl.RawInputUser): Promise<string> => {
      const call = doorman.call({ _: 'messages.sendMessage', peer: { ...user, _: 'inputPeerUser' }, message: 'Why?', randomId: randomLong() });
      return call.then((answer) => answer._, (error: Error) => error.message);
    };
    const decide = (userId: tl.RawInputUser, approved: boolean) => doorman.call({ _: 'messages.hideChatJoinRequest', peer, userId, approved });

    // The bot has two events of its own place before.
    await ask(person!, byOwner.link);
    const first = await seesRequest(doorman, 4);
    expect(first.request).toMatchObject({ userId: person!.id, about: 'I climb', invite: { title: 'Wall', adminId: owner.id, requested: 1 } });
    expect(first.request.peer._).toBe(kind === 'supergroup' ? 'peerChannel' : 'peerChat');
    // The bot may not give the link of somebody else to others.
    expect((first.request.invite as tl.RawChatInviteExported).link).toMatch(/^https:\/\/t\.me\/\+.{4}\.\.\.$/);
    // The same request once more is no news.
    await ask(person!, byOwner.link);
    expect(await tell(first.user)).toMatch(/^updates|updateShort/);
    await person!.sees('Why?');
    await decide(first.user, false);
    expect(await tell(first.user)).toContain('PEER_ID_INVALID');

    await ask(person!, own.link);
    const second = await seesRequest(doorman, 5);
    expect((second.request.invite as tl.RawChatInviteExported).link).toBe(own.link);
    await decide(second.user, true);
    const [botId, personId] = [String(doorman.id), String(person!.id)];
    expect((await seesChange(doorman, 6)).slice(0, 3)).toEqual([botId, personId, 'none']);
    expect(doorman.updates.find((update): update is Change => isChange(update) && update.qts === 6)).toMatchObject({ invite: { link: own.link } });
    expect(await tell(second.user)).toContain('PEER_ID_INVALID');

    await ask(shy!, byOwner.link);
    expect((await seesRequest(doorman, 7)).request).toMatchObject({ userId: shy!.id, about: '' });

    // A bot that may not let people in is told nothing of all this.
    expect((await differ(guest, 0)).updates.filter((update) => 'qts' in update).map((update) => update._)).toEqual([kind === 'supergroup' ? 'updateChannelParticipant' : 'updateChatParticipant']);
    await write(shy!, guest.made, '/start');
    await guest.sees('/start');
    const shyInput: tl.RawInputUser = { _: 'inputUser', userId: shy!.id, accessHash: Long.ZERO };
    expect(await guest.refusal({ _: 'messages.hideChatJoinRequest', peer, userId: shyInput, approved: true })).toBe('CHAT_ADMIN_REQUIRED');
    expect([...doorman.updates, ...guest.updates].filter((update) => update._ === 'updatePendingJoinRequests')).toEqual([]);
  });

  test('is told by which link or folder somebody has come', async () => {
    const { id, owner, peer, doorman, guest } = await startGroupOfBots(kind);
    await using _bots = { [Symbol.asyncDispose]: async () => void (await Promise.all([doorman, guest].map((bot) => bot[Symbol.asyncDispose]()))) };
    const [first, second, third, fourth] = (await people(scenario, 'First', 'Second', 'Third', 'Fourth')) as [Actor, Actor, Actor, Actor];
    const changeOf = async (qts: number, actor: Actor): Promise<Change> => {
      expect((await seesChange(doorman, qts)).slice(0, 2)).toEqual([String(actor.id), String(actor.id)]);
      return doorman.updates.filter(isChange).find((update) => update.qts === qts)!;
    };
    const own = (await doorman.call({ _: 'messages.exportChatInvite', peer })) as tl.RawChatInviteExported;
    await enter(first, own.link);
    expect(await changeOf(4, first)).toMatchObject({ invite: { link: own.link, adminId: doorman.id } });
    await enter(second, (await exportInvite(owner, id)).link);
    const { invite } = await changeOf(5, second);
    expect((invite as tl.RawChatInviteExported).link).toMatch(/\.\.\.$/);
    if (kind === 'basic group') return;

    await makeFolder(owner, 2, [id]);
    const slug = await shareFolder(owner, 2, [id]);
    await joinFolder(third, slug);
    const byFolder = (await changeOf(6, third)) as tl.RawUpdateChannelParticipant;
    expect([byFolder.viaChatlist, byFolder.invite]).toEqual([true, undefined]);
    await owner.main.change({ _: 'channels.toggleJoinRequest', channel: owner.main.inputChannel(id), enabled: true });
    expect(await refusalOf(joinFolder(fourth, slug))).toBe('INVITE_REQUEST_SENT');
    const { request, user } = await seesRequest(doorman, 7);
    expect(request).toMatchObject({ userId: fourth.id, invite: { _: 'chatInvitePublicJoinRequests' } });
    await doorman.call({ _: 'messages.hideChatJoinRequest', peer, userId: user, approved: true });
    await seesChange(doorman, 8);
    expect(doorman.updates.filter(isChange).at(-1)).toMatchObject({ actorId: doorman.id, userId: fourth.id, invite: { _: 'chatInvitePublicJoinRequests' } });
  });
});
