import type { Browser, Page } from 'playwright-core';
import { percentile } from '../row.ts';
import { serveBareHistory } from './bare-history.ts';
import { START_FRAMES, STOP_FRAMES } from './page-scripts.ts';

/** Time between two turns of the wheel, in milliseconds. */
const TURN_MS = 40;

/** How the wheel is turned. */
export interface Wheel {
  /** Where the pointer is. */
  at: { x: number; y: number };
  turns: number;
  /** By how many pixels a turn scrolls. */
  pixels(turn: number): number;
  /** Runs after each so many turns. */
  look?: { every: number; run(): Promise<void> };
}

/** Turns the wheel in a page. @returns the 95th percentile of the lengths of frames, in milliseconds */
export async function turnWheel(page: Page, { at, turns, pixels, look }: Wheel): Promise<number> {
  await page.mouse.move(at.x, at.y);
  await page.evaluate(START_FRAMES);
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, pixels(turn));
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    if (look && turn % look.every === look.every - 1) await look.run();
  }
  const { frames } = await page.evaluate<{ frames: number[] }>(STOP_FRAMES);
  return percentile(Float64Array.from(frames), 0.95);
}

/** A point in a page that lies over its list and over nothing else. */
export function placeInList(page: Page): Wheel['at'] {
  const { width, height } = page.viewportSize()!;
  return { x: width / 2, y: height / 4 };
}

/** Turns the wheel on a bare list. @returns as {@link turnWheel} */
export async function scrollBare(browser: Browser, wheel: Pick<Wheel, 'turns' | 'pixels'>): Promise<number> {
  await using bare = await serveBareHistory();
  const page = await browser.newPage();
  await page.goto(bare.address);
  const p95 = await turnWheel(page, { ...wheel, at: placeInList(page) });
  await page.close();
  return p95;
}
