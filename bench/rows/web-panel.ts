import type { Browser, Page } from 'playwright-core';
import { RawAccount } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { percentile, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { serveBareHistory } from '../web/bare-history.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { COUNT_NODES, OPEN_PANEL, type OpenedPanel, START_FRAMES, STOP_FRAMES } from '../web/page-scripts.ts';

/** How often the panel is opened again once it was loaded. */
const OPENINGS = 9;
/** Turns of the wheel, of so many pixels each, and the time between them in milliseconds. */
const TURNS = 100;
const TURN_PX = 120;
const TURN_MS = 40;

/** The panel of emoji: how many frames pass until it shows them, and how it scrolls beside a bare list. */
export async function benchWebPanel({ profileDir }: BenchOptions): Promise<Row[]> {
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((name, n) => RawAccount.signUp(server.info, { name, ...phoneOf(n) })));
    await ann!.meet(bob!);
    await ann!.send(bob!, 'hello');
    const bare = await scrollBare(browser);
    const page = await openChat(browser, `http://localhost:${server.info.http.port}/`, { account: 0, chat: bob!.userId });
    await page.evaluate<OpenedPanel>(OPEN_PANEL);
    const warm: OpenedPanel[] = [];
    for (let turn = 0; turn < OPENINGS; turn++) warm.push(await page.evaluate<OpenedPanel>(OPEN_PANEL));
    const frames = percentile(Float64Array.from(warm, (opened) => opened.frames), 0.5);
    const box = (await page.getByRole('grid', { name: 'Emoji' }).boundingBox())!;
    let nodes = 0;
    const scrolled = await turnWheel(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, async () => {
      nodes = Math.max(nodes, await page.evaluate<number>(COUNT_NODES));
    });
    const rows: Row[] = [
      { name: 'a bare list of 400 lines, scrolled', figures: { 'ms p95 of frames': bare } },
      { name: 'the panel of emoji', p50Ms: percentile(Float64Array.from(warm, ({ ms }) => ms), 0.5), figures: { 'frames until the first emoji': frames, 'ms p95 of frames': scrolled, 'nodes of the panel': nodes } },
    ];
    rows[1]!.ratios = [ratioTo(BOUNDS.webPanelOpen, frames, 1), ratioTo(BOUNDS.webPanelScroll, scrolled, bare), ratioTo(BOUNDS.webPanelNodes, nodes, 2200)];
    return rows;
  }));
}

/** Turns the wheel at a place. @returns the 95th percentile of the lengths of frames, in milliseconds */
async function turnWheel(page: Page, { x, y }: { x: number; y: number }, look?: () => Promise<void>): Promise<number> {
  await page.mouse.move(x, y);
  await page.evaluate(START_FRAMES);
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, turn < TURNS / 2 ? TURN_PX : -TURN_PX);
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    if (turn % 20 === 19) await look?.();
  }
  const { frames } = await page.evaluate<{ frames: number[] }>(STOP_FRAMES);
  return percentile(Float64Array.from(frames), 0.95);
}

async function scrollBare(browser: Browser): Promise<number> {
  await using bare = await serveBareHistory();
  const page = await browser.newPage();
  await page.goto(bare.address);
  const { width, height } = page.viewportSize()!;
  const p95 = await turnWheel(page, { x: width / 2, y: height / 4 });
  await page.close();
  return p95;
}
