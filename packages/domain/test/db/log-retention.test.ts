import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { plainText, openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

const [ALICE, BOB] = [10n, 18n] as const;
const [PHONE, TABLET] = [1n, 2n] as const;
const DAY_MS = 86_400_000;

let t: MessagingFixture;
beforeEach(async () => {
  t = await openMessaging();
});
afterEach(() => t[Symbol.asyncDispose]());

async function logIn(authKeyId: bigint, more: { main_auth_key_id?: bigint } = {}): Promise<void> {
  const date = t.clock.now();
  await t.db.q
    .insertInto('authorizations')
    .values({ user_id: ALICE, auth_key_id: authKeyId, hash: authKeyId, created_date: date, active_date: date, address: '', main_auth_key_id: null, ...more })
    .execute();
}

/** Indexes all events for search. */
async function index(pts?: number): Promise<void> {
  const state = { owner_id: ALICE, indexed_pts: pts ?? (await t.updates.findState(ALICE)).pts };
  await t.db.q.insertInto('search_state').values(state).onConflict((oc) => oc.column('owner_id').doUpdateSet(state)).execute();
}

/**
 * Sends messages from Alice and edits each once.
 * @returns the pts of her box afterwards
 */
async function write(count: number, name = 'm'): Promise<number> {
  for (let index_ = 0; index_ < count; index_++) {
    const { msg_id: msgId } = await t.send(ALICE, BOB, `${name}${index_}`);
    await t.messages.doEdit(t.peer(ALICE, BOB), { ownerId: ALICE, msgId, text: plainText(`${name}${index_} edited`), noWebpage: false, invertMedia: false, origin: undefined });
  }
  return (await t.updates.findState(ALICE)).pts;
}

const pass = (days: number): Promise<void> => t.clock.advance(days * DAY_MS);
const prune = async (): Promise<void> => {
  await t.positions.flush();
  await t.positions.doPrune(new AbortController().signal);
};
const logged = async (owner = ALICE): Promise<number> => (await t.db.q.selectFrom('update_log').select('pts').where('owner_id', '=', owner).execute()).length;
const ask = (authKeyId: bigint, pts: number): void => t.positions.noteAsked(ALICE, authKeyId, { pts, qts: 1 }, t.clock.now());
const differ = (pts: number, date: number): Promise<{ difference: tl.updates.Difference }> =>
  t.updates.findDifference(ALICE, { pts, ptsLimit: undefined, ptsTotalLimit: undefined, date });

describe('the log of a box', () => {
  test('is deleted in slices when every device has passed it and a month is over', async () => {
    await logIn(PHONE);
    await logIn(TABLET);
    const pts = await write(120);
    await index();
    await pass(40);
    await write(3, 'new');
    await index();
    ask(PHONE, pts);
    await prune();
    // The position of the other device is unknown.
    expect(await logged()).toBe(123);
    ask(TABLET, pts - 20);
    await prune();
    expect(await logged()).toBe(123 - 109);
    ask(TABLET, pts);
    await prune();
    // The last edit is at exactly the position that they have confirmed.
    expect(await logged()).toBe(4);
    ask(PHONE, pts + 6);
    ask(TABLET, pts + 6);
    await prune();
    // Younger entries stay, even if all devices have passed them.
    expect(await logged()).toBe(3);
  });

  test('stays for a device that has passed it by its pts but not by its date, because it may be set back', async () => {
    await logIn(PHONE);
    const before = t.clock.now();
    await pass(2);
    const pts = await write(5);
    await index();
    await pass(40);
    t.positions.noteAsked(ALICE, PHONE, { pts, qts: 1 }, before);
    await prune();
    expect(await logged()).toBe(5);
    t.positions.noteAsked(ALICE, PHONE, { pts, qts: 1 }, 2 ** 31 - 1);
    await prune();
    expect(await logged()).toBe(1);
  });

  test('is still pruned when a device sends a date at the limit of an int', async () => {
    await logIn(PHONE);
    await logIn(TABLET);
    const pts = await write(5);
    await index();
    await pass(40);
    for (let round = 0; round < 2; round++) {
      t.positions.noteAsked(ALICE, PHONE, { pts, qts: 1 }, -(2 ** 31));
      ask(TABLET, pts);
      await prune();
      expect(await logged()).toBe(5);
    }
    ask(PHONE, pts);
    await prune();
    expect(await logged()).toBe(1);
  });

  test('stays until search has read it', async () => {
    await logIn(PHONE);
    const pts = await write(5);
    await pass(40);
    ask(PHONE, pts);
    await prune();
    expect(await logged()).toBe(5);
    await index(pts - 4);
    await prune();
    expect(await logged()).toBe(2);
  });

  test('is kept for nobody if no device is logged in; an authorisation that only serves files does not count', async () => {
    await logIn(PHONE, { main_auth_key_id: 9n });
    await write(5);
    await index();
    await pass(40);
    await prune();
    expect(await logged()).toBe(1);
    expect(await t.box(ALICE)).toHaveLength(5);
  });

  test('starts for a new device where it first asks for the state; an old device that does so confirms nothing', async () => {
    await logIn(PHONE);
    const pts = await write(5);
    await index();
    t.positions.noteBegun(ALICE, PHONE, { pts, qts: 1 });
    await t.positions.flush();
    const read = (): Promise<{ confirmed_pts: number | null }[]> => t.db.q.selectFrom('authorizations').select('confirmed_pts').orderBy('auth_key_id').execute();
    expect(await read()).toEqual([{ confirmed_pts: pts }]);
    await logIn(TABLET);
    await pass(40);
    t.positions.noteBegun(ALICE, TABLET, { pts, qts: 1 });
    t.positions.noteBegun(ALICE, PHONE, { pts: 1, qts: 1 });
    await prune();
    expect(await read()).toEqual([{ confirmed_pts: pts }, { confirmed_pts: null }]);
    // A later getDifference counts, even if both are recorded together.
    t.positions.noteAsked(ALICE, TABLET, { pts: 3, qts: 1 }, t.clock.now());
    t.positions.noteBegun(ALICE, TABLET, { pts, qts: 1 });
    await t.positions.flush();
    expect(await read()).toEqual([{ confirmed_pts: pts }, { confirmed_pts: 3 }]);
  });

  test('gives a device the same differences without the part it has passed, and whatever is left to one that was set back beyond that', async () => {
    await logIn(PHONE);
    const pts = await write(10);
    await t.messages.doDelete({ ownerId: ALICE, msgIds: [1, 2], revoke: false, origin: undefined });
    await t.updates.doLogUpdate(ALICE, { _: 'updatePtsChanged' }, undefined);
    await index();
    const date = t.clock.now();
    await pass(40);
    t.positions.noteAsked(ALICE, PHONE, { pts, qts: 1 }, t.clock.now());
    const before = await differ(pts, date);
    await prune();
    expect(await logged()).toBe(3);
    const after = await differ(pts, date);
    expect(after).toEqual(before);
    expect(after.difference).toMatchObject({ other_updates: [{ _: 'updateDeleteMessages', messages: [1, 2] }, { _: 'updatePtsChanged' }] });
    const { difference } = await differ(1, 1);
    if (difference._ !== 'updates.difference') throw new Error(difference._);
    expect(difference.new_messages.map((message) => message._ === 'message' && message.message)).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((n) => `m${n - 1} edited`));
    expect(difference.state.pts).toBe(pts + 2);
  });
});

describe('events with a qts in a box whose pts never moves', () => {
  const tell = (count: number): Promise<unknown> =>
    t.writeBoxes('tell', [ALICE], async (_tx, boxes, date) => {
      for (let index_ = 0; index_ < count; index_++) boxes.addQts(ALICE, date, (qts) => ({ _: 'updateBotStopped', user_id: BOB, date, stopped: true, qts }));
    });
  const confirm = async (authKeyId: bigint, qts: number, date = t.clock.now()): Promise<tl.updates.Difference> => {
    const { difference, confirmed } = await t.updates.findDifference(ALICE, { pts: 1, ptsLimit: undefined, ptsTotalLimit: undefined, date, qts });
    t.positions.noteAsked(ALICE, authKeyId, confirmed, date);
    return difference;
  };
  const qtsOf = (difference: tl.updates.Difference): number[] => ('other_updates' in difference ? difference.other_updates.flatMap((update) => (update._ === 'updateBotStopped' ? [update.qts] : [])) : []);

  test('are deleted when every device has confirmed them by its qts and a month is over', async () => {
    await logIn(PHONE);
    await logIn(TABLET);
    await tell(250);
    await pass(40);
    await tell(3);
    await confirm(PHONE, 251);
    await prune();
    // Where the other device is, nobody knows.
    expect(await logged()).toBe(253);
    await confirm(TABLET, 101);
    await prune();
    expect(await logged()).toBe(153);
    await confirm(TABLET, 254);
    await prune();
    expect(await logged()).toBe(3);
    await confirm(PHONE, 254);
    await prune();
    // The last ones are too young.
    expect(await logged()).toBe(3);
    await pass(40);
    // A device that leaves its qts to the server wants none of them.
    await confirm(PHONE, -1);
    await confirm(TABLET, 254);
    await prune();
    expect(await logged()).toBe(0);
  });

  test('stay for a device that has passed them by its pts only', async () => {
    await logIn(PHONE);
    await tell(2);
    const pts = await write(2);
    await index();
    await pass(40);
    t.positions.noteAsked(ALICE, PHONE, { pts, qts: 1 }, t.clock.now());
    await prune();
    // The edits but for the last one are gone.
    expect(await logged()).toBe(3);
    expect(qtsOf(await confirm(PHONE, 1))).toEqual([2, 3]);
    t.positions.noteAsked(ALICE, PHONE, { pts, qts: 3 }, t.clock.now());
    await prune();
    expect(await logged()).toBe(1);
  });

  test('are no longer there for a device that comes back with an older qts, which gets the rest and the present state', async () => {
    await logIn(PHONE);
    await tell(5);
    await pass(40);
    await confirm(PHONE, 6);
    await prune();
    expect(await logged()).toBe(0);
    const old = t.clock.now();
    await tell(1);
    await pass(20);
    const back = await confirm(PHONE, 3, old);
    expect(back).toMatchObject({ _: 'updates.difference', state: { pts: 1, qts: 7 } });
    expect(qtsOf(back)).toEqual([7]);
    expect((await confirm(PHONE, 7))._).toBe('updates.differenceEmpty');
    // All of them are gone; a qts that the box never had leads back to it, too.
    await pass(40);
    await confirm(PHONE, 7);
    await prune();
    expect(await logged()).toBe(0);
    for (const qts of [2, 1000]) expect(await confirm(PHONE, qts, 1)).toMatchObject({ _: 'updates.difference', other_updates: [], state: { qts: 7 } });
  });

  test('are kept for nobody if no device is logged in', async () => {
    await tell(3);
    await pass(40);
    await prune();
    expect(await logged()).toBe(0);
  });
});
