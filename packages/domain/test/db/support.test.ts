import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findOperatorEntry, noteExport, orderAccountLimit, orderMark } from '../../src/operators/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

describe('accounts that are marked as support', () => {
  let world: World;
  let helper: UserRow;
  let other: UserRow;
  let person: UserRow;
  beforeAll(async () => {
    world = await createWorld({});
    [helper, other, person] = (await signUpPeople(world, ['Helper', 'Other', 'Person'])) as [UserRow, UserRow, UserRow];
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Marks an account and carries that out twice, as after a crash. @returns what came of it */
  async function mark({ user_id: id }: UserRow, support: boolean): Promise<string> {
    const { entryId } = await orderMark(world.db, { id, name: `account ${id}` }, { support }, world.clock.now());
    await world.runJobs('repeat');
    return (await findOperatorEntry(world.db, entryId))!.outcome!;
  }

  const textOf = (text: string) => ({ text, entities: [{ _: 'messageEntityBold' as const, offset: 0, length: 1 }] });
  const note = (author: UserRow, about: UserRow, text?: string) => world.domain.support.doEditInfo(author.user_id, about, text === undefined ? undefined : textOf(text));
  const countOf = async (table: string): Promise<number> => (await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(table)}`.execute(world.db.q)).rows[0]!.n;

  it('are known as such from the mark to its end, and keep what else is said of them', async () => {
    const { support, users } = world.domain;
    expect(await errorOf(support.check(helper.user_id))).toBe('USER_INVALID');
    await orderMark(world.db, { id: helper.user_id, name: 'Helper' }, { badge: 'verified' }, world.clock.now());
    expect(await mark(helper, true)).toBe('done');
    expect(await support.check(helper.user_id)).toBe('Helper');
    expect((await users.projectUsers(person.user_id, [helper.user_id]))[0]).toMatchObject({ support: true, verified: true });
    await world.restart();
    expect(await world.domain.support.check(helper.user_id)).toBe('Helper');
    expect(await mark(helper, false)).toBe('done');
    expect(await errorOf(world.domain.support.check(helper.user_id))).toBe('USER_INVALID');
    expect((await world.domain.users.projectUsers(person.user_id, [helper.user_id]))[0]).toMatchObject({ support: undefined, verified: true });
  });

  it('are only people', async () => {
    const order = (id: bigint) => orderMark(world.db, { id, name: 'it' }, { support: true }, world.clock.now());
    await expect(order(777000n)).rejects.toThrow('belongs to the server');
    await expect(order(1087968824n)).rejects.toThrow('belongs to the server');
    await expect(order(-1_000_000_000_088n)).rejects.toThrow('no such account');
    await world.db.transact('make-bot', (tx) => tx.q.insertInto('users').values({ user_id: 7_000_001n, bot: true, first_name: 'Bot', created_date: 1, online_date: 0 } as never).execute());
    await expect(order(7_000_001n)).rejects.toThrow('it is a bot');
  });

  it('are those to whom people are led, each always to the same one, and nobody to the own account', async () => {
    const find = (userId: bigint) => world.domain.support.findContact(userId);
    expect(await find(person.user_id)).toBeUndefined();
    await mark(helper, true);
    expect([await find(person.user_id), await find(helper.user_id)]).toEqual([helper.user_id, undefined]);
    await mark(other, true);
    const led = await Promise.all([1n, 2n, 3n, 4n].map(find));
    expect(led.slice(0, 2)).toEqual(led.slice(2));
    expect(new Set(led)).toEqual(new Set([helper.user_id, other.user_id]));
  });

  it('can be written to by whoever is limited', async () => {
    const { user_id: limited } = person;
    const untilDate = world.clock.now() + 3600;
    await orderAccountLimit(world.db, limited, { untilDate, reason: '' }, world.clock.now());
    await mark(other, false);
    await world.runJobs();
    const write = async ({ user_id: userId }: UserRow, randomId: bigint) => {
      const peer = { kind: 'user' as const, userId, peerId: userId, isSelf: false, row: (await world.domain.users.findRow(userId))! };
      return errorOf(world.domain.messages.doSendText(peer, { senderId: limited, text: { text: 'why?', entities: [] }, randomId, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined }));
    };
    expect(await write(helper, 1n)).toBe('no error');
    expect(await write(other, 2n)).toBe('PEER_FLOOD');
    expect(await countOf('first_contacts')).toBe(0);
    await orderAccountLimit(world.db, limited, undefined, world.clock.now());
    await world.runJobs();
  });

  it('note things about people: a repeat changes nothing, the last author signs, and nothing removes it', async () => {
    const find = () => world.domain.support.findInfo(person.user_id);
    expect(await find()).toEqual({ _: 'help.userInfoEmpty' });
    await note(helper, person, 'called twice');
    const first = await find();
    expect(first).toEqual({ _: 'help.userInfo', message: 'called twice', entities: textOf('').entities, author: 'Helper', date: world.clock.now() });
    await world.clock.advance(60_000);
    await note(helper, person, 'called twice');
    expect(await find()).toEqual(first);
    await note(other, person, 'called twice');
    expect(await find()).toEqual({ ...first, author: 'Other', date: world.clock.now() });
    await note(other, person, undefined);
    expect(await find()).toEqual({ _: 'help.userInfoEmpty' });
    expect(await countOf('user_infos')).toBe(0);
  });

  it('lose what they noted with the account that it is about, and their name and mark with their own', async () => {
    const [author, gone] = [await world.signUp('9996612345', 'Author'), await world.signUp('9996623456', 'Gone')];
    const rowOf = async (userId: bigint): Promise<UserRow> => (await world.domain.users.findRow(userId))!;
    const goneRow = await rowOf(gone.userId);
    await mark(await rowOf(author.userId), true);
    await note(await rowOf(author.userId), goneRow, 'about Gone');
    await note(await rowOf(author.userId), person, 'about Person');
    await world.domain.auth.doDeleteAccount(proverOf(gone.key), undefined);
    expect(await world.domain.support.findInfo(gone.userId)).toEqual({ _: 'help.userInfoEmpty' });
    expect(await countOf('user_infos')).toBe(1);
    expect(await errorOf(note(helper, goneRow, 'too late'))).toBe('USER_ID_INVALID');
    await world.domain.auth.doDeleteAccount(proverOf(author.key), undefined);
    expect(await world.domain.support.findInfo(person.user_id)).toMatchObject({ message: 'about Person', author: 'Deleted Account' });
    expect(await errorOf(world.domain.support.check(author.userId))).toBe('USER_INVALID');
    expect(await rowOf(author.userId)).toMatchObject({ gives_support: false });
  });

  it('are not told of exports, as their owners are, each time', async () => {
    const told = async (userId: bigint): Promise<string[]> => {
      const rows = await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', userId).where('peer_id', '=', 777000n).orderBy('msg_id').execute();
      return rows.map(({ text }) => text).filter((text) => text.startsWith('Your data was exported.'));
    };
    for (const id of [person.user_id, person.user_id, 7_000_001n, 777000n]) await noteExport(world.db, id, world.clock.now());
    await world.runJobs('repeat');
    expect(await told(person.user_id)).toHaveLength(2);
    expect(await told(7_000_001n)).toEqual([]);
    expect(await told(777000n)).toEqual([]);
  });
});
