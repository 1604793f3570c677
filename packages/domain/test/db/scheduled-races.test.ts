import { setImmediate as turn } from 'node:timers/promises';
import { seededRandom } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ScheduledRow } from '../../src/messages/scheduled-store.ts';
import { errorOf } from './accounts-world.ts';
import { createScheduledStage, DAY_S, HOUR_S, type ScheduledStage } from './scheduled-stage.ts';

/** How often each race is run. */
const ROUNDS = sizeOf({ short: 30, full: 100 });
/** Maximum number of event loop turns by which a racer starts late; a send takes a few of them. */
const MAX_TURNS = 12;

let stage: ScheduledStage;
let alice: bigint;
let bob: bigint;
beforeAll(async () => {
  stage = await createScheduledStage();
  alice = await stage.signUp('Alice');
  bob = await stage.signUp('Bob');
});
afterAll(() => stage[Symbol.asyncDispose]());

const RACERS = {
  timer: (row: ScheduledRow) => stage.runTimer(alice, { until: row.schedule_date }),
  'send now': (row: ScheduledRow) => stage.sendNow(row),
  edit: (row: ScheduledRow) => stage.edit(row, { text: `${row.text} edited` }),
  'put off': (row: ScheduledRow) => stage.edit(row, { date: row.schedule_date + DAY_S }),
  delete: (row: ScheduledRow) => stage.delete(row),
};
type Racer = keyof typeof RACERS;

interface Outcome {
  errors: Partial<Record<Racer, string>>;
  row: ScheduledRow;
  /** The texts that Bob received. */
  sent: string[];
  left: ScheduledRow[];
}

/** Schedules a message and starts these actions together, each after a random number of turns. */
async function race(racers: readonly Racer[], random: { uint31(): number }, repeatPeriod?: number): Promise<Outcome> {
  const row = await stage.schedule(alice, bob, `round ${random.uint31()}`, { date: stage.world.clock.now() + HOUR_S, ...(repeatPeriod ? { repeatPeriod } : {}) });
  const before = (await stage.texts(bob)).length;
  const errors: Outcome['errors'] = {};
  await Promise.all(
    racers.map(async (name) => {
      for (let turns = random.uint31() % MAX_TURNS; turns > 0; turns--) await turn();
      errors[name] = await errorOf(RACERS[name](row).then(() => undefined));
    }),
  );
  const outcome = { errors, row, sent: (await stage.texts(bob)).slice(before), left: await stage.waiting(alice) };
  expect((await stage.texts(alice)).slice(-outcome.sent.length || Infinity)).toEqual(outcome.sent);
  await stage.world.db.transact('clear', (tx) => tx.q.deleteFrom('scheduled_messages').execute());
  return outcome;
}

const OK = 'no error';
const LATE = 'MESSAGE_ID_INVALID';

/** Holds whichever action won: every acknowledged result is true, and the message was sent once, is still scheduled, or was deleted. */
function check({ errors, row, sent, left }: Outcome): void {
  const isDeleted = errors.delete === OK;
  for (const error of Object.values(errors)) expect([OK, LATE]).toContain(error);
  expect(sent.length, 'sent once at most').toBeLessThanOrEqual(1);
  if (isDeleted) expect(sent, 'what was deleted is not sent').toEqual([]);
  const isRepeated = row.repeat_period !== null;
  const waits = left.filter((one) => one.msg_id === row.msg_id);
  expect(sent.length + waits.length + (isDeleted ? 1 : 0), 'it is somewhere').toBe(1);
  expect(left.length - waits.length, 'what comes again was scheduled anew').toBe(isRepeated ? sent.length : 0);
  if (errors.edit === OK) for (const text of [...sent, ...left.map((one) => one.text)]) expect(text, 'an edit stands').toBe(`${row.text} edited`);
  if (errors.edit === LATE) expect(sent).not.toEqual([`${row.text} edited`]);
  // The edit of the text repeats the first date.
  if (errors['put off'] === OK && errors.edit !== OK) {
    for (const one of waits) expect(one.schedule_date).toBe(row.schedule_date + DAY_S);
    if (errors['send now'] === undefined) expect(sent, 'what was put off is not sent').toEqual([]);
  }
  if (errors.timer === OK && errors['put off'] !== OK && !isDeleted) expect(sent).toHaveLength(1);
}

describe(`${ROUNDS} races for a scheduled message`, () => {
  const races: Racer[][] = [
    ['timer', 'edit'],
    ['timer', 'put off'],
    ['timer', 'delete'],
    ['timer', 'send now'],
    ['send now', 'edit'],
    ['send now', 'put off'],
    ['send now', 'delete'],
    ['edit', 'delete'],
    ['timer', 'send now', 'edit', 'put off', 'delete'],
  ];
  it.each(races.map((racers) => ({ title: racers.join(', '), racers })))('between $title lose nothing that was acknowledged', async ({ title, racers }) => {
    const random = seededRandom(title);
    for (let round = 0; round < ROUNDS; round++) check(await race(racers, random));
  });

  it('schedule one next message for each sent message that repeats', async () => {
    const random = seededRandom('series');
    for (let round = 0; round < ROUNDS; round++) check(await race(['timer', 'send now', 'edit', 'delete'], random, 7 * DAY_S));
  });
});
