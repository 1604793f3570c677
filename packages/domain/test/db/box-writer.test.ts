import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Boxes } from '../../src/events/box-store.ts';
import { type MessagingFixture, openMessaging } from '../messaging-fixture.ts';

let t: MessagingFixture;
beforeAll(async () => {
  t = await openMessaging({ seed: 'box-writer' });
});
afterAll(() => t[Symbol.asyncDispose]());

const CHANGE: tl.Update = { _: 'updateRecentReactions' };

/** Number of updates without pts in the log of a box. */
const countLogged = async (owner: bigint): Promise<number> => (await t.updates.readPosition(owner)).looseSeq;

describe('the box writer', () => {
  it('numbers, logs and publishes the added events', async () => {
    const seen: unknown[] = [];
    using _subscription = t.bus.subscribe(userTopic(10n), (hint) => seen.push(hint));
    await t.writeBoxes('test', [10n], async (_tx, boxes, date) => boxes.addLoose(10n, date, undefined, [CHANGE, CHANGE]));
    expect(await countLogged(10n)).toBe(2);
    const rows = await t.db.q.selectFrom('update_log').select('sub').where('owner_id', '=', 10n).execute();
    expect(rows).toHaveLength(2);
    expect(seen).toMatchObject([{ kind: 'box', owner: 10n, looseCount: 2 }]);
  });

  it('writes and publishes nothing if the change fails', async () => {
    const seen: unknown[] = [];
    using _subscription = t.bus.subscribe(userTopic(11n), (hint) => seen.push(hint));
    const failing = t.writeBoxes('test', [11n], async (_tx, boxes, date) => {
      boxes.addLoose(11n, date, undefined, [CHANGE]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await countLogged(11n)).toBe(0);
    expect(seen).toEqual([]);
  });

  it('rejects an event that is added after the box was written', async () => {
    let kept: Boxes | undefined;
    await t.writeBoxes('test', [12n], async (_tx, boxes) => {
      kept = boxes;
    });
    expect(() => kept!.addLoose(12n, 1, undefined, [CHANGE])).toThrow('came after its box was written');
  });

  it('opens boxes once per transaction', async () => {
    const twice = t.db.transact('test', async (tx) => {
      await t.withBoxes(tx, [13n], async () => {});
      await t.withBoxes(tx, [14n], async () => {});
    });
    await expect(twice).rejects.toThrow('only once');
  });

  it('publishes after the commit callbacks of the change itself', async () => {
    const order: string[] = [];
    using _subscription = t.bus.subscribe(userTopic(15n), () => order.push('hint'));
    await t.writeBoxes('test', [15n], async (tx, boxes, date) => {
      boxes.addLoose(15n, date, undefined, [CHANGE]);
      tx.afterCommit(() => void order.push('cache forgotten'));
    });
    expect(order).toEqual(['cache forgotten', 'hint']);
  });

  it('runs again if the read under the locks finds another box', async () => {
    const readings: bigint[][] = [[16n], [16n, 17n], [16n, 17n], [16n, 17n]];
    let runs = 0;
    const owners = { find: async () => readings.shift()!, ownersOf: (found: bigint[]) => found };
    await t.writeFoundBoxes('test', owners, async (_tx, boxes, date, found) => {
      runs++;
      for (const owner of found) boxes.addLoose(owner, date, undefined, [CHANGE]);
    });
    expect(runs).toBe(1);
    expect(readings).toEqual([]);
    expect([await countLogged(16n), await countLogged(17n)]).toEqual([1, 1]);
  });
});
