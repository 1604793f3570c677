import type { Page } from 'playwright-core';
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { percentile, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { startBareChat } from '../web/bare-chat.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { NOTE_ENTER, READ_ENTER, whenPainted } from '../web/page-scripts.ts';

/** Lines before those that count. */
const WARM_UP = 5;

/** From Enter in one window of the web client until the other person's window has painted the message, beside a bare page. */
export async function benchWebSend({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  const lines = Math.ceil(10 * seconds);
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const bare = await measureBare(browser, lines);
    const [ann, bob] = await signUpPair(server.info);
    const address = `http://localhost:${server.info.http.port}/`;
    const [from, to] = [await openChat(browser, address, { account: 0, chat: bob.userId }), await openChat(browser, address, { account: 1, chat: ann.userId })];
    const client = rowOf('the web client: Enter → painted on the other side', await measureLines(from, to, lines));
    client.ratios = [
      ratioTo(BOUNDS.webSendP50, client.p50Ms!, bare.p50Ms! + FRAME_MS),
      ratioTo(BOUNDS.webSendP95, client.figures!['ms p95']!, bare.figures!['ms p95']! + 50),
    ];
    return [bare, client];
  }));
}

/** A frame of a screen with 60 pictures a second. */
const FRAME_MS = 17;

async function measureBare(browser: Parameters<typeof openChat>[0], lines: number): Promise<Row> {
  await using bare = await startBareChat();
  const [from, to] = [await browser.newPage(), await browser.newPage()];
  for (const page of [from, to]) await page.goto(bare.address);
  const row = rowOf('a bare page: Enter → painted in another window', await measureLines(from, to, lines));
  for (const page of [from, to]) await page.close();
  return row;
}

/** Two people who know each other, and have a chat. */
export async function signUpPair(server: ServerInfo): Promise<[RawAccount, RawAccount]> {
  const [ann, bob] = [await RawAccount.signUp(server, { name: 'Ann', ...phoneOf(0) }), await RawAccount.signUp(server, { name: 'Bob', ...phoneOf(1) })];
  await ann.meet(bob);
  await bob.meet(ann);
  await ann.send(bob, 'hello');
  return [ann, bob];
}

async function measureLines(from: Page, to: Page, lines: number): Promise<number[]> {
  await from.evaluate(NOTE_ENTER);
  const field = from.getByRole('textbox', { name: 'Message', exact: true });
  await field.click();
  const took: number[] = [];
  for (let n = 0; n < lines + WARM_UP; n++) {
    const text = `line number ${n} of the bench`;
    const painted = to.evaluate<number>(whenPainted(text));
    await from.keyboard.insertText(text);
    await from.keyboard.press('Enter');
    const at = await painted;
    if (n >= WARM_UP) took.push(at - (await from.evaluate<number>(READ_ENTER)));
  }
  return took;
}

function rowOf(name: string, took: number[]): Row {
  const samples = Float64Array.from(took);
  return { name, p50Ms: percentile(samples, 0.5), p99Ms: percentile(samples, 0.99), figures: { 'ms p95': percentile(samples, 0.95) } };
}
