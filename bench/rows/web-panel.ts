import { RawAccount } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { percentile, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { openChat, withBrowser } from '../web/browser.ts';
import { COUNT_NODES, OPEN_PANEL, type OpenedPanel } from '../web/page-scripts.ts';
import { scrollBare, turnWheel } from '../web/turn-wheel.ts';

/** How often the panel is opened again once it was loaded. */
const OPENINGS = 9;
/** Turns of the wheel: the first half down, the second one up, by so many pixels each. */
const TURNS = 100;
const TURN_PX = 120;
const WHEEL = { turns: TURNS, pixels: (turn: number): number => (turn < TURNS / 2 ? TURN_PX : -TURN_PX) };

/** The panel of emoji: how many frames pass until it shows them, and how it scrolls beside a bare list. */
export async function benchWebPanel({ profileDir }: BenchOptions): Promise<Row[]> {
  return await withServer({ profileDir }, async ({ server }) => await withBrowser(async (browser) => {
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((name, n) => RawAccount.signUp(server.info, { name, ...phoneOf(n) })));
    await ann!.meet(bob!);
    await ann!.send(bob!, 'hello');
    const bare = await scrollBare(browser, WHEEL);
    const page = await openChat(browser, `http://localhost:${server.info.http.port}/`, { account: 0, chat: bob!.userId });
    await page.evaluate<OpenedPanel>(OPEN_PANEL);
    const warm: OpenedPanel[] = [];
    for (let turn = 0; turn < OPENINGS; turn++) warm.push(await page.evaluate<OpenedPanel>(OPEN_PANEL));
    const frames = percentile(Float64Array.from(warm, (opened) => opened.frames), 0.5);
    const box = (await page.getByRole('grid', { name: 'Emoji' }).boundingBox())!;
    let nodes = 0;
    const count = async (): Promise<void> => {
      nodes = Math.max(nodes, await page.evaluate<number>(COUNT_NODES));
    };
    const scrolled = await turnWheel(page, { ...WHEEL, at: { x: box.x + box.width / 2, y: box.y + box.height / 2 }, look: { every: 20, run: count } });
    const rows: Row[] = [
      { name: 'a bare list of 400 lines, scrolled', figures: { 'ms p95 of frames': bare } },
      { name: 'the panel of emoji', p50Ms: percentile(Float64Array.from(warm, ({ ms }) => ms), 0.5), figures: { 'frames until the first emoji': frames, 'ms p95 of frames': scrolled, 'nodes of the panel': nodes } },
    ];
    rows[1]!.ratios = [ratioTo(BOUNDS.webPanelOpen, frames, 1), ratioTo(BOUNDS.webPanelScroll, scrolled, bare), ratioTo(BOUNDS.webPanelNodes, nodes, 2200)];
    return rows;
  }));
}
