import type { BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, meetBot, press, seesPress, startBot } from '../scenarios/bot-stage.ts';
import { createChannel } from '../scenarios/channel-stage.ts';
import { offer } from './offer.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** The bot answers a press of the button that has this text. */
async function answer(bot: BotClient, pressed: string, message: string, alert?: boolean): Promise<void> {
  const { queryId } = await seesPress(bot, pressed);
  await bot.call({ _: 'messages.setBotCallbackAnswer', queryId, message, alert, cacheTime: 0 });
}

/** Sets what a bot can be told: in private chats with everybody, or only by one person. */
const setCommands = (bot: BotClient, commands: Record<string, string>, scope: tl.TypeBotCommandScope = { _: 'botCommandScopeDefault' }): Promise<boolean> =>
  bot.call({ _: 'bots.setBotCommands', scope, langCode: '', commands: Object.entries(commands).map(([command, description]) => ({ _: 'botCommand', command, description })) });

describe.skipIf(!hasChromium)('bots in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('buttons below a message tell the bot, which answers in passing or in a dialog, and changes them', async () => {
    const ann = await stage.person('Ann');
    await using bot = await startBot(stage, 'Button_bot');
    await meetBot(ann.actor, bot);
    await ann.open(bot.id);
    const id = await offer(bot, ann, 'Tea or coffee?', inline(press('Tea'), press('Coffee')));
    const { page } = ann;
    const button = (name: string): ReturnType<typeof page.getByRole> => ann.message('Tea or coffee?').getByRole('group', { name: 'Buttons' }).getByRole('button', { name, exact: true });

    await button('Tea').click();
    await page.locator('[aria-busy="true"]', { hasText: 'Tea' }).waitFor();
    await answer(bot, 'Tea', 'Tea it is');
    await page.getByRole('status').filter({ hasText: 'Tea it is' }).waitFor();
    await page.locator('[aria-busy="false"]', { hasText: 'Tea' }).waitFor();

    await button('Coffee').click();
    await answer(bot, 'Coffee', 'We have none', true);
    await ann.dialog('Button_bot says').getByText('We have none').waitFor();
    await ann.dialog('Button_bot says').getByRole('button', { name: 'OK' }).click();
    expect(await page.locator(':focus').textContent()).toBe('Coffee');

    const url = { _: 'keyboardButtonUrl', text: 'Read more', url: 'https://example.org/tea' } as const;
    await bot.call({ _: 'messages.editMessage', peer: bot.peerOf(ann.actor), id, replyMarkup: inline(press('Milk?'), url, { _: 'keyboardButtonCopy', text: 'Code', copyText: 'TEA-5' }) });
    await button('Milk?').waitFor();
    expect(await button('Tea').count()).toBe(0);
    await button('Read more').click();
    await ann.dialog('Open link').getByText('https://example.org/tea').waitFor();
    await page.keyboard.press('Escape');
    await button('Code').click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    await ann.sameAfterReload();
  });

  test('a text that a bot is writing grows until its message takes its place', async () => {
    const ann = await stage.person('Ann');
    await using bot = await startBot(stage, 'Writing_bot');
    await meetBot(ann.actor, bot);
    await ann.open(bot.id);
    const log = ann.page.getByRole('log', { name: 'Messages' });
    const peer = bot.peerOf(ann.actor);
    const write = (text: string): Promise<boolean> =>
      bot.call({ _: 'messages.setTyping', peer, action: { _: 'sendMessageTextDraftAction', randomId: Long.ONE, text: { _: 'textWithEntities', text, entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] } } });

    await write('Once upon');
    await log.getByText('upon', { exact: false }).waitFor();
    await write('Once upon a time');
    await log.locator('.message-text', { hasText: /^Once upon a time$/ }).waitFor();
    expect(await log.locator('strong').textContent()).toBe('Once');
    expect(await log.getByRole('article').count()).toBe(1);
    await bot.call({ _: 'messages.sendMessage', peer, message: 'Once upon a time …', randomId: randomLong() });
    await ann.message('Once upon a time …').waitFor();
    expect(await log.locator('.message-text', { hasText: 'Once' }).count()).toBe(1);
    await ann.sameAfterReload();
  });

  test('a bot is started, offers keys and asks for an answer (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    await using bot = await startBot(stage, 'Waiter_bot');
    const { page } = ann;
    await ann.go('link/Waiter_bot');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await bot.sees('/start');

    const key = (text: string): tl.RawKeyboardButton => ({ _: 'keyboardButton', text });
    const keys = (values: Partial<tl.RawReplyKeyboardMarkup>, ...texts: string[]): tl.RawReplyKeyboardMarkup => ({ _: 'replyKeyboardMarkup', rows: texts.map((text) => ({ _: 'keyboardButtonRow', buttons: [key(text)] })), ...values });
    const group = page.getByRole('group', { name: 'Keyboard of the bot' });
    const toggle = page.getByRole('button', { name: 'Keyboard of the bot' });
    await offer(bot, ann, 'What do you want?', keys({ singleUse: true, placeholder: 'Choose a drink' }, 'Tea', 'Coffee'));
    await group.getByRole('button', { name: 'Tea' }).waitFor();
    expect(await ann.composer.getAttribute('aria-placeholder')).toBe('Choose a drink');
    await group.getByRole('button', { name: 'Coffee' }).click();
    await bot.sees('Coffee');
    await group.waitFor({ state: 'detached' });
    await toggle.click();
    await group.getByRole('button', { name: 'Tea' }).waitFor();
    await page.reload();
    await toggle.and(page.locator('[aria-expanded="false"]')).waitFor();

    // Keys that are to stay cannot be hidden, until the bot takes them away.
    await offer(bot, ann, 'Anything else?', keys({ persistent: true, resize: true }, 'No'));
    await group.getByRole('button', { name: 'No' }).waitFor();
    expect(await toggle.count()).toBe(0);
    await offer(bot, ann, 'Enough of this', { _: 'replyKeyboardHide' });
    await group.waitFor({ state: 'detached' });

    await offer(bot, ann, 'What is your name?', { _: 'replyKeyboardForceReply', placeholder: 'Your name' });
    await page.getByRole('button', { name: 'Cancel reply' }).waitFor();
    expect(await ann.composer.getAttribute('aria-placeholder')).toBe('Your name');
    await ann.send('Ann');
    expect(await bot.sees('Ann')).toMatchObject({ replyTo: { replyToMsgId: expect.any(Number) } });
    await page.getByRole('button', { name: 'Cancel reply' }).waitFor({ state: 'detached' });

    await offer(bot, ann, 'And your number?', { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonRequestPhone', text: 'My number' }] }] });
    await group.getByRole('button', { name: 'My number' }).click();
    await ann.dialog('Share my phone number').getByRole('button', { name: 'Share my phone number' }).click();
    await ann.message(ann.actor.phone).waitFor();
    await ann.goToList();
    await ann.chat('Waiter_bot, bot').waitFor();
    await ann.open(bot.id);
    await ann.sameAfterReload();
  });

  test('a link starts a bot with what it says, also one that was started before', async () => {
    const ann = await stage.person('Ann');
    await using bot = await startBot(stage, 'Linked_bot');
    const start = ann.page.getByRole('button', { name: 'Start', exact: true });
    await ann.go('link/Linked_bot?start=from-a_page');
    await start.click();
    await bot.sees('/start from-a_page');
    await ann.message('/start from-a_page').waitFor();
    await ann.composer.waitFor();
    await ann.go('link/Linked_bot?start=2');
    await start.click();
    await bot.sees('/start 2');
    await ann.composer.waitFor();
    await ann.sameAfterReload();
  });

  test('a switch to inline mode writes to the bot here or in a chat that is chosen, and keys for one member of a group are for nobody else', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello');
    await using bot = await startBot(stage, 'Inline_bot');
    await meetBot(ann.actor, bot);
    await ann.open(bot.id);
    await offer(bot, ann, 'Search', inline({ _: 'keyboardButtonSwitchInline', text: 'Here', query: 'cats', samePeer: true }, { _: 'keyboardButtonSwitchInline', text: 'There', query: 'dogs' }));
    await ann.message('Search').getByRole('button', { name: 'There' }).click();
    await ann.dialog('Choose a chat').getByRole('button', { name: /^Bob/ }).click();
    await ann.page.getByRole('main', { name: 'Bob' }).waitFor();
    await ann.composer.filter({ hasText: '@Inline_bot dogs' }).waitFor();
    await ann.open(bot.id);
    await ann.message('Search').getByRole('button', { name: 'Here', exact: true }).click();
    await ann.composer.filter({ hasText: '@Inline_bot cats' }).waitFor();

    const { main } = ann.actor;
    const { updates } = await main.invite({ _: 'messages.createChat', users: [main.inputUser(bob.id), main.inputUser(bot.id)], title: 'Team' });
    const chatId = (updates as tl.RawUpdates).chats[0]!.id;
    const keysFor = (message: string, text: string, entities?: tl.TypeMessageEntity[]): Promise<tl.TypeUpdates> =>
      bot.call({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId }, message, entities, replyMarkup: { _: 'replyKeyboardMarkup', selective: true, rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text }] }] }, randomId: randomLong() });
    const mention = (id: number): tl.TypeMessageEntity => ({ _: 'inputMessageEntityMentionName', offset: 0, length: 3, userId: { _: 'inputUser', userId: id, accessHash: Long.ZERO } });
    await ann.open(-chatId);
    await keysFor('Ann, your turn', 'Mine', [mention(ann.actor.id)]);
    await keysFor('Somebody else', 'Other');
    await ann.message('Somebody else').waitFor();
    await ann.page.getByRole('group', { name: 'Keyboard of the bot' }).getByRole('button', { name: 'Mine' }).click();
    expect((await bot.sees('Mine')).replyTo).toMatchObject({ replyToMsgId: expect.any(Number) });
    await ann.message('Mine').waitFor();
    // A phone shows no list that says what is unread; the line above it would part the messages of the bot.
    const { id: last } = await ann.actor.main.sees('Somebody else');
    await ann.actor.main.seesUpdate('updateReadHistoryInbox', ({ peer, maxId }) => peer._ === 'peerChat' && maxId >= last);
    await ann.sameAfterReload();
  });

  test('what bots can be told stands in a menu, and is offered after a slash', async () => {
    const ann = await stage.person('Ann');
    const { page } = ann;
    await using bot = await startBot(stage, 'Talking_bot');
    await using other = await startBot(stage, 'Other_bot');
    await setCommands(bot, { start: 'Begins', stop: 'Ends', help: 'Explains' });
    await setCommands(other, { stop: 'Ends something else' });
    await meetBot(ann.actor, bot);
    await meetBot(ann.actor, other);
    await ann.open(bot.id);
    const menu = page.getByRole('button', { name: 'Menu of the bot' });
    const list = page.getByRole('listbox', { name: 'Commands' });
    const shown = (): Promise<string[]> => list.locator('[role="option"] > bdi').allTextContents();

    await menu.click();
    await expect.poll(shown).toEqual(['/start', '/stop', '/help']);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await bot.sees('/help');
    await list.waitFor({ state: 'detached' });
    await menu.click();
    await list.waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });

    const write = async (text: string): Promise<void> => {
      await ann.composer.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };
    await write('/st');
    await expect.poll(shown).toEqual(['/start', '/stop']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await bot.sees('/stop');
    await expect.poll(() => ann.composer.textContent()).toBe('');
    await write('/h');
    await list.waitFor();
    await page.keyboard.press('Tab');
    await ann.composer.filter({ hasText: '/help' }).waitFor();
    await list.waitFor({ state: 'detached' });
    await write('/h');
    await list.waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await bot.sees('/h');

    // The bot changes both for this person alone.
    const peer = bot.peerOf(ann.actor);
    await setCommands(bot, { secret: 'Only for Ann' }, { _: 'botCommandScopePeer', peer });
    await write('/s');
    await expect.poll(shown).toEqual(['/secret']);
    await write('');
    await page.keyboard.press('Backspace');
    await bot.call({ _: 'bots.setBotMenuButton', userId: { _: 'inputUser', userId: ann.actor.id, accessHash: Long.ZERO }, button: { _: 'botMenuButtonCommands' } });
    await menu.filter({ hasText: 'Menu' }).waitFor({ state: 'attached' });

    const { main } = ann.actor;
    const { updates } = await main.invite({ _: 'messages.createChat', users: [main.inputUser(bot.id), main.inputUser(other.id)], title: 'Team' });
    await ann.open(-(updates as tl.RawUpdates).chats[0]!.id);
    expect(await menu.count()).toBe(0);
    await write('/st');
    await expect.poll(async () => (await shown()).sort()).toEqual(['/start@Talking_bot', '/stop@Other_bot', '/stop@Talking_bot']);
    await write('/stop@o');
    await expect.poll(shown).toEqual(['/stop@Other_bot']);
    await list.getByRole('option').click();
    await other.sees('/stop@Other_bot');
    await ann.message('/stop@Other_bot').waitFor();
    await ann.sameAfterReload();
  });

  test('a link adds a bot to a group or channel, with the rights that it asks for', async () => {
    const ann = await stage.person('Ann');
    const { main } = ann.actor;
    await using bot = await startBot(stage, 'Joining_bot');
    await main.call({ _: 'contacts.resolveUsername', username: 'Joining_bot' });
    const bob = await stage.world.user('Bob');
    await ann.actor.meet(bob);
    await main.invite({ _: 'messages.createChat', users: [main.inputUser(bob.id)], title: 'Book club' });
    const supergroup = await createChannel(ann.actor, 'megagroup', 'Chess club');
    const channel = await createChannel(ann.actor, 'broadcast', 'Weather');
    await ann.goToList();
    for (const name of ['Book club', 'Chess club', 'Weather']) await ann.chat(name).waitFor();
    const choose = async (link: string, title: string, chat: string): Promise<void> => {
      await ann.go(`link/Joining_bot?${link}`);
      await ann.dialog(title).getByRole('button', { name: chat }).click();
    };
    const rightsIn = async (id: number): Promise<tl.RawChatAdminRights | undefined> => {
      const { participant } = await main.call({ _: 'channels.getParticipant', channel: main.inputChannel(id), participant: main.inputPeer(bot.id) });
      return participant._ === 'channelParticipantAdmin' ? participant.adminRights : undefined;
    };

    await choose('startgroup=a-1', 'Choose a group', 'Chess club');
    await ann.dialog('Add bot').getByText('Do you want to add Joining_bot to Chess club?').waitFor();
    expect(await ann.dialog('Add bot').getByRole('list').count()).toBe(0);
    await ann.dialog('Add bot').getByRole('button', { name: 'Add bot' }).click();
    await ann.page.getByRole('main', { name: 'Chess club' }).waitFor();
    await ann.message('/start@Joining_bot a-1').waitFor();
    await bot.sees('/start@Joining_bot a-1');
    expect(await rightsIn(supergroup)).toBeUndefined();

    // A basic group becomes a supergroup, because all of its admins would have the same rights.
    await choose('startgroup=b&admin=pin_messages+invite_users', 'Choose a group', 'Book club');
    await ann.dialog('Add bot').getByRole('listitem').filter({ hasText: 'Pin messages' }).waitFor();
    expect(await ann.dialog('Add bot').getByRole('listitem').count()).toBe(2);
    await ann.dialog('Add bot').getByRole('button', { name: 'Add bot' }).click();
    await bot.sees('/start@Joining_bot b');
    await ann.message('/start@Joining_bot b').waitFor();
    const migrated = Number(/chat\/(-\d+)/.exec(ann.page.url())![1]);
    expect(await rightsIn(migrated)).toMatchObject({ pinMessages: true, inviteUsers: true });
    expect((await rightsIn(migrated))!.changeInfo).toBeFalsy();

    await choose('startchannel&admin=post_messages', 'Choose a channel', 'Weather');
    await ann.dialog('Add bot').getByRole('button', { name: 'Add bot' }).click();
    await ann.page.getByRole('main', { name: 'Weather' }).waitFor();
    await expect.poll(() => rightsIn(channel)).toMatchObject({ postMessages: true });
    await ann.sameAfterReload();
  });

  test('a key asks for the place (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    await using bot = await startBot(stage, 'Taxi_bot');
    await meetBot(ann.actor, bot);
    await ann.open(bot.id);
    await offer(bot, ann, 'Where are you?', { _: 'replyKeyboardMarkup', singleUse: true, rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonRequestGeoLocation', text: 'Here' }] }] });
    await ann.context.grantPermissions(['geolocation']);
    await ann.context.setGeolocation({ latitude: 48.2, longitude: 16.37, accuracy: 20 });
    const key = ann.page.getByRole('group', { name: 'Keyboard of the bot' }).getByRole('button', { name: 'Here' });
    await key.click();
    await ann.dialog('Share where I am').getByRole('button', { name: 'Cancel' }).click();
    await key.click();
    await ann.dialog('Share where I am').getByRole('button', { name: 'Share where I am' }).click();
    const got = await bot.waitFor('the place', (update): update is tl.RawUpdateNewMessage => update._ === 'updateNewMessage' && update.message._ === 'message' && update.message.media?._ === 'messageMediaGeo');
    expect(got.message).toMatchObject({ replyTo: { replyToMsgId: expect.any(Number) }, media: { geo: { lat: expect.closeTo(48.2, 4), long: expect.closeTo(16.37, 4) } } });
    await ann.message('48.20000° N').waitFor();
    await key.waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  });

  test('a person makes a bot with BotFather, changes its texts and presses its buttons', async () => {
    const ann = await stage.person('Ann');
    await ann.go('link/BotFather');
    await ann.page.getByRole('button', { name: 'Start', exact: true }).click();
    // Its commands can be clicked where it names them.
    await ann.message('look after them').getByRole('button', { name: '/newbot' }).click();
    await ann.message('What shall it be called?').waitFor();
    await ann.send('Tea Machine');
    await ann.message('username').last().waitFor();
    await ann.send('Tea_machine_bot');
    const token = await ann.message('https://t.me/Tea_machine_bot').locator('code').textContent();
    expect(token).toMatch(/^\d+:[\w-]{35}$/);

    // Its menu lists them, too.
    await ann.page.getByRole('button', { name: 'Menu of the bot' }).filter({ hasText: 'Menu' }).click();
    await ann.page.getByRole('listbox', { name: 'Commands' }).getByRole('option', { name: '/setdescription' }).click();
    await ann.page.getByRole('group', { name: 'Keyboard of the bot' }).getByRole('button', { name: '@Tea_machine_bot' }).click();
    await ann.message('@Tea_machine_bot').last().waitFor();
    await ann.send('Makes tea at any time.');
    await ann.message('Done').waitFor();

    await ann.send('/mybots');
    const buttons = ann.page.getByRole('group', { name: 'Buttons' }).last();
    await buttons.getByRole('button', { name: '@Tea_machine_bot' }).click();
    await ann.message('Tea Machine (@Tea_machine_bot)').waitFor();
    await buttons.getByRole('button', { name: 'Privacy mode: on' }).click();
    await buttons.getByRole('button', { name: 'Privacy mode: off' }).waitFor();
    await ann.sameAfterReload();

    await ann.go('link/Tea_machine_bot');
    await ann.page.getByRole('main', { name: 'Tea Machine' }).getByText('Makes tea at any time.').waitFor();
  });
});
