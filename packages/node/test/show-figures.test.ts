import { createFakeClock, createMetrics, silentLogger } from '@aerogram/runtime';
import { expect, it } from 'vitest';
import { showFigures } from '../src/show-figures.ts';

const FIGURES = { database_bytes: 5n, accounts: 7, online: 1, bots: 2, webhooks: 3, failing_webhooks: 1, dead_jobs: 0, files: 4, file_bytes: 9, cards: [{ dc: 2, cards: 6 }, { dc: 3, cards: 0 }], archive_age_s: null, archive_fails: null, archive_waiting: null };

/** A page of metrics over a database whose answers the test gives. */
function stage() {
  const metrics = createMetrics();
  const clock = createFakeClock();
  const asked: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  const run = (): Promise<never> => new Promise((resolve, reject) => asked.push({ resolve, reject }));
  showFigures({ db: { run }, clock, sessionClock: clock, log: silentLogger, metrics });
  const answer = (accounts = 7): void => asked.at(-1)!.resolve({ rows: [{ ...FIGURES, accounts }], count: 1 });
  return { metrics, clock, asked, answer };
}

it('numbers about the database are read at most once in a minute, and only if somebody asks', async () => {
  const { metrics, clock, asked, answer } = stage();
  await clock.advance(600_000);
  expect(asked).toHaveLength(0);
  const first = metrics.render();
  answer();
  expect(await first).toContain('aerogram_accounts 7\n');
  expect(await first).toContain('aerogram_webhooks{state="ok"} 2\n');
  for (const line of ['aerogram_cards{dc="2"} 6\n', 'aerogram_cards{dc="3"} 0\n']) expect(await first).toContain(line);
  expect(await first).not.toContain('aerogram_archive');
  await clock.advance(59_000);
  await metrics.render();
  expect(asked).toHaveLength(1);
  await clock.advance(1000);
  const second = metrics.render();
  answer(8);
  expect(await second).toContain('aerogram_accounts 8\n');
  expect(asked).toHaveLength(2);
});

it('a page waits half a second for a slow database, which is not asked again meanwhile, and shows what was before', async () => {
  const { metrics, clock, asked, answer } = stage();
  const first = metrics.render();
  answer();
  await first;
  await clock.advance(60_000);
  const late = [metrics.render(), metrics.render()];
  await clock.advance(500);
  for (const page of await Promise.all(late)) expect(page).toContain('aerogram_accounts 7\n');
  await clock.advance(120_000);
  const patient = metrics.render();
  expect(asked).toHaveLength(2);
  answer(9);
  expect(await patient).toContain('aerogram_accounts 9\n');
});

it('a database that fails leaves the page as it was', async () => {
  const { metrics, asked } = stage();
  const page = metrics.render();
  asked[0]!.reject(new Error('away'));
  expect(await page).toBe('\n');
});
