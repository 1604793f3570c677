import { type HomeProcesses, startHomeProcesses } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';

let homes: HomeProcesses;
beforeAll(async () => void (homes = await startHomeProcesses(2)));
afterAll(() => homes?.[Symbol.asyncDispose]());

/** Whether the link from one data centre to the other stands, as its metrics say; undefined if they do not say it. */
async function readLink(from: number): Promise<string | undefined> {
  const { http } = homes.infoOf(from);
  const text = await fetch(`http://${http.host}:${http.port}/metrics`).then((response) => response.text(), () => '');
  return new RegExp(`^aerogram_link_up\\{dc="${3 - from}"\\} (\\d)$`, 'm').exec(text)?.[1];
}

test('data centres that were started together have a link, which is down when one of them is killed', async () => {
  for (const dc of [1, 2]) await expect.poll(() => readLink(dc), { timeout: 60_000 }).toBe('1');
  homes.kill(1);
  await expect.poll(() => readLink(2), { timeout: 30_000 }).toBe('0');
});
