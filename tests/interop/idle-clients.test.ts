import { setTimeout as delay } from 'node:timers/promises';
import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair, type Person } from './people-of-libraries.ts';

const ALL = ['mtcute', 'gramjs', 'telethon', 'tdlib'] as const;
const there = ALL.filter((library) => MISSING[library] === undefined);
const libraries = useLibraries({}, ALL);

/** In milliseconds: twice as long as the slowest client waits between two pings. */
const IDLE_MS = 120_000;

/** How many connections the server has closed. */
async function countClosed(): Promise<number> {
  const page = await readMetrics(libraries.server.info);
  const of = (labels: string): number => sumOfMetric(page, `aerogram_connections_closed_total${labels}`);
  return of('') - of('{reason="client"');
}

test(`the server closes no connection of clients that do nothing for two minutes: ${there.join(', ')}`, { timeout: 400_000 }, async () => {
  const people: Person[] = [];
  const pairs: [Person, Person][] = [];
  for (const library of there) {
    const pair = await enterPair(libraries, library, library);
    pairs.push(pair);
    people.push(...pair);
    // While a call runs, some clients name a short delay with their ping.
    await pair[0].client.send({ peer: pair[1].id, text: 'good night' });
    await pair[1].client.seesMessage('good night');
  }
  const before = await countClosed();
  await delay(IDLE_MS);
  expect((await countClosed()) - before).toBe(0);
  for (const [alice, bob] of pairs) {
    await alice.client.send({ peer: bob.id, text: 'good morning' });
    await bob.client.seesMessage('good morning');
  }
  await closeAll(...people);
});
