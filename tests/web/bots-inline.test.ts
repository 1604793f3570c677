import type { BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { uploadFile } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, startInlineBot } from '../scenarios/bot-stage.ts';
import { type PageSite, startPageSite } from '../scenarios/page-site.ts';
import { makePicture } from '../scenarios/photo-stage.ts';
import { offer } from './offer.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** Waits until the bot is asked this, and answers. */
async function answerQuery(bot: BotClient, query: string, results: tl.TypeInputBotInlineResult[], rest: Partial<tl.messages.RawSetInlineBotResultsRequest> = {}): Promise<void> {
  const { queryId } = await bot.waitFor(`the query ${query}`, (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && update.query === query);
  await bot.call({ _: 'messages.setInlineBotResults', queryId, results, cacheTime: 0, ...rest });
}

/** The bot uploads a picture that it can offer. */
async function uploadPhoto({ client }: BotClient): Promise<tl.TypeInputPhoto> {
  const { inputFile: file } = await uploadFile(client, { file: await makePicture(400, 300), fileName: 'photo.jpg', fileMime: 'image/jpeg' });
  const { photo } = (await client.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaUploadedPhoto', file } })) as tl.RawMessageMediaPhoto;
  const { id, accessHash, fileReference } = photo as tl.RawPhoto;
  return { _: 'inputPhoto', id, accessHash, fileReference };
}

describe.skipIf(!hasChromium)('results of bots in the web client', () => {
  let stage: WebStage;
  let site: PageSite;
  let picture: Buffer;
  beforeAll(async () => {
    picture = await makePicture(100, 80, 'png');
    site = await startPageSite((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
      return true;
    });
    stage = await startWebStage({ env: site.env });
  });
  afterAll(async () => {
    await endWebStage(stage);
    await site?.[Symbol.asyncDispose]();
  });

  test('a bot that is named in the field offers results, of which one is sent', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello');
    await using bot = await startInlineBot(stage, 'Finding_bot');
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

  test('results have pictures, as lines or as a gallery through which one goes by keys', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello');
    await using bot = await startInlineBot(stage, 'Painting_bot');
    await ann.open(bob);
    const write = async (text: string): Promise<void> => {
      await ann.composer.click();
      await ann.page.keyboard.press('Control+A');
      await ann.page.keyboard.insertText(text);
    };
    const options = ann.page.getByRole('listbox', { name: 'Results of @Painting_bot' }).getByRole('option');
    const widthAt = (index: number): Promise<number> => options.nth(index).locator('img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    const photo = await uploadPhoto(bot);

    await write('@Painting_bot lines');
    const thumb: tl.RawInputWebDocument = { _: 'inputWebDocument', url: `${site.base}/cat.png`, size: picture.length, mimeType: 'image/png', attributes: [] };
    await answerQuery(bot, 'lines', [
      { _: 'inputBotInlineResult', id: '1', type: 'article', title: 'A cat', thumb, sendMessage: { _: 'inputBotInlineMessageText', message: 'Cats purr.' } },
      { _: 'inputBotInlineResultPhoto', id: '2', type: 'photo', photo, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: 'a dog' } },
    ]);
    await expect.poll(() => widthAt(0)).toBe(100);
    await expect.poll(() => widthAt(1)).toBeGreaterThan(100);

    await write('@Painting_bot gallery');
    const photos = Array.from({ length: 30 }, (_, index): tl.RawInputBotInlineResultPhoto => ({ _: 'inputBotInlineResultPhoto', id: String(index), type: 'photo', photo, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: `picture ${index}` } }));
    await answerQuery(bot, 'gallery', photos, { gallery: true });
    await options.nth(29).waitFor();
    await expect.poll(() => widthAt(0)).toBeGreaterThan(100);
    const tops = await Promise.all((await options.all()).map(async (option) => (await option.boundingBox())!.y));
    const columns = tops.filter((top) => top === tops[0]).length;
    expect(columns).toBeGreaterThan(1);
    const marked = ann.page.locator('[role="option"][aria-selected="true"]');
    for (const [key, at] of [['ArrowRight', 1], ['ArrowDown', columns + 1], ['ArrowLeft', columns], ['ArrowUp', 0], ['ArrowUp', 0], ['ArrowDown', columns]] as const) {
      await ann.page.keyboard.press(key);
      await marked.and(ann.page.getByLabel(`picture ${at}`, { exact: true })).waitFor();
    }
    await ann.page.keyboard.press('Enter');
    await ann.message(`picture ${columns}`).getByRole('img', { name: 'Photo' }).waitFor();
    await options.first().waitFor({ state: 'detached' });

    await write('@Painting_bot pointer');
    await answerQuery(bot, 'pointer', photos.slice(0, 2).map((each) => ({ ...each, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: `clicked ${each.id}` } })), { gallery: true });
    await options.nth(1).click();
    await ann.message('clicked 1').waitFor();
    await ann.sameAfterReload();
  });

  test('a button above the results leads to the chat with the bot, and from there back (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello');
    await using bot = await startInlineBot(stage, 'Asking_bot');
    await ann.open(bob);
    await ann.composer.click();
    await ann.page.keyboard.insertText('@Asking_bot tea');
    await answerQuery(bot, 'tea', [], { switchPm: { _: 'inlineBotSwitchPM', text: 'Log in first', startParam: 'log-in' } });
    await ann.page.getByRole('button', { name: 'Log in first' }).click();
    await ann.page.getByRole('main', { name: 'Asking_bot' }).waitFor();
    await ann.page.getByRole('button', { name: 'Start', exact: true }).click();
    await bot.sees('/start log-in');
    await offer(bot, ann, 'You are in', inline({ _: 'keyboardButtonSwitchInline', text: 'Back', query: 'green tea' }));
    await ann.message('You are in').getByRole('button', { name: 'Back' }).click();
    await ann.page.getByRole('main', { name: 'Bob' }).waitFor();
    await ann.composer.filter({ hasText: '@Asking_bot green tea' }).waitFor();
    await answerQuery(bot, 'green tea', [{ _: 'inputBotInlineResult', id: '1', type: 'article', title: 'Sencha', sendMessage: { _: 'inputBotInlineMessageText', message: 'I like sencha.' } }]);
    await ann.page.getByRole('option', { name: 'Sencha' }).click();
    await bob.sees('I like sencha.');
    // The next time, the person is asked where to go.
    await ann.open(bot.id);
    await ann.message('You are in').getByRole('button', { name: 'Back' }).click();
    await ann.dialog('Choose a chat').getByRole('button', { name: 'Close' }).click();
    await ann.sameAfterReload();
  });
});
