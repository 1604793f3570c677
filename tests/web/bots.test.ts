import type { BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, meetBot, operate, press, seesPress, startBot } from '../scenarios/bot-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** The bot writes to somebody. @returns the id of the message for the bot */
async function offer(bot: BotClient, { actor }: WebPerson, message: string, replyMarkup: tl.TypeReplyMarkup): Promise<number> {
  const answer = await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(actor), message, replyMarkup, randomId: randomLong() });
  return (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewMessage')!.message.id;
}

/** The bot answers a press of the button that has this text. */
async function answer(bot: BotClient, pressed: string, message: string, alert?: boolean): Promise<void> {
  const { queryId } = await seesPress(bot, pressed);
  await bot.call({ _: 'messages.setBotCallbackAnswer', queryId, message, alert, cacheTime: 0 });
}

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

  test('a bot that is named in the field offers results, of which one is sent', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello');
    await using bot = await startBot(stage, 'Finding_bot');
    await operate(stage, 'bot', 'set', '@Finding_bot', '--inline', 'Search…');
    await ann.open(bob);
    await ann.composer.click();
    await ann.page.keyboard.insertText('@Finding_bot cats');
    const query = await bot.waitFor('the query', (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && update.query === 'cats');
    const article = (id: string, title: string, message: string): tl.RawInputBotInlineResult => ({ _: 'inputBotInlineResult', id, type: 'article', title, description: 'a fact', sendMessage: { _: 'inputBotInlineMessageText', message } });
    await bot.call({ _: 'messages.setInlineBotResults', queryId: query.queryId, results: [article('1', 'Purring', 'Cats purr.'), article('2', 'Sleeping', 'Cats sleep.')], cacheTime: 0 });
    const results = ann.page.getByRole('listbox', { name: 'Results of @Finding_bot' });
    await results.getByRole('option', { name: /^Sleeping/ }).waitFor();
    await ann.page.keyboard.press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    expect(await bob.sees('Cats sleep.')).toMatchObject({ from: ann.actor.id });
    await ann.message('Cats sleep.').getByText('@Finding_bot').waitFor();
    await expect.poll(() => ann.composer.textContent()).toBe('');
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
    await ann.sameAfterReload();
  });
});
