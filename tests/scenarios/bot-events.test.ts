import { type Actor, BotClient, createIntervalClock } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBot, write } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

/** Interval of the gateway's repair, rule S3. */
const REPAIR_MS = 2000;

let scenario: Scenario;
/** Called with each hint of a box; its hint is lost if this returns true. */
let isLost: (topic: string) => boolean = () => false;
const clock = createIntervalClock();
beforeAll(async () => {
  scenario = await startScenario({ clock, hintPolicy: (topic) => (isLost(topic) ? 'drop' : 'deliver') });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const isStop = (update: tl.TypeUpdate): update is tl.RawUpdateBotStopped => update._ === 'updateBotStopped';
const stopsOf = (updates: readonly tl.TypeUpdate[]): [boolean, number][] => updates.filter(isStop).map(({ stopped, qts }) => [stopped, qts]);

function setBlocked(person: Actor, { id }: { id: number }, blocked: boolean): Promise<boolean> {
  return person.main.call({ _: blocked ? 'contacts.block' : 'contacts.unblock', id: person.main.inputPeer(id) });
}

/** What a bot that has reached this qts has missed, in slices. */
async function differ(bot: BotClient, qts: number, qtsLimit?: number): Promise<{ kinds: string[]; updates: tl.TypeUpdate[]; qts: number }> {
  const { pts, date } = await bot.call({ _: 'updates.getState' });
  const all = { kinds: [] as string[], updates: [] as tl.TypeUpdate[], qts };
  for (;;) {
    const difference = await bot.call({ _: 'updates.getDifference', pts, date, qts: all.qts, qtsLimit });
    all.kinds.push(difference._);
    if (difference._ !== 'updates.difference' && difference._ !== 'updates.differenceSlice') return all;
    all.updates.push(...difference.otherUpdates);
    all.qts = (difference._ === 'updates.difference' ? difference.state : difference.intermediateState).qts;
    if (difference._ === 'updates.difference') return all;
  }
}

describe('a bot that is stopped by somebody', () => {
  test('is told with a qts, by pushes and by a difference', async () => {
    const [person, stranger] = [await scenario.world.user('Person'), await scenario.world.user('Stranger')];
    await using bot = await startBot(scenario, 'Stopped_bot');
    await write(person, bot.made, '/start');
    expect(await bot.call({ _: 'updates.getState' })).toMatchObject({ qts: 0 });

    // Somebody who never wrote to the bot is nothing to it.
    await stranger.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
    await setBlocked(stranger, bot, true);
    await setBlocked(person, bot, true);
    expect(await bot.waitFor('stop', isStop)).toMatchObject({ userId: person.id, stopped: true, qts: 1 });
    // The same once more is no news.
    await setBlocked(person, bot, true);
    await setBlocked(person, bot, false);
    expect(await bot.waitFor('start', (update): update is tl.RawUpdateBotStopped => isStop(update) && !update.stopped)).toMatchObject({ qts: 2 });
    expect(stopsOf(bot.updates)).toEqual([[true, 1], [false, 2]]);

    expect(await bot.call({ _: 'updates.getState' })).toMatchObject({ qts: 2 });
    const missed = await differ(bot, 0);
    expect(missed).toMatchObject({ kinds: ['updates.difference'], qts: 2 });
    expect(stopsOf(missed.updates)).toEqual([[true, 1], [false, 2]]);
    expect(stopsOf((await differ(bot, 1)).updates)).toEqual([[false, 2]]);
    expect((await differ(bot, 2)).kinds).toEqual(['updates.differenceEmpty']);
    expect((await differ(bot, -1)).kinds).toEqual(['updates.differenceEmpty']);
    const sliced = await differ(bot, 0, 1);
    expect(sliced).toMatchObject({ kinds: ['updates.differenceSlice', 'updates.difference'], qts: 2 });
    expect(stopsOf(sliced.updates)).toEqual([[true, 1], [false, 2]]);
    // People have no qts.
    expect(await person.main.call({ _: 'updates.getState' })).toMatchObject({ qts: 0 });
  });

  test('gets each event once and in order when hints are lost', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Deaf_bot');
    await write(person, bot.made, '/start');
    await bot.sees('/start');
    const lost = new Promise<void>((resolve) => {
      isLost = (topic) => {
        if (topic !== `user:${bot.id}`) return false;
        isLost = () => false;
        resolve();
        return true;
      };
    });
    await setBlocked(person, bot, true);
    await lost;
    // The next hint shows that one is missing.
    await setBlocked(person, bot, false);
    await bot.waitFor('start', (update): update is tl.RawUpdateBotStopped => isStop(update) && !update.stopped);
    expect(stopsOf(bot.updates)).toEqual([[true, 1], [false, 2]]);
    await clock.runIntervals(REPAIR_MS);
    expect(stopsOf(bot.updates)).toEqual([[true, 1], [false, 2]]);
  });

  test('finds what it missed after a restart of the server', async () => {
    const person = await scenario.world.user('Person');
    const bot = await startBot(scenario, 'Away_bot');
    await write(person, bot.made, '/start');
    await bot.sees('/start');
    await bot[Symbol.asyncDispose]();
    await setBlocked(person, bot, true);
    await scenario.server.restart();
    await using later = await BotClient.logIn(scenario.server, bot.made.token);
    const missed = await differ(later, 0);
    // The job that tells the bot may not have run before the restart.
    if (missed.qts === 0) await later.waitFor('stop', isStop);
    expect(stopsOf([...missed.updates, ...later.updates])).toContainEqual([true, 1]);
  });
});
