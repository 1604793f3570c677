import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { RoughLinks } from './rough-links.ts';
import { type Acknowledged, actAtRandom, expectAgreement, headOf, openTwoHomes } from './two-homes-stage.ts';

/** `HOMES_SEED=… npx vitest run --project scenario tests/scenarios/rough-links.test.ts` */
const SEED = process.env['HOMES_SEED'] ?? '20261128';
const CUTS = 10;
/** Rounds with so many cuts each, after which everything is looked at. */
const ROUNDS = sizeOf({ short: 1, full: 5 });
/** People act as fast as people do, or there would be more to look at than to cut. */
const MOST_PAUSE_MS = 80;

test(`what people of two data centres do while the links are cut after any byte is there once and in order (HOMES_SEED=${SEED})`, async () => {
  await using links = await RoughLinks.start(seededRandom(`${SEED} links`));
  await using stage = await openTwoHomes((dc) => links.optionsOf(dc));
  const pair = await stage.startPair();
  const people = [pair.ann, pair.ben] as const;
  const acknowledged: Acknowledged = { sent: [], deleted: new Set() };
  const randoms = people.map(({ name }) => seededRandom(`${SEED} ${name}`));
  let number = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await stage.plays(pair, async () => {
      const cutting = links.cut(CUTS);
      const act = async (at: 0 | 1): Promise<void> => {
        const random = randoms[at]!;
        while (links.isCutting) {
          await actAtRandom(people[at], people[at === 0 ? 1 : 0], { random, number: number++, acknowledged });
          await delay(random.uint31() % MOST_PAUSE_MS);
        }
      };
      await Promise.all([act(0), act(1)]);
      const { inHandshake, later } = await cutting;
      expect(inHandshake).toBeGreaterThan(0);
      expect(later).toBeGreaterThan(0);
    });
    const texts = await expectAgreement(pair);
    for (const [at, { name }] of people.entries()) {
      const wanted = acknowledged.sent.filter((text) => text.endsWith(name) && !acknowledged.deleted.has(text));
      expect(texts[at]!.map(headOf), `what ${name} wrote`).toEqual(wanted);
    }
  }
  expect(acknowledged.sent.length).toBeGreaterThan(CUTS * ROUNDS);
}, 600_000);
