import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM, QUIET_CHROMIUM } from '@aerogram/dev-env/load';
import { phoneOf } from '../load/send-load.ts';

/** Runs something with a headless browser, and ends it. */
export async function withBrowser<T>(run: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET_CHROMIUM] });
  try {
    return await run(browser);
  } finally {
    await browser.close();
  }
}

/** High enough for more than 20 rows of the list of chats. */
const SIZE = { width: 1280, height: 1800 };

/** Opens a window that shares nothing with others. */
export const openContext = (browser: Browser): Promise<BrowserContext> => browser.newContext({ viewport: SIZE, locale: 'en-US' });

/** Opens the web client, and logs in up to the code, which is typed but not sent. */
export async function beginLogIn(page: Page, address: string, account: number): Promise<void> {
  const { phone, code } = phoneOf(account);
  await page.goto(address);
  await page.getByRole('textbox', { name: 'Phone number' }).fill(phone);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
}

/** Opens the web client as an account, and one of its chats. @param chat id of a person */
export async function openChat(browser: Browser, address: string, { account, chat }: { account: number; chat: bigint }): Promise<Page> {
  const page = await (await openContext(browser)).newPage();
  await beginLogIn(page, address, account);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('list', { name: 'Chats' }).getByRole('link').first().waitFor();
  await page.goto(`${address}#/chat/${chat}`);
  await page.getByRole('log', { name: 'Messages' }).getByRole('article').first().waitFor();
  return page;
}

/** Runs a script in a page until it is true. */
export async function waitUntil(page: Page, script: string): Promise<void> {
  while (!(await page.evaluate<boolean>(script))) await new Promise((resolve) => setTimeout(resolve, 20));
}
