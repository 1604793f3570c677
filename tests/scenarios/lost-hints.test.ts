import { seededRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRules, createIntervalClock, describe as describeState, type Actor, type HintFate } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

/** The gateway's own round of repair, STORAGE-RULES 3. */
const REPAIR_MS = 2000;
const SEED = 20_260_711;

let scenario: Scenario;
let fate: (topic: string) => HintFate = () => 'deliver';
const clock = createIntervalClock();
beforeAll(async () => {
  console.log(`seed ${SEED}`);
  scenario = await startScenario({ clock, hintPolicy: (topic) => fate(topic) });
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function chatter(people: Actor[]): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await Promise.all(people.map((from, i) => from.send(people[(i + 1 + round) % people.length]!, `round ${round} from ${i}`)));
  }
  const [first, second] = [people[0]!, people[1]!];
  const sent = await first.send(second, 'to be edited');
  await first.edit(sent, 'edited');
  await first.delete([await first.send(second, 'to be deleted')]);
}

/** Every device has all that the server has, by pushes alone, and saw its pts ascend. */
async function checkConverged(people: Actor[]): Promise<number> {
  let devices = 0;
  for (const person of people) {
    for (const device of person.devices) {
      const fresh = await device.load();
      await device.waitUntil(`pts ${fresh.pts} by repair`, () => device.state.pts >= fresh.pts && !device.state.hasHole);
      expect(describeState(device.state)).toEqual(describeState(fresh));
      expect(device.state.pushedPts).toEqual([...device.state.pushedPts].sort((a, b) => a - b));
      checkRules(device);
      devices++;
    }
  }
  return devices;
}

describe('STORAGE-RULES 3: hints may be lost, doubled and reordered', () => {
  let people: Actor[];
  beforeAll(async () => {
    people = [];
    for (let i = 0; i < 5; i++) people.push(await scenario.world.user(`Person ${i}`));
    await people[0]!.device();
    for (const a of people) for (const b of people) if (a !== b) await a.meet(b);
  }, 60_000);

  test('all hints are lost: one round of repair brings every client up to date', async () => {
    fate = () => 'drop';
    await chatter(people);
    fate = () => 'deliver';
    await clock.runIntervals(REPAIR_MS);
    expect(await checkConverged(people)).toBe(6);
  });

  test('a tenth is lost, the rest doubled, held back and reordered', async () => {
    const random = seededRandom(SEED);
    fate = () => {
      const dice = random.uint31() % 10;
      if (dice === 0) return 'drop';
      return dice < 4 ? 'hold' : dice < 6 ? 'duplicate' : 'deliver';
    };
    await chatter(people);
    fate = () => 'deliver';
    scenario.server.releaseHints((held) => held.map((hint) => ({ hint, key: random.uint31() })).sort((a, b) => a.key - b.key).map(({ hint }) => hint));
    await clock.runIntervals(REPAIR_MS);
    expect(await checkConverged(people)).toBe(6);
  });

  test('the bus was away: a reconnect repairs at once', async () => {
    fate = () => 'drop';
    await chatter(people);
    fate = () => 'deliver';
    scenario.server.reconnectBus();
    expect(await checkConverged(people)).toBe(6);
  });
});
