import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE_FILES } from './hostile-files.ts';
import { sendDocument } from './send-media.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** Types of blobs that may have an address: a browser shows these without running anything in them. */
const SHOWN = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/ogg', 'audio/mp4', 'application/octet-stream'];

/** Notes the type of each blob that gets an address. */
const WATCH_ADDRESSES = `window.addressed = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.addressed.push(blob.type); return make.call(URL, blob); };`;

/** How long the page takes for two frames, in milliseconds. */
const TWO_FRAMES = `new Promise((resolve) => { const start = performance.now(); requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start))); })`;

/** Presses the first button of each message but that of its menu, one after the other, and looks at what opens. */
async function pressAll({ page, messages }: WebPerson): Promise<void> {
  const articles = messages.getByRole('article');
  const count = await articles.count();
  for (let index = 0; index < count; index++) {
    const button = articles.nth(index).getByRole('button', { name: /^(?!Message actions)/ }).first();
    if ((await button.count()) === 0 || (await button.isDisabled())) continue;
    await button.click();
    const viewer = page.getByRole('dialog', { name: 'Media viewer' });
    if ((await viewer.count()) === 0 && !(await isVisual(articles.nth(index)))) continue;
    await viewer.waitFor();
    await viewer.getByText('This cannot be shown').or(viewer.locator('video')).first().waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  }
}

/** Whether a message shows a photo or video, which opens the viewer. */
const isVisual = async (article: Locator): Promise<boolean> => (await article.getByRole('button', { name: /^(Photo|Video)\b/ }).count()) > 0 && (await article.getByRole('button', { name: /^Video message/ }).count()) === 0;

/** The widest element of the page, so that a name that breaks the layout is found. */
const readWidth = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth');

describe.skipIf(!hasChromium)('hostile files', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  // Fails on dialogs, errors and whatever the policy of the page refused.
  afterAll(() => endWebStage(stage));

  test('run nothing, hold up nothing and break no layout', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { page } = ann;
    const saved: string[] = [];
    page.on('download', (download) => saved.push(download.suggestedFilename()));
    await page.addInitScript(WATCH_ADDRESSES);
    await page.reload();
    await bob.send(ann.actor, 'presents');
    for (const { what, mimeType, attributes, ...file } of HOSTILE_FILES) {
      await sendDocument(bob, ann.actor, file, { mimeType, attributes }).catch((error: unknown) => {
        throw new Error(`not sent: ${what}`, { cause: error });
      });
    }
    await bob.send(ann.actor, 'that is all');
    await ann.open(bob);
    await ann.message('presents').waitFor();
    const address = page.url();
    // All of them at once, so that none is left out because it is out of sight.
    await page.setViewportSize({ width: 360, height: 9000 });
    await ann.message('that is all').waitFor();
    await ann.messages.getByRole('button', { name: 'GIF, Pause' }).getByText('This cannot be shown').waitFor();
    await ann.sameAfterReload();
    await pressAll(ann);

    expect(await page.evaluate('[window.hacked, document.title, location.href, frames.length]')).toEqual([undefined, 'Aerogram', address, 0]);
    expect(ann.context.pages()).toHaveLength(1);
    const types = await page.evaluate<string[]>('window.addressed');
    expect(types.filter((type) => !SHOWN.includes(type))).toEqual([]);
    expect(await page.evaluate<number>(TWO_FRAMES)).toBeLessThan(2000);
    expect(await readWidth(page)).toBe(360);
    expect(saved.length).toBeGreaterThan(20);
    for (const name of saved) expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}\p{Cf}]+$/u);
  });
});
