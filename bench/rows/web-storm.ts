import type { Page } from 'playwright-core';
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { runPaced } from '../load/deliveries.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { percentile, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { READ_UNREAD, START_FRAMES, STOP_FRAMES } from '../web/page-scripts.ts';

/** Messages in a second, to one open and 50 closed chats. */
const PER_SECOND = 500;
const SENDERS = 51;
/** Between two keys that are pressed, in milliseconds. */
const KEY_EVERY_MS = 120;
/** How long the page may take to show the right counts after the storm, in milliseconds. */
const SETTLE_MS = 10_000;

interface Seen {
  frames: number[];
  keys: number[];
}

/** What somebody sees and feels who writes while messages pour in. */
export async function benchWebStorm({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const [ann, ...senders] = await signUpCrowd(server.info);
    const [first] = senders as [RawAccount];
    const page = await openChat(browser, `http://localhost:${server.info.http.port}/`, { account: 0, chat: first.userId });
    await page.getByRole('textbox', { name: 'Message', exact: true }).click();
    const calm = await watch(page, new Promise((resolve) => setTimeout(resolve, 2000)));
    let sent = 0;
    const storm = await watch(page, runPaced(performance.now() + seconds * 1000, PER_SECOND, async (n) => {
      await senders[n % SENDERS]!.send(ann!, `message ${n} of the storm`);
      sent++;
    }));
    const wrong = await countWrong(page, ann!);
    const rows = [rowOf('the web client, calm', calm), rowOf(`the web client, ${PER_SECOND} messages a second into 51 chats`, storm)];
    rows[1]!.ratios = [
      ratioTo(BOUNDS.webStormFrame, rows[1]!.figures!['ms p95 of frames']!, 50),
      ratioTo(BOUNDS.webStormKey, rows[1]!.figures!['ms p95 of keys']!, rows[0]!.figures!['ms p95 of keys']! + 50),
      ratioTo(BOUNDS.webStormUnread, wrong, 1),
    ];
    rows[1]!.rate = sent / seconds;
    rows[1]!.unit = 'messages';
    return rows;
  }));
}

/** Somebody, and others who have written to them. */
async function signUpCrowd(server: ServerInfo): Promise<RawAccount[]> {
  const all: RawAccount[] = [];
  for (let n = 0; n <= SENDERS; n++) all.push(await RawAccount.signUp(server, { name: n === 0 ? 'Ann' : `Sender ${n}`, ...phoneOf(n) }));
  const [ann, ...senders] = all;
  for (const sender of senders) {
    await sender.meet(ann!);
    await sender.send(ann!, 'hello');
  }
  return all;
}

/** Types while something goes on, and notes frames and keys. */
async function watch(page: Page, going: Promise<void>): Promise<Seen> {
  await page.evaluate(START_FRAMES);
  let isOver = false;
  const over = going.finally(() => (isOver = true));
  while (!isOver) {
    await page.keyboard.press('a');
    await new Promise((resolve) => setTimeout(resolve, KEY_EVERY_MS));
  }
  await over;
  return await page.evaluate<Seen>(STOP_FRAMES);
}

/** How many chats in sight show another number of unread messages than the server knows. */
async function countWrong(page: Page, ann: RawAccount): Promise<number> {
  const answer = await ann.call<'messages.getDialogs'>({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n });
  if (!('dialogs' in answer)) throw new Error(answer._);
  const names = new Map(answer.users.flatMap((user) => (user._ === 'user' ? [[user.id, user.first_name ?? ''] as const] : [])));
  const known = new Map(answer.dialogs.flatMap((dialog) => (dialog._ === 'dialog' && dialog.peer._ === 'peerUser' ? [[names.get(dialog.peer.user_id), dialog.unread_count] as const] : [])));
  for (const deadline = performance.now() + SETTLE_MS; ; ) {
    const shown = Object.entries(await page.evaluate<Record<string, number>>(READ_UNREAD));
    const wrong = shown.filter(([name, unread]) => known.get(name) !== unread).length;
    if (shown.length > 0 && (wrong === 0 || performance.now() > deadline)) return wrong;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function rowOf(name: string, { frames, keys }: Seen): Row {
  return { name, figures: { 'ms p95 of frames': percentile(Float64Array.from(frames), 0.95), 'ms p95 of keys': percentile(Float64Array.from(keys), 0.95) } };
}
