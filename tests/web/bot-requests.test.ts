import type { BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meetBot, startBot } from '../scenarios/bot-stage.ts';
import { createChannel } from '../scenarios/channel-stage.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** The bot writes a message with one key, which asks for peers. */
async function ask(bot: BotClient, { actor }: WebPerson, message: string, key: Omit<tl.RawInputKeyboardButtonRequestPeer, '_'>): Promise<void> {
  const replyMarkup: tl.RawReplyKeyboardMarkup = { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'inputKeyboardButtonRequestPeer', ...key }] }] };
  await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(actor), message, replyMarkup, randomId: randomLong() });
}

/** Waits until the bot was given peers by a key. */
async function seesShared(bot: BotClient, buttonId: number): Promise<tl.TypeRequestedPeer[]> {
  type Shared = tl.RawUpdateNewMessage & { message: tl.RawMessageService & { action: tl.RawMessageActionRequestedPeerSentMe } };
  const isShared = (update: tl.TypeUpdate): update is Shared =>
    update._ === 'updateNewMessage' && update.message._ === 'messageService' && update.message.action._ === 'messageActionRequestedPeerSentMe' && update.message.action.buttonId === buttonId;
  return (await bot.waitFor(`peers for the key ${buttonId}`, isShared)).message.action.peers;
}

describe.skipIf(!hasChromium)('what bots ask for in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('people and groups are chosen out of those that fit, and the chat says what was shared and allowed', async () => {
    const ann = await stage.person('Ann');
    const [bob, carol, dora] = [await stage.world.user('Bob'), await stage.world.user('Carol'), await stage.world.user('Dora')];
    for (const other of [bob, carol, dora]) await other.send(ann.actor, `I am ${other.name}`);
    await using bot = await startBot(stage, 'Asking_bot');
    await meetBot(ann.actor, bot);
    await createChannel(ann.actor, 'megagroup', 'Walking');
    await createChannel(ann.actor, 'broadcast', 'Announcements');
    await ann.open(bot.id);
    const key = (name: string): ReturnType<typeof ann.page.getByRole> => ann.page.getByRole('group', { name: 'Keyboard of the bot' }).getByRole('button', { name });

    await ask(bot, ann, 'Whom shall I invite?', { text: 'Choose people', buttonId: 1, peerType: { _: 'requestPeerTypeUser', bot: false }, maxQuantity: 2, nameRequested: true });
    await key('Choose people').click();
    const people = ann.dialog('Choose up to 2 people');
    const box = (name: string): ReturnType<typeof people.getByRole> => people.getByRole('checkbox', { name });
    await box('Bob').check();
    expect(await box('Asking_bot').count()).toBe(0);
    await box('Carol').check();
    expect(await box('Dora').isDisabled()).toBe(true);
    await people.getByRole('button', { name: 'Share', exact: true }).click();
    expect(await seesShared(bot, 1)).toMatchObject([{ userId: bob.id, firstName: 'Bob' }, { userId: carol.id, firstName: 'Carol' }]);
    await ann.messages.getByText('You shared Bob, Carol with Asking_bot').waitFor();

    await ask(bot, ann, 'And where?', { text: 'Choose a group', buttonId: 2, peerType: { _: 'requestPeerTypeChat', creator: true, botAdminRights: { _: 'chatAdminRights', pinMessages: true } }, maxQuantity: 1 });
    await key('Choose a group').click();
    const groups = ann.dialog('Choose a group').getByRole('list', { name: 'Chats' }).getByRole('button');
    await groups.filter({ hasText: 'Walking' }).waitFor();
    expect(await groups.count()).toBe(1);
    await groups.click();
    const sure = ann.dialog('Choose a group');
    await sure.getByText('Asking_bot will be an admin of “Walking” who may: pin messages.').waitFor();
    await sure.getByRole('button', { name: 'Share', exact: true }).click();
    expect(await seesShared(bot, 2)).toMatchObject([{ _: 'requestedPeerChannel' }]);
    await ann.messages.getByText('You shared Walking with Asking_bot').waitFor();
    await ann.sameAfterReload();

    await using quiet = await startBot(stage, 'Quiet_bot');
    await ann.actor.main.call({ _: 'contacts.resolveUsername', username: 'Quiet_bot' });
    await ann.actor.main.call({ _: 'bots.allowSendMessage', bot: ann.actor.main.inputUser(quiet.id) });
    await ann.open(quiet.id);
    await ann.messages.getByText('Quiet_bot was allowed to message you').waitFor();
    // A phone shows no list beside the chat.
    if ((await ann.chats.count()) > 0) await ann.chats.getByRole('link').first().filter({ hasText: 'Quiet_bot' }).waitFor();
    await ann.sameAfterReload();
  });
});
