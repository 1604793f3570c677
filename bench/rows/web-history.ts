import type { Browser, Page } from 'playwright-core';
import { callPatiently, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { percentile, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { serveBareHistory } from '../web/bare-history.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { measureHeap } from '../web/heap.ts';
import { COUNT_MESSAGES, MOVE_OF_ANCHOR, START_FRAMES, STOP_FRAMES } from '../web/page-scripts.ts';

const FEW = 1000;
/** Messages on the way while a chat is filled. */
const WINDOW = 64;
/** Turns of the wheel, of so many pixels each, and the time between them in milliseconds. */
const TURNS = 150;
const TURN_PX = -500;
const TURN_MS = 40;

/** A chat with very many messages beside a short one: what the page holds, and how it scrolls. */
export async function benchWebHistory({ seed, profileDir }: BenchOptions): Promise<Row[]> {
  const many = Math.max(2 * FEW, Math.round(seed.messages / 2));
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const [, few, full] = await fillChats(server.info, many);
    const address = `http://localhost:${server.info.http.port}/`;
    const bare = await scrollBare(browser);
    const short = await scroll(browser, await openChat(browser, address, { account: 0, chat: few.userId }));
    const long = await scroll(browser, await openChat(browser, address, { account: 0, chat: full.userId }));
    const rowOf = (name: string, { frames, nodes, heap, moved }: Scrolled): Row => ({
      name,
      figures: { 'ms p95 of frames': percentile(Float64Array.from(frames), 0.95), ...(heap === undefined ? {} : { 'nodes of messages': nodes, 'MiB of heap': heap / 2 ** 20, 'pixels moved': moved }) },
    });
    const rows = [
      rowOf('a bare list of 400 lines, scrolled', bare),
      rowOf(`a chat of ${FEW.toLocaleString('en-US')} messages, scrolled back`, short),
      rowOf(`a chat of ${many.toLocaleString('en-US')} messages, scrolled back`, long),
    ];
    rows[2]!.ratios = [
      ratioTo(BOUNDS.webNodes, long.nodes, 200),
      ratioTo(BOUNDS.webHeap, long.heap!, short.heap!),
      ratioTo(BOUNDS.webScroll, rows[2]!.figures!['ms p95 of frames']!, rows[0]!.figures!['ms p95 of frames']!),
      ratioTo(BOUNDS.webAnchor, long.moved, 1),
    ];
    return rows;
  }));
}

interface Scrolled {
  frames: number[];
  /** At most, of all moments that were looked at. */
  nodes: number;
  heap?: number;
  moved: number;
}

/** Somebody with a chat of few messages, and one of many. */
async function fillChats(server: ServerInfo, many: number): Promise<[RawAccount, RawAccount, RawAccount]> {
  const [ann, few, full] = await Promise.all(['Ann', 'Few', 'Full'].map((name, n) => RawAccount.signUp(server, { name, ...phoneOf(n) }))) as [RawAccount, RawAccount, RawAccount];
  for (const [other, count] of [[few, FEW], [full, many]] as const) {
    await other.meet(ann);
    await ann.meet(other);
    let next = 0;
    // Both write, because one account may not send so many messages a second.
    await Promise.all(Array.from({ length: WINDOW }, async (_, lane) => {
      const [from, to] = lane % 2 === 0 ? [ann, other] : [other, ann];
      while (next < count) {
        const message = `message ${next++} ${'with some words '.repeat(next % 7)}`;
        await callPatiently<'messages.sendMessage'>(from, { _: 'messages.sendMessage', peer: from.inputPeer(to), message, random_id: systemRandom.int63() });
      }
    }));
  }
  // The chat begins at its end, and not at what is unread.
  for (const other of [few, full]) {
    await ann.call<'messages.readHistory'>({ _: 'messages.readHistory', peer: ann.inputPeer(other), max_id: 2 ** 31 - 1 });
  }
  return [ann, few, full];
}

async function turnWheel(page: Page, look?: () => Promise<void>): Promise<number[]> {
  const { width, height } = page.viewportSize()!;
  await page.mouse.move(width / 2, height / 4);
  await page.evaluate(START_FRAMES);
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, TURN_PX);
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    if (turn % 30 === 29) await look?.();
  }
  return (await page.evaluate<{ frames: number[] }>(STOP_FRAMES)).frames;
}

async function scrollBare(browser: Browser): Promise<Scrolled> {
  await using bare = await serveBareHistory();
  const page = await browser.newPage();
  await page.goto(bare.address);
  const frames = await turnWheel(page);
  await page.close();
  return { frames, nodes: 0, moved: 0 };
}

async function scroll(browser: Browser, page: Page): Promise<Scrolled> {
  let nodes = 0;
  const frames = await turnWheel(page, async () => {
    nodes = Math.max(nodes, await page.evaluate<number>(COUNT_MESSAGES));
  });
  const moved = await page.evaluate<number>(MOVE_OF_ANCHOR);
  const heap = await measureHeap(browser, page);
  await page.context().close();
  return { frames, nodes, heap, moved };
}
