import type { Browser, Page } from 'playwright-core';
import { callPatiently, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { measureHeap } from '../web/heap.ts';
import { COUNT_MESSAGES, MOVE_OF_ANCHOR } from '../web/page-scripts.ts';
import { placeInList, scrollBare, turnWheel } from '../web/turn-wheel.ts';

const FEW = 1000;
/** Messages on the way while a chat is filled. */
const WINDOW = 64;
/** Turns of the wheel, of so many pixels each. */
const WHEEL = { turns: 150, pixels: (): number => -500 };

/** A chat with very many messages beside a short one: what the page holds, and how it scrolls. */
export async function benchWebHistory({ seed, profileDir }: BenchOptions): Promise<Row[]> {
  const many = Math.max(2 * FEW, Math.round(seed.messages / 2));
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const [, few, full] = await fillChats(server.info, many);
    const address = `http://localhost:${server.info.http.port}/`;
    const bare = await scrollBare(browser, WHEEL);
    const short = await scroll(browser, await openChat(browser, address, { account: 0, chat: few.userId }));
    const long = await scroll(browser, await openChat(browser, address, { account: 0, chat: full.userId }));
    const rowOf = (name: string, { frameMs, nodes, heap, moved }: Scrolled): Row => ({ name, figures: { 'ms p95 of frames': frameMs, 'nodes of messages': nodes, 'MiB of heap': heap / 2 ** 20, 'pixels moved': moved } });
    const rows: Row[] = [
      { name: 'a bare list of 400 lines, scrolled', figures: { 'ms p95 of frames': bare } },
      rowOf(`a chat of ${FEW.toLocaleString('en-US')} messages, scrolled back`, short),
      rowOf(`a chat of ${many.toLocaleString('en-US')} messages, scrolled back`, long),
    ];
    rows[2]!.ratios = [
      ratioTo(BOUNDS.webNodes, long.nodes, 200),
      ratioTo(BOUNDS.webHeap, long.heap, short.heap),
      ratioTo(BOUNDS.webScroll, long.frameMs, bare),
      ratioTo(BOUNDS.webAnchor, long.moved, 1),
    ];
    return rows;
  }));
}

interface Scrolled {
  /** The 95th percentile of the lengths of frames, in milliseconds. */
  frameMs: number;
  /** At most, of all moments that were looked at. */
  nodes: number;
  heap: number;
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

async function scroll(browser: Browser, page: Page): Promise<Scrolled> {
  let nodes = 0;
  const count = async (): Promise<void> => {
    nodes = Math.max(nodes, await page.evaluate<number>(COUNT_MESSAGES));
  };
  const frameMs = await turnWheel(page, { ...WHEEL, at: placeInList(page), look: { every: 30, run: count } });
  const moved = await page.evaluate<number>(MOVE_OF_ANCHOR);
  const heap = await measureHeap(browser, page);
  await page.context().close();
  return { frameMs, nodes, heap, moved };
}
