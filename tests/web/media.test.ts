import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer } from '@aerogram/dev-env';
import { makeJpeg } from '../../packages/media/test/pictures.ts';
import { readSample } from '../../packages/media/test/samples.ts';
import { documentOf, download, makeFile } from '../scenarios/file-stage.ts';
import { mediaNow } from '../scenarios/photo-stage.ts';
import { sendDocument, sendPhoto, sendPhotoAlbum } from './send-media.ts';
import { playOnly } from './page-scripts.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from './stage.ts';
import { layWire, type Wire } from './wire.ts';

const STICKER = { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } } as const;
const VOICE = { _: 'documentAttributeAudio', voice: true, duration: 3, waveform: Buffer.alloc(63, 0x5a) } as const;

/** Length of files that come in several parts. */
const FILE_BYTES = 2 * 1024 * 1024;

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The dialog that shows a photo or video on the whole window. */
const viewerOf = ({ page }: WebPerson): Locator => page.getByRole('dialog', { name: 'Media viewer' });

/** What is asked of elements of a page; the types of browsers are not known here. */
interface Player {
  paused: boolean;
  seeking: boolean;
  currentTime: number;
  src: string;
  error: unknown;
}

const readPlayer = (video: Locator): Promise<Player> =>
  video.evaluate((element) => {
    const { paused, seeking, currentTime, src, error } = element as unknown as Player;
    return { paused, seeking, currentTime, src, error };
  });

/** Whether a video runs. */
const isPlaying = async (video: Locator): Promise<boolean> => {
  const { paused, currentTime } = await readPlayer(video);
  return !paused && currentTime > 0;
};

/** Chooses files as a person does, and sends them. */
async function sendFiles({ page }: WebPerson, input: 'Photo or video' | 'File', files: { name: string; mimeType: string; buffer: Buffer }[], prepare?: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByLabel(input, { exact: true }).setInputFiles(files);
  const dialog = page.getByRole('dialog', { name: 'Send files' });
  await prepare?.(dialog);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe.skipIf(!hasChromium)('media in the web client', () => {
  let stage: WebStage;
  let wire: Wire;
  beforeAll(async () => {
    const server = await startTestServer();
    wire = await layWire(server.info.http.port);
    stage = await setWebStage(server, wire.port);
  });
  afterAll(async () => {
    await endWebStage(stage);
    await wire?.[Symbol.asyncDispose]();
  });

  test('photos are shown in the chat and in the viewer, with keyboard and buttons', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await sendPhoto(bob, ann.actor, await makeJpeg(1600, 1000), { caption: 'the lake' });
    await sendPhotoAlbum(bob, ann.actor, [await makeJpeg(900, 1200), await makeJpeg(1000, 1000)], 'two more');
    await ann.open(bob);
    await ann.message('the lake').getByRole('img', { name: 'Photo' }).click();
    const viewer = viewerOf(ann);
    await viewer.getByRole('img', { name: 'Photo' }).waitFor();
    // The largest size replaces that of the chat.
    await expect.poll(() => viewer.getByRole('img', { name: 'Photo' }).evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1600);
    await viewer.getByText('1 of 3').waitFor();
    expect(await viewer.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await viewer.getByRole('button', { name: 'Next' }).click();
    await viewer.getByText('two more').waitFor();
    await ann.page.keyboard.press('ArrowRight');
    await viewer.getByText('3 of 3').waitFor();
    await ann.page.keyboard.press('ArrowLeft');
    await viewer.getByRole('button', { name: 'Zoom in' }).click();
    await viewer.getByRole('button', { name: 'Zoom out' }).click();
    const saved = ann.page.waitForEvent('download');
    await viewer.getByRole('button', { name: 'Download' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^photo_.*\.jpg$/);

    await viewer.getByRole('button', { name: 'Rotate' }).click();
    const sidesOf = async (): Promise<number> => {
      const { width, height } = (await viewer.getByRole('img', { name: 'Photo' }).boundingBox())!;
      return width / height;
    };
    await expect.poll(sidesOf).toBeCloseTo(1200 / 900);
    await ann.page.keyboard.press('r');
    await expect.poll(sidesOf).toBeCloseTo(900 / 1200);
    await ann.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await viewer.getByRole('button', { name: 'Copy picture' }).click();
    await viewer.getByText('Copied').waitFor();
    expect(await ann.page.evaluate('navigator.clipboard.read().then((items) => items[0].types)')).toEqual(['image/png']);
    await viewer.getByRole('button', { name: 'Forward' }).click();
    await ann.forwardTo('Bob');
    const { id: second } = await bob.main.sees('two more');
    await viewer.getByRole('button', { name: 'Delete' }).click();
    await ann.dialog('Delete message').getByRole('button', { name: 'Delete' }).click();
    // What followed it is shown in its place.
    await viewer.getByText('2 of 2').waitFor();
    expect(bob.main.state.messages.has(second)).toBe(true);
    await ann.page.keyboard.press('ArrowLeft');
    await viewer.getByText('the lake').waitFor();
    await viewer.getByRole('button', { name: 'Show in chat' }).click();
    await viewer.waitFor({ state: 'detached' });
    await ann.page.waitForURL(/#\/chat\/\d+\/\d+$/);
    await ann.sameAfterReload();
  });

  test('an album is put in order, hidden and shortened before it is sent', async () => {
    const [ann, bob] = [await stage.person('Ann', 'phone'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'show me');
    await ann.open(bob);
    const picture = async (name: string, width: number): Promise<{ name: string; mimeType: string; buffer: Buffer }> => ({ name, mimeType: 'image/jpeg', buffer: await makeJpeg(width, 600) });
    const files = [await picture('first.jpg', 700), await picture('second.jpg', 500), await picture('third.jpg', 300), { name: 'film.mp4', mimeType: 'video/mp4', buffer: readSample('film.mp4') }];
    // The text in the composer becomes the caption. If the files are not sent, it stays in the composer.
    await ann.composer.click();
    await ann.page.keyboard.insertText('our trip');
    await ann.page.locator('input[aria-label="Photo or video"]').setInputFiles(files.slice(0, 1));
    await expect.poll(() => ann.dialog('Send files').getByRole('textbox', { name: 'Caption' }).textContent()).toBe('our trip');
    await ann.page.keyboard.press('Escape');
    await ann.dialog('Send files').waitFor({ state: 'detached' });
    expect(await ann.composer.textContent()).toBe('our trip');
    await sendFiles(ann, 'Photo or video', files, async (dialog) => {
      await dialog.getByRole('listitem', { name: 'second.jpg' }).getByRole('button', { name: 'Remove' }).click();
      await dialog.getByRole('listitem', { name: 'third.jpg' }).getByRole('button', { name: 'Move to the front' }).click();
      await dialog.getByRole('listitem', { name: 'third.jpg' }).getByRole('button', { name: 'Hide with spoiler' }).click();
      await dialog.getByRole('listitem', { name: 'film.mp4' }).getByText('0:02').waitFor();
      await dialog.getByRole('textbox', { name: 'Caption' }).click();
      await ann.page.keyboard.press('End');
      await ann.page.keyboard.insertText('!');
      await ann.page.keyboard.press('Escape');
      await ann.dialog('Discard the text?').getByRole('button', { name: 'Cancel' }).click();
    });
    const first = await bob.main.sees('our trip!');
    await expect.poll(() => ann.composer.textContent()).toBe('');
    await bob.main.waitUntil('the whole album', () => bob.main.state.messages.has(first.id + 2));
    const [third, photo, video] = await Promise.all([0, 1, 2].map((index) => mediaNow(bob.main, first.id + index)));
    expect(third).toMatchObject({ _: 'messageMediaPhoto', spoiler: true });
    expect(photo).toMatchObject({ _: 'messageMediaPhoto' });
    expect(video).toMatchObject({ _: 'messageMediaDocument', video: true, document: { mimeType: 'video/mp4' } });
    await expect.poll(() => ann.messages.getByRole('img', { name: 'Sent' }).count()).toBeGreaterThan(0);
    await ann.sameAfterReload();
  });

  test('a voice message is recorded, another one is played, and the next one follows', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await ann.context.grantPermissions(['microphone']);
    const sendVoice = (): Promise<number> => sendDocument(bob, ann.actor, { bytes: readSample('voice.ogg'), name: 'voice.ogg' }, { mimeType: 'audio/ogg', attributes: [VOICE] });
    await sendVoice();
    await sendVoice();
    await ann.open(bob);
    await ann.page.getByRole('button', { name: 'Record voice message' }).click();
    await expect.poll(() => ann.page.getByRole('timer').textContent()).toBe('0:01');
    await ann.page.getByRole('button', { name: 'Stop recording' }).click();
    await bob.main.waitUntil('a voice message', () => [...bob.main.state.messages.values()].some(({ out, media }) => !out && media !== ''));
    const { id } = [...bob.main.state.messages.values()].find(({ out }) => !out)!;
    const [attribute] = (await documentOf(bob.main, id)).attributes;
    expect(attribute).toMatchObject({ _: 'documentAttributeAudio', voice: true });
    expect((await documentOf(bob.main, id)).mimeType).toBe('audio/ogg');
    // Two beeps can be told from the silence around them.
    expect(new Set(attribute?._ === 'documentAttributeAudio' ? attribute.waveform : []).size).toBeGreaterThan(3);

    await ann.messages.getByRole('img', { name: 'Sent' }).waitFor();
    const voices = ann.messages.getByRole('article');
    await expect.poll(() => ann.messages.getByRole('img', { name: 'not played yet' }).count()).toBe(2);
    await voices.first().getByRole('button', { name: 'Play', exact: true }).click();
    // The other side hears that it was played, and both lose their mark one after the other.
    await bob.main.seesUpdate('updateReadMessagesContents');
    await voices.nth(1).getByRole('button', { name: 'Pause' }).waitFor();
    await ann.page.getByRole('region', { name: 'Now playing' }).getByRole('button', { name: 'Speed 1×' }).click();
    await ann.page.getByRole('region', { name: 'Now playing' }).getByRole('button', { name: 'Speed 1.5×' }).waitFor();
    await expect.poll(() => ann.messages.getByRole('img', { name: 'not played yet' }).count()).toBe(0);
    await ann.page.getByRole('button', { name: 'Stop playing' }).click();

    // Safari before 18.4 plays Opus in other containers only.
    await ann.page.evaluate(playOnly('audio/mp4'));
    await voices.first().getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(() => ann.page.evaluate<string[]>('offered')).toContain('audio/mp4');
    await voices.first().getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => ann.page.evaluate<string[]>('offered')).not.toContain('audio/ogg');
    await ann.page.getByRole('button', { name: 'Stop playing' }).click();
    await ann.page.evaluate(playOnly());
    await voices.first().getByRole('button', { name: 'Play', exact: true }).click();
    await voices.first().getByText('This cannot be played here').waitFor();
    const saved = ann.page.waitForEvent('download');
    await voices.first().getByRole('button', { name: 'Download' }).click();
    expect((await saved).suggestedFilename()).toBe('voice.ogg');
    await ann.page.reload();
    await voices.nth(1).waitFor();
    await ann.sameAfterReload();
  });

  test('files come and go whole, although the connection breaks meanwhile', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'the file, please');
    await ann.open(bob);
    const sent = makeFile(FILE_BYTES, 'plans.zip');
    const isBroken = wire.cutAfter(FILE_BYTES / 2);
    await sendFiles(ann, 'File', [{ name: sent.name, mimeType: 'application/zip', buffer: sent.bytes }]);
    await isBroken;
    await ann.page.getByRole('progressbar', { name: 'Uploading' }).waitFor();
    wire.mend();
    await ann.messages.getByRole('img', { name: 'Sent' }).waitFor();
    await bob.main.waitUntil('the file', () => [...bob.main.state.messages.values()].some(({ out, media }) => !out && media !== ''));
    const { id } = [...bob.main.state.messages.values()].findLast(({ out }) => !out)!;
    expect(hash(await download(bob.main, await documentOf(bob.main, id)))).toBe(hash(sent.bytes));

    const received = makeFile(FILE_BYTES, '../..\u202Egpj.exe');
    await sendDocument(bob, ann.actor, received);
    const button = ann.messages.getByRole('button', { name: /^gpj\.exe/ });
    const progress = ann.page.getByRole('progressbar', { name: 'Downloading' });
    const isBrokenAgain = wire.cutAfter(FILE_BYTES / 2);
    await button.click();
    await isBrokenAgain;
    await progress.waitFor();
    await ann.messages.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'detached' });
    const saved = ann.page.waitForEvent('download');
    await button.click();
    await progress.waitFor();
    wire.mend();
    const file = await saved;
    expect(file.suggestedFilename()).toBe('gpj.exe');
    expect(hash(readFileSync(await file.path()))).toBe(hash(received.bytes));
    await ann.sameAfterReload();
  });

  test('a sticker that was sent before is sent again', async () => {
    const [ann, bob] = [await stage.person('Ann', 'phone'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'a sticker, please');
    const before = await sendDocument(ann.actor, bob, { bytes: readSample('sticker.webm'), name: 'sticker.webm' }, { mimeType: 'video/webm', attributes: [STICKER, { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64 }] });
    await ann.open(bob);
    await ann.messages.getByRole('img', { name: 'Sent' }).waitFor();
    await ann.page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await ann.page.getByRole('tab', { name: 'Stickers' }).click();
    await ann.page.getByRole('rowgroup', { name: 'Recent' }).getByRole('button', { name: 'Sticker' }).click();
    await expect.poll(() => ann.messages.getByRole('img', { name: 'Sent' }).count()).toBe(2);
    expect((await documentOf(ann.actor.main, before + 1)).id).toEqual((await documentOf(ann.actor.main, before)).id);
    await ann.sameAfterReload();
  });

  test('videos are played while they are loaded; GIFs and stickers move', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'look');
    await ann.open(bob);
    await sendDocument(bob, ann.actor, { bytes: readSample('film.mp4'), name: 'film.mp4', caption: 'a film' }, { mimeType: 'video/mp4' });
    await sendDocument(bob, ann.actor, { bytes: readSample('silent.mp4'), name: 'gif.mp4', caption: 'a gif' }, { mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeAnimated' }] });
    await sendDocument(bob, ann.actor, { bytes: readSample('sticker.webm'), name: 'sticker.webm' }, { mimeType: 'video/webm', attributes: [STICKER, { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64 }] });
    const tgs = readFileSync('packages/domain/assets/reactions/1f494/select_animation.tgs');
    await sendDocument(bob, ann.actor, { bytes: tgs, name: 'sticker.tgs' }, { mimeType: 'application/x-tgsticker', attributes: [STICKER, { _: 'documentAttributeImageSize', w: 512, h: 512 }] });

    await expect.poll(() => isPlaying(ann.message('a gif').locator('video'))).toBe(true);
    const stickers = ann.messages.getByRole('img', { name: 'Sticker' });
    await expect.poll(() => isPlaying(stickers.first().locator('video'))).toBe(true);
    const canvas = stickers.last().locator('canvas');
    const drawn = (): Promise<string> => canvas.evaluate((element) => (element as unknown as { toDataURL(): string }).toDataURL());
    const before = await drawn();
    await expect.poll(drawn).not.toBe(before);

    await ann.page.evaluate('navigator.serviceWorker.ready');
    await expect.poll(() => ann.page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    await ann.message('a film').getByRole('img', { name: 'Video' }).click();
    const video = viewerOf(ann).locator('video');
    await expect.poll(async () => (await readPlayer(video)).currentTime).toBeGreaterThan(0.5);
    expect((await readPlayer(video)).src).toContain('/stream/');
    await video.evaluate((element) => void ((element as unknown as Player).currentTime = 0.2));
    await expect.poll(async () => (await readPlayer(video)).seeking).toBe(false);
    expect((await readPlayer(video)).error).toBeNull();
    await viewerOf(ann).getByRole('button', { name: 'Playback speed' }).click();
    await expect.poll(() => video.evaluate((element) => (element as unknown as { playbackRate: number }).playbackRate)).toBe(1.5);
    await ann.page.keyboard.press('Escape');
    // A player that asks for what the page has forgotten gets nothing, and that is no error of the page.
    expect(await ann.page.evaluate(`new Promise((resolve) => { const late = document.createElement('video'); late.onerror = () => resolve(late.error.code); document.body.append(late); late.src = '/stream/forgotten'; })`)).toBe(4);

    // Beside the chat there is a tab for each kind of contents that it has, and for no other.
    await sendDocument(bob, ann.actor, { bytes: readSample('voice.ogg'), name: 'voice.ogg' }, { mimeType: 'audio/ogg', attributes: [VOICE] });
    await sendDocument(bob, ann.actor, { bytes: readSample('music.mp3'), name: 'music.mp3' }, { mimeType: 'audio/mpeg' });
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    const info = ann.page.getByRole('complementary', { name: 'Info' });
    await expect.poll(() => info.getByRole('tab').allTextContents()).toEqual(['Media', 'Music', 'Voice', 'GIFs']);
    await info.getByRole('tab', { name: 'Music' }).click();
    await info.getByRole('tabpanel', { name: 'Music' }).getByRole('button', { name: 'Play' }).waitFor();
    await info.getByRole('tab', { name: 'Voice' }).click();
    await info.getByRole('tabpanel', { name: 'Voice' }).getByRole('link', { name: /^Bob · / }).waitFor();
    await info.getByRole('tab', { name: 'GIFs' }).click();
    await info.getByRole('tabpanel', { name: 'GIFs' }).getByRole('button', { name: 'GIF' }).click();
    await expect.poll(() => ann.page.url()).toMatch(/#\/chat\/\d+\/\d+\/info$/);
    await ann.page.getByRole('button', { name: 'Close info' }).click();
    await ann.page.getByRole('button', { name: 'Scroll to bottom' }).click();
    // Out of sight, what moves rests: the history takes it away, or it is paused.
    await ann.sameAfterReload();
  });
});
