import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { BoxHint } from '../../src/events/box-event.ts';
import { openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

const [BOT, PERSON] = [10n, 18n] as const;

let t: MessagingFixture;
beforeEach(async () => {
  t = await openMessaging({ seed: 'qts' });
});
afterEach(() => t[Symbol.asyncDispose]());

const stop = (userId: bigint) => (qts: number): tl.Update => ({ _: 'updateBotStopped', user_id: userId, date: 1, stopped: true, qts });

/** Tells the bot in one transaction that these have stopped it. */
const tell = (...userIds: bigint[]): Promise<unknown> =>
  t.writeBoxes('tell', [BOT], async (_tx, boxes, date) => {
    for (const userId of userIds) boxes.addQts(BOT, date, stop(userId));
  });

/** A person writes to the bot, so that the pts of its box moves. */
const write = (text: string): Promise<unknown> => t.send(PERSON, BOT, text);

const countUp = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
const qtsOf = (updates: readonly tl.Update[]): number[] => updates.flatMap((update) => (update._ === 'updateBotStopped' ? [update.qts] : []));

/** Asks for differences from the beginning until there are no more. */
async function catchUp(qtsLimit?: number): Promise<{ slices: number[][]; texts: string[]; state: tl.updates.state }> {
  const found = { slices: [] as number[][], texts: [] as string[], state: { _: 'updates.state', pts: 1, qts: 1, date: 1, seq: 0, unread_count: 0 } as tl.updates.state };
  for (;;) {
    const { pts, qts, date } = found.state;
    const { difference } = await t.updates.findDifference(BOT, { pts, ptsLimit: undefined, ptsTotalLimit: undefined, date, qts, qtsLimit });
    if (!('new_messages' in difference)) return found;
    found.slices.push(qtsOf(difference.other_updates));
    found.texts.push(...difference.new_messages.map((message) => (message._ === 'message' ? message.message : message._)));
    found.state = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state;
    if (difference._ === 'updates.difference') return found;
  }
}

describe('events with a qts', () => {
  test('are numbered without holes by transactions that run at the same time, in the order of their hints', async () => {
    const hints: BoxHint[] = [];
    using _subscription = t.bus.subscribe(userTopic(BOT), (hint) => hints.push(hint as BoxHint));
    await Promise.all(countUp(1, 40).map((n) => (n % 4 === 0 ? write(`m${n}`) : tell(BigInt(n), BigInt(n)))));
    const rows = await t.db.q.selectFrom('update_log').select(['qts', 'loose_seq', 'pts']).where('owner_id', '=', BOT).where('qts', '>', 0).orderBy('qts').execute();
    expect(rows.map(({ qts }) => qts)).toEqual(countUp(2, 60));
    expect(rows.map(({ loose_seq: seq }) => seq)).toEqual(countUp(1, 60));
    expect(rows.map(({ pts }) => pts)).toEqual(rows.map(({ pts }) => pts).toSorted((a, b) => a - b));
    const told = hints.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'update' ? [event.update] : [])));
    expect(qtsOf(told).toSorted((a, b) => a - b)).toEqual(countUp(2, 60));
    // Both of each transaction follow each other.
    const { slices, texts } = await catchUp();
    expect(slices).toEqual([countUp(2, 60)]);
    expect(texts).toHaveLength(10);
    expect(await t.updates.findState(BOT)).toMatchObject({ pts: 11, qts: 61 });
    expect(await t.updates.findState(PERSON)).toMatchObject({ qts: 1 });
  });

  test('leave no hole and no hint if their transaction fails', async () => {
    await tell(1n);
    const hints: unknown[] = [];
    using subscription = t.bus.subscribe(userTopic(BOT), (hint) => hints.push(hint));
    const failing = t.writeBoxes('tell', [BOT], async (_tx, boxes, date) => {
      boxes.addQts(BOT, date, stop(2n));
      boxes.addQts(BOT, date, stop(3n));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(hints).toEqual([]);
    subscription[Symbol.dispose]();
    expect(await t.updates.findState(BOT)).toMatchObject({ qts: 2 });
    await tell(4n);
    const { difference } = await t.updates.findDifference(BOT, { pts: 1, ptsLimit: undefined, ptsTotalLimit: undefined, date: 1, qts: 1 });
    expect((difference as tl.updates.difference).other_updates).toMatchObject([{ user_id: 1n, qts: 2 }, { user_id: 4n, qts: 3 }]);
  });

  test('are found by a process that lost their hints, although no pts has moved', async () => {
    await tell(1n, 2n);
    const { pts, looseSeq } = await t.updates.readPosition(BOT);
    await tell(3n);
    const known = { owners: [BOT], pts: [pts], looseSeqs: [looseSeq] };
    expect(await t.updates.listMoved(known)).toMatchObject(new Map([[BOT, { pts, looseSeq: looseSeq + 1 }]]));
    const missed = await t.updates.listEventsSince(BOT, { pts, looseSeq, loosePts: pts }, 100);
    expect(missed.events).toMatchObject([{ update: { user_id: 3n, qts: 4 } }]);
    // Of those that were given out by a hint nothing comes again, also behind messages.
    await write('hi');
    await tell(4n);
    const later = await t.updates.listEventsSince(BOT, { pts, looseSeq: looseSeq + 1, loosePts: pts }, 100);
    expect(later.events).toMatchObject([{ kind: 'new_message' }, { update: { user_id: 4n, qts: 5 } }]);
    expect(await t.updates.listMoved({ owners: [BOT], pts: [pts + 1], looseSeqs: [looseSeq + 2] })).toEqual(new Map());
  });

  test('come in slices of at most 200, each once, together with messages', async () => {
    for (let round = 0; round < 5; round++) {
      await tell(...countUp(1, 90).map(BigInt));
      await write(`m${round}`);
    }
    const all = await catchUp();
    expect(all.slices.map((slice) => slice.length)).toEqual([200, 200, 50]);
    expect(all.slices.flat()).toEqual(countUp(2, 450));
    expect(all.texts).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(all.state).toMatchObject({ pts: 6, qts: 451 });
    const byFifties = await catchUp(50);
    expect(byFifties.slices.map((slice) => slice.length)).toEqual(Array.from({ length: 9 }, () => 50));
    expect(byFifties.slices.flat()).toEqual(countUp(2, 450));
    expect((await catchUp(1000)).slices[0]).toHaveLength(200);
    expect((await catchUp(0)).slices[0]).toHaveLength(1);
  });
});
