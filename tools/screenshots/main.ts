import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { type Actor, World } from '@aerogram/dev-env';
import { CHROMIUM, startServerProcess } from '@aerogram/dev-env/load';
import { makeWorld } from './made-up-world.ts';

// npm run screenshots [-- <directory>], from the root of the repository: draws the pictures of the web client in docs/pictures anew. It needs Debian's package `chromium`.
/** A picture in the documentation must stay small, in bytes. */
const PICTURE_MAX = 150 * 1024;

const directory = resolve(process.argv[2] ?? 'docs/pictures');

/** Runs in the page. A photo that is not there yet is shown by a preview of at most 40 pixels a side. */
const ARE_PICTURES_WHOLE = '[...document.images].every((image) => image.complete && image.naturalWidth > 40 && getComputedStyle(image).opacity === "1")';

interface Picture {
  name: string;
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
  /** Marked. */
  chat: number;
}

/** Logs somebody in, opens a chat, and takes a picture. */
async function draw(browser: Browser, address: string, actor: Actor, { name, width, height, colorScheme, chat }: Picture): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('textbox', { name: 'Phone number' }).fill(actor.phone);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Code' }).fill(actor.code);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('list', { name: 'Chats' }).getByRole('link').nth(4).waitFor();
  await page.goto(`${address}#/chat/${chat}`);
  await page.getByRole('log', { name: 'Messages' }).getByRole('article').last().waitFor();
  await page.mouse.move(0, 0);
  // What can be seen is read, and pictures are whole.
  await page.getByRole('link', { name: /unread$/ }).and(page.locator('[aria-current]')).waitFor({ state: 'detached' });
  while (!(await page.evaluate(ARE_PICTURES_WHOLE))) await page.waitForTimeout(100);
  const path = join(directory, name);
  writeFileSync(path, await sharp(await page.screenshot()).png({ palette: true, quality: 90, compressionLevel: 9 }).toBuffer());
  const { size } = statSync(path);
  process.stdout.write(`${path}: ${width} × ${height}, ${Math.round(size / 1024)} KiB\n`);
  if (size > PICTURE_MAX) throw new Error(`${name} is larger than ${PICTURE_MAX} bytes`);
  await context.close();
}

mkdirSync(directory, { recursive: true });
await using server = await startServerProcess();
await using world = new World(server);
const { nora, hikers, ida } = await makeWorld(world);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const address = `http://localhost:${server.info.http.port}/`;
  await draw(browser, address, nora, { name: 'web-desk.png', width: 1280, height: 800, colorScheme: 'light', chat: hikers });
  await draw(browser, address, nora, { name: 'web-phone.png', width: 360, height: 740, colorScheme: 'dark', chat: ida.id });
} finally {
  await browser.close();
}
