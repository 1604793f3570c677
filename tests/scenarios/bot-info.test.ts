import { type Actor, BotClient, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { uploadFile } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBot } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { upload } from './file-stage.ts';
import { inputPhotoOf, makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type StartedBot = Awaited<ReturnType<typeof startBot>>;

const command = (name: string, description = `does ${name}`): tl.RawBotCommand => ({ _: 'botCommand', command: name, description });
const names = (list: readonly tl.TypeBotCommand[] | undefined): string[] => (list ?? []).map((one) => one.command);

const setCommands = (scope: tl.TypeBotCommandScope, commands: tl.TypeBotCommand[], langCode = ''): tl.bots.RawSetBotCommandsRequest => ({ _: 'bots.setBotCommands', scope, langCode, commands });

/** Somebody finds a bot by its username. */
async function find(person: Actor, bot: StartedBot): Promise<tl.RawUser> {
  const { users } = await person.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
  return users[0] as tl.RawUser;
}

/** The page of a bot as a person sees it. */
async function page(person: Actor, bot: StartedBot): Promise<tl.RawUserFull> {
  return (await person.main.call({ _: 'users.getFullUser', id: person.main.inputUser(bot.id) })).fullUser;
}

/** Starts a bot as clients do. */
const start = (person: Actor, bot: StartedBot, { peer = person.main.inputPeer(bot.id), param = '', randomId = randomLong() }: { peer?: tl.TypeInputPeer; param?: string; randomId?: tl.Long } = {}): tl.messages.RawStartBotRequest => ({
  _: 'messages.startBot', bot: person.main.inputUser(bot.id), peer, randomId, startParam: param,
});

describe('the page of a bot', () => {
  test('shows its texts and commands, also before it is started, and a version that grows with each change', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Page_bot');
    const { botInfoVersion: first } = await find(person, bot);
    expect((await page(person, bot)).botInfo).toMatchObject({ userId: bot.id, menuButton: { _: 'botMenuButtonDefault' } });

    await bot.call({ _: 'bots.setBotInfo', langCode: '', name: 'Page', about: 'Shows a page', description: 'What can this bot do?\nNothing.' });
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('help'), command('stop')]));
    const shown = await page(person, bot);
    expect(shown).toMatchObject({ about: 'Shows a page', botInfo: { description: 'What can this bot do?\nNothing.', commands: [{ command: 'help', description: 'does help' }, { command: 'stop' }] } });
    const after = await find(person, bot);
    expect(after).toMatchObject({ firstName: 'Page', botInfoVersion: first! + 2 });

    // The same once more changes nothing.
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('help'), command('stop')]));
    expect((await find(person, bot)).botInfoVersion).toBe(after.botInfoVersion);
    expect(await bot.call({ _: 'bots.getBotInfo', langCode: '' })).toEqual({ _: 'bots.botInfo', name: 'Page', about: 'Shows a page', description: 'What can this bot do?\nNothing.' });
  });

  test('shows the texts and commands of the language of the viewer', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Tongue_bot');
    await find(person, bot);
    await bot.call({ _: 'bots.setBotInfo', langCode: '', about: 'plain', description: 'plain' });
    await bot.call({ _: 'bots.setBotInfo', langCode: 'en', about: 'English', description: 'English' });
    await bot.call({ _: 'bots.setBotInfo', langCode: 'de', about: 'Deutsch' });
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('plain')]));
    await bot.call(setCommands({ _: 'botCommandScopeUsers' }, [command('private')]));
    await bot.call(setCommands({ _: 'botCommandScopeUsers' }, [command('english')], 'en'));
    expect(await page(person, bot)).toMatchObject({ about: 'English', botInfo: { description: 'English', commands: [{ command: 'english' }] } });
    expect(await bot.call({ _: 'bots.getBotInfo', langCode: 'de' })).toMatchObject({ about: 'Deutsch', description: 'plain', name: 'Tongue_bot' });

    await bot.call({ _: 'bots.resetBotCommands', scope: { _: 'botCommandScopeUsers' }, langCode: 'en' });
    expect(names((await page(person, bot)).botInfo!.commands)).toEqual(['private']);
    await bot.call(setCommands({ _: 'botCommandScopeUsers' }, []));
    expect(names((await page(person, bot)).botInfo!.commands)).toEqual(['plain']);
    expect(names(await bot.call({ _: 'bots.getBotCommands', scope: { _: 'botCommandScopeUsers' }, langCode: '' }))).toEqual([]);
  });

  test('shows one person commands and a menu button of its own, and tells the device', async () => {
    const [person, other] = [await scenario.world.user('Person'), await scenario.world.user('Other')];
    await using bot = await startBot(scenario, 'Own_bot');
    for (const one of [person, other]) await find(one, bot);
    await person.main.change(start(person, bot));
    await bot.sees('/start');
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('all')]));
    const told = person.main.seesUpdate('updateBotCommands');
    await bot.call(setCommands({ _: 'botCommandScopePeer', peer: bot.peerOf(person) }, [command('only')]));
    expect(await told).toMatchObject({ botId: bot.id, commands: [{ command: 'only' }] });
    expect(names((await page(person, bot)).botInfo!.commands)).toEqual(['only']);
    expect(names((await page(other, bot)).botInfo!.commands)).toEqual(['all']);

    const setButton = (userId: tl.TypeInputUser, button: tl.TypeBotMenuButton): tl.bots.RawSetBotMenuButtonRequest => ({ _: 'bots.setBotMenuButton', userId, button });
    const input: tl.RawInputUser = { _: 'inputUser', userId: person.id, accessHash: Long.ZERO };
    const toldButton = person.main.seesUpdate('updateBotMenuButton');
    await bot.call(setButton(input, { _: 'botMenuButtonCommands' }));
    expect(await toldButton).toMatchObject({ botId: bot.id, button: { _: 'botMenuButtonCommands' } });
    expect((await page(person, bot)).botInfo!.menuButton).toEqual({ _: 'botMenuButtonCommands' });
    expect((await page(other, bot)).botInfo!.menuButton).toEqual({ _: 'botMenuButtonDefault' });
    expect(await bot.call({ _: 'bots.getBotMenuButton', userId: input })).toEqual({ _: 'botMenuButtonCommands' });
    expect(await bot.call({ _: 'bots.getBotMenuButton', userId: { _: 'inputUserEmpty' } })).toEqual({ _: 'botMenuButtonDefault' });
    await bot.call(setButton({ _: 'inputUserEmpty' }, { _: 'botMenuButtonCommands' }));
    expect((await page(other, bot)).botInfo!.menuButton).toEqual({ _: 'botMenuButtonCommands' });
    expect(await bot.refusal(setButton({ _: 'inputUserEmpty' }, { _: 'botMenuButton', text: 'open', url: 'https://example.org/' }))).toBe('BUTTON_INVALID');
  });

  test('shows the admin rights that it asks for', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Asking_bot');
    await find(person, bot);
    const request: tl.RpcMethod = { _: 'bots.setBotGroupDefaultAdminRights', adminRights: { _: 'chatAdminRights', deleteMessages: true, banUsers: true } };
    await bot.call(request);
    await bot.call({ _: 'bots.setBotBroadcastDefaultAdminRights', adminRights: { _: 'chatAdminRights', postMessages: true } });
    expect(await page(person, bot)).toMatchObject({ botGroupAdminRights: { deleteMessages: true, banUsers: true }, botBroadcastAdminRights: { postMessages: true } });
    expect(await bot.refusal(request)).toBe('RIGHTS_NOT_MODIFIED');
  });

  test('refuses what it cannot show', async () => {
    await using bot = await startBot(scenario, 'Strict_bot');
    const refused = (commands: tl.TypeBotCommand[], langCode = ''): Promise<string> => bot.refusal(setCommands({ _: 'botCommandScopeDefault' }, commands, langCode));
    expect(await refused([command('Upper')])).toBe('BOT_COMMAND_INVALID');
    expect(await refused([command('')])).toBe('BOT_COMMAND_INVALID');
    expect(await refused(Array.from({ length: 101 }, (_, at) => command(`c${at}`)))).toBe('BOT_COMMAND_INVALID');
    expect(await refused([command('help', '')])).toBe('BOT_COMMAND_DESCRIPTION_INVALID');
    expect(await refused([command('help', 'x'.repeat(257))])).toBe('BOT_COMMAND_DESCRIPTION_INVALID');
    expect(await refused([command('help')], 'english')).toBe('LANG_CODE_INVALID');
    expect(await bot.refusal({ _: 'bots.setBotInfo', langCode: '', about: 'x'.repeat(121) })).toBe('ABOUT_TOO_LONG');

    // With as many lists as a bot may have, those that exist can still be changed.
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('first')]));
    await sql`INSERT INTO bot_commands (bot_id, peer_id, user_id, scope, lang_code, commands) SELECT ${BigInt(bot.id)}, -n, 0, 9, '', ''::bytea FROM generate_series(1, 9999) AS n`.execute(scenario.server.db.q);
    await bot.call(setCommands({ _: 'botCommandScopeDefault' }, [command('second')]));
    expect(await refused([command('third')], 'en')).toBe('BOT_COMMAND_INVALID');
    expect(names(await bot.call({ _: 'bots.getBotCommands', scope: { _: 'botCommandScopeDefault' }, langCode: '' }))).toEqual(['second']);
    expect(await bot.refusal({ _: 'bots.setBotInfo', langCode: '', name: '' })).toBe('FIRSTNAME_INVALID');
  });
});

describe('starting a bot', () => {
  test('sends /start with the parameter exactly once', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Start_bot');
    await find(person, bot);
    const request = start(person, bot, { param: 'from-a_Link1' });
    const answer = (await person.main.change(request)) as tl.RawUpdates;
    const again = (await person.main.change(request)) as tl.RawUpdates;
    const idOf = ({ updates }: tl.RawUpdates): number => updates.find((update) => update._ === 'updateMessageID')!.id;
    expect(idOf(again)).toBe(idOf(answer));
    await bot.sees('/start from-a_Link1');
    await bot.send(person, 'welcome');
    await person.sees('welcome');
    expect(bot.updates.filter((update) => update._ === 'updateNewMessage' && update.message._ === 'message' && update.message.message.startsWith('/start'))).toHaveLength(1);

    expect(await person.main.fails(start(person, bot, { param: 'no spaces' }))).toMatchObject({ text: 'START_PARAM_INVALID' });
    expect(await person.main.fails(start(person, bot, { param: 'x'.repeat(65) }))).toMatchObject({ text: 'START_PARAM_TOO_LONG' });
    const other = await scenario.world.user('Other');
    await person.meet(other);
    expect(await person.main.fails({ ...start(person, bot), bot: person.main.inputUser(other.id) })).toMatchObject({ text: 'BOT_INVALID' });
    expect(await person.main.fails(start(person, bot, { peer: person.main.inputPeer(other.id) }))).toMatchObject({ text: 'PEER_ID_INVALID' });
  });
});

describe('bots in groups', () => {
  test('are added by a start, once, and show the commands for each member', async () => {
    const [owner, member] = [await scenario.world.user('Owner'), await scenario.world.user('Member')];
    await owner.meet(member);
    await using bot = await startBot(scenario, 'Group_bot');
    await find(owner, bot);
    await bot.call(setCommands({ _: 'botCommandScopeChats' }, [command('group')]));
    await bot.call(setCommands({ _: 'botCommandScopeChatAdmins' }, [command('admin')]));

    const { updates: made } = (await owner.main.invite({ _: 'messages.createChat', users: [owner.main.inputUser(member.id)], title: 'Friends' })).updates as tl.RawUpdates;
    const chatId = (made.find((update) => update._ === 'updateChatParticipants')!.participants as tl.RawChatParticipants).chatId;
    const request = start(owner, bot, { peer: { _: 'inputPeerChat', chatId }, param: 'x' });
    await owner.main.change(request);
    await owner.main.change(request);
    await bot.sees('/start@Group_bot x');
    await member.sees('/start@Group_bot x');
    const infoOf = async (actor: Actor): Promise<tl.TypeBotInfo[] | undefined> => {
      const { fullChat } = await actor.main.call({ _: 'messages.getFullChat', chatId });
      return fullChat.botInfo;
    };
    expect(await infoOf(owner)).toMatchObject([{ userId: bot.id, commands: [{ command: 'admin' }] }]);
    expect(await infoOf(member)).toMatchObject([{ userId: bot.id, commands: [{ command: 'group' }] }]);
    const ofMember: tl.RawBotCommandScopePeerUser = { _: 'botCommandScopePeerUser', peer: { _: 'inputPeerChat', chatId }, userId: { _: 'inputUser', userId: member.id, accessHash: Long.ZERO } };
    const toldOf = (name: string) => member.main.seesUpdate('updateBotCommands', (update) => update.peer._ === 'peerChat' && update.peer.chatId === chatId && update.commands[0]!.command === name);
    const told = toldOf('mine');
    await bot.call(setCommands(ofMember, [command('mine')]));
    expect(await told).toMatchObject({ botId: bot.id });
    expect(await infoOf(member)).toMatchObject([{ commands: [{ command: 'mine' }] }]);
    // Without a list of their own, the one of the group counts again.
    const toldAgain = toldOf('group');
    await bot.call(setCommands(ofMember, []));
    await toldAgain;
    expect(await bot.refusal(setCommands({ _: 'botCommandScopePeerAdmins', peer: bot.peerOf(member) }, [command('x')]))).toBe('PEER_ID_INVALID');
    expect(bot.updates.filter((update) => update._ === 'updateNewMessage' && update.message._ === 'message')).toHaveLength(1);

    const group = await createChannel(owner, 'megagroup', 'Many');
    const fullOf = async (): Promise<tl.TypeBotInfo[] | undefined> => (await owner.main.call({ _: 'channels.getFullChannel', channel: owner.main.inputChannel(group) })).fullChat.botInfo;
    expect(await fullOf()).toEqual([]);
    const inGroup = start(owner, bot, { peer: owner.main.inputPeer(group) });
    await owner.main.change(inGroup);
    await owner.main.change(inGroup);
    await bot.sees('/start@Group_bot');
    expect(await fullOf()).toMatchObject([{ userId: bot.id, commands: [{ command: 'admin' }] }]);

    // A repeat brings back no bot that was removed meanwhile; a new start does.
    const inputChannel = owner.main.inputChannel(group);
    await owner.main.change({ _: 'messages.deleteChatUser', chatId, userId: owner.main.inputUser(bot.id) });
    await owner.main.change({ _: 'channels.editBanned', channel: inputChannel, participant: owner.main.inputPeer(bot.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
    await owner.main.change(request);
    await owner.main.change(inGroup);
    expect(await infoOf(owner)).toBeUndefined();
    expect(await fullOf()).toEqual([]);
    await owner.main.change({ ...request, randomId: randomLong() });
    expect(await infoOf(owner)).toHaveLength(1);

    const channel = await createChannel(owner, 'broadcast', 'News');
    expect(await owner.main.fails(start(owner, bot, { peer: owner.main.inputPeer(channel) }))).toMatchObject({ text: 'PEER_ID_INVALID' });
  });
});

describe('the owner of a bot', () => {
  test('makes bots and changes what people see of them', async () => {
    const [owner, other] = [await scenario.world.user('Owner'), await scenario.world.user('Other')];
    const check = (username: string): tl.RpcMethod => ({ _: 'bots.checkUsername', username });
    const create = (name: string, username: string): tl.bots.RawCreateBotRequest => ({ _: 'bots.createBot', name, username, managerId: { _: 'inputUserEmpty' } });
    expect(await owner.main.call(check('owned_bot'))).toBe(true);
    expect(await owner.main.fails(check('owned_robotics'))).toMatchObject({ text: 'USERNAME_SUFFIX_MISSING' });
    expect(await owner.main.fails(create('', 'owned_bot'))).toMatchObject({ text: 'NAME_INVALID' });
    const made = (await owner.main.call(create('Owned', 'owned_bot'))) as tl.RawUser;
    expect(made).toMatchObject({ bot: true, botCanEdit: true, firstName: 'Owned', username: 'owned_bot' });
    expect(await owner.main.fails(check('owned_bot'))).toMatchObject({ text: 'USERNAME_OCCUPIED' });
    expect((await owner.main.call({ _: 'bots.getAdminedBots' })).map((bot) => bot.id)).toEqual([made.id]);
    expect(await other.main.call({ _: 'bots.getAdminedBots' })).toEqual([]);

    const input: tl.RawInputUser = { _: 'inputUser', userId: made.id, accessHash: made.accessHash! };
    const { token } = await owner.main.call({ _: 'bots.exportBotToken', bot: input, revoke: false });
    await using bot = await BotClient.logIn(scenario.server, token);
    expect(bot.id).toBe(made.id);
    expect(await owner.main.call({ _: 'bots.canSendMessage', bot: input })).toBe(false);
    await owner.main.call({ _: 'bots.setBotInfo', bot: input, langCode: '', name: 'Mine', about: 'All mine' });
    expect(await owner.main.call({ _: 'bots.getBotInfo', bot: input, langCode: '' })).toMatchObject({ name: 'Mine', about: 'All mine' });
    expect(await owner.main.fails({ _: 'bots.setBotInfo', langCode: '', name: 'Me' })).toMatchObject({ text: 'USER_BOT_INVALID' });
    expect(await bot.refusal({ _: 'bots.getBotInfo', bot: { _: 'inputUserSelf' }, langCode: '' })).toBe('USER_BOT_INVALID');

    await other.main.call({ _: 'contacts.resolveUsername', username: 'owned_bot' });
    expect(await other.main.fails({ _: 'bots.setBotInfo', bot: other.main.inputUser(made.id), langCode: '', name: 'Stolen' })).toMatchObject({ text: 'BOT_INVALID' });
    expect(await other.main.fails({ ...create('Managed', 'managed_bot'), managerId: other.main.inputUser(made.id) })).toMatchObject({ text: 'MANAGER_PERMISSION_MISSING' });
  });

  test('set the photos of their bots, which everybody sees', async () => {
    const [owner, other] = [await scenario.world.user('Owner'), await scenario.world.user('Other')];
    await using bot = await startBot(scenario, 'Framed_bot', owner);
    for (const person of [owner, other]) await find(person, bot);
    const picture = async (device: Device): Promise<tl.TypeInputFile> => upload(device, { bytes: await makePicture(600, 600), name: 'bot.jpg' });
    const photoOf = async (): Promise<Long | undefined> => {
      const { photo } = await find(other, bot);
      return photo?._ === 'userProfilePhoto' ? photo.photoId : undefined;
    };
    const input = owner.main.inputUser(bot.id);
    const first = await owner.main.call({ _: 'photos.uploadProfilePhoto', bot: input, file: await picture(owner.main) });
    expect(first.users).toMatchObject([{ id: bot.id, photo: { photoId: first.photo.id } }]);
    await other.main.seesUpdate('updateUser', ({ userId }) => userId === bot.id);
    const second = await owner.main.call({ _: 'photos.uploadProfilePhoto', bot: input, file: await picture(owner.main) });
    expect(await photoOf()).toEqual(second.photo.id);
    const chosen = inputPhotoOf(first.photo as tl.RawPhoto);
    await owner.main.call({ _: 'photos.updateProfilePhoto', bot: input, id: chosen });
    expect(await photoOf()).toEqual(first.photo.id);
    expect((await page(other, bot)).profilePhoto).toMatchObject({ id: first.photo.id });
    await owner.main.call({ _: 'photos.updateProfilePhoto', bot: input, id: { _: 'inputPhotoEmpty' } });
    expect(await photoOf()).toEqual(second.photo.id);
    expect((await owner.main.call({ _: 'photos.getUserPhotos', userId: { _: 'inputUserSelf' }, offset: 0, maxId: Long.ZERO, limit: 10 })).photos).toEqual([]);

    const stolen: tl.RpcMethod = { _: 'photos.uploadProfilePhoto', bot: other.main.inputUser(bot.id), file: await picture(other.main) };
    expect(await other.main.fails(stolen)).toMatchObject({ text: 'BOT_INVALID' });
    expect(await other.main.fails({ _: 'photos.updateProfilePhoto', bot: other.main.inputUser(bot.id), id: { _: 'inputPhotoEmpty' } })).toMatchObject({ text: 'BOT_INVALID' });
    expect(await owner.main.fails({ _: 'photos.uploadProfilePhoto', bot: { _: 'inputUserSelf' }, file: await picture(owner.main) })).toMatchObject({ text: 'BOT_INVALID' });
    expect(await owner.main.fails({ _: 'photos.updateProfilePhoto', bot: input, fallback: true, id: chosen })).toMatchObject({ text: 'BOT_FALLBACK_UNSUPPORTED' });
    expect(await photoOf()).toEqual(second.photo.id);
  });

  test('set their own photos as bots do', async () => {
    const [owner, other] = [await scenario.world.user('Owner'), await scenario.world.user('Other')];
    await using bot = await startBot(scenario, 'Selfie_bot', owner);
    await find(other, bot);
    const { inputFile: file } = await uploadFile(bot.client, { file: await makePicture(600, 600), fileName: 'me.jpg' });
    const { photo } = await bot.call({ _: 'photos.uploadProfilePhoto', file });
    expect((await page(other, bot)).profilePhoto).toMatchObject({ id: photo.id });
    expect(await bot.refusal({ _: 'photos.updateProfilePhoto', fallback: true, id: { _: 'inputPhotoEmpty' } })).toBe('BOT_FALLBACK_UNSUPPORTED');
    await bot.call({ _: 'photos.updateProfilePhoto', bot: { _: 'inputUserSelf' }, id: { _: 'inputPhotoEmpty' } });
    expect((await page(other, bot)).profilePhoto).toBeUndefined();
  });
});
