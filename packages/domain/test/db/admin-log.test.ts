import { sql } from '@aerogram/storage';
import { MIGRATIONS } from '@aerogram/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { LogPage } from '../../src/channels/index.ts';
import { LogFilter } from '../../src/channel-state/log-entry.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const EVENTS_MAX = 320;
const BYTES_MAX = 262_144;
// What one admin changes has room for a share first, and beyond it for the latest events.
const OWN_ACTS = (EVENTS_MAX * 5) / 16 / 2;
const ACTS_BEYOND = (EVENTS_MAX * 2) / 16;
const ALL: LogPage = { q: '', filters: undefined, userIds: undefined, maxId: 0n, minId: 0n, limit: 1000 };

describe('the admin log', () => {
  let world: World;
  let ownerId: bigint;
  let others: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld({ adminLogEvents: EVENTS_MAX, adminLogBytes: BYTES_MAX });
    ownerId = (await world.signUp('9996600000', 'Owner')).userId;
    const ids = await Promise.all(['9996610001', '9996620002'].map(async (phone) => (await world.signUp(phone, 'Somebody')).userId));
    others = await Promise.all(ids.map(async (id) => (await world.domain.users.findRow(id))!));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const acting = (actorId = ownerId) => ({ actorId, origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);
  const setTitle = (channelId: bigint, title: string, actorId = ownerId): Promise<unknown> => at(channelId).settings.doEditTitle(acting(actorId), title);
  const run = (kind: string): Promise<void> =>
    world.domain.jobKinds.find((one) => one.kind === kind)!.perform(new Uint8Array(), { ownerId: 0n, db: world.db, signal: new AbortController().signal } as never);
  const titlesIn = (events: Awaited<ReturnType<typeof list>>): string[] => events.flatMap(({ action }) => (action._ === 'channelAdminLogEventActionChangeTitle' ? [action.new_value] : []));
  const rowsOf = (channelId: bigint) => world.db.q.selectFrom('admin_log').selectAll().where('channel_id', '=', channelId).orderBy('event_id').execute();
  const list = (channelId: bigint, page: Partial<LogPage> = {}) => at(channelId).log.list(ownerId, { ...ALL, ...page });
  const bytesOf = (rows: Awaited<ReturnType<typeof rowsOf>>): number => rows.reduce((sum, { entry, words }) => sum + entry.length + Buffer.byteLength(words), 0);

  /** A group with two more members. */
  async function createWithOthers(): Promise<bigint> {
    const channelId = await create();
    await at(channelId).members.doInvite(acting(), others);
    return channelId;
  }

  async function create(): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: ownerId, kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -first.owner_id - 10n ** 12n;
  }

  async function post(channelId: bigint, text: string, actorId = ownerId): Promise<number> {
    const parts = [{ randomId: ++randomId, text, flags: 0, extra: {} }];
    const [row] = await at(channelId).posts.doSend({ ...acting(actorId), parts, reply: undefined, signature: 'Owner' });
    return row!.msg_id;
  }

  const editTo = (channelId: bigint, msgId: number, text: string, actorId = ownerId): Promise<unknown> =>
    at(channelId).posts.doEdit({ ...acting(actorId), msgId, text: { text, entities: [] }, noWebpage: false, invertMedia: false });

  it('keeps the first and the latest events of one admin, however many there are', async () => {
    const channelId = await create();
    const many = OWN_ACTS + ACTS_BEYOND + 20;
    for (let n = 1; n <= many; n++) await setTitle(channelId, `Title ${n}`);
    const events = await list(channelId, { limit: 100 });
    const numbers = Array.from({ length: many }, (_, n) => n + 1).filter((n) => n <= OWN_ACTS || n > many - ACTS_BEYOND);
    expect(titlesIn(events)).toEqual(numbers.toReversed().map((n) => `Title ${n}`));
    expect(await list(channelId, { maxId: events.at(-1)!.id })).toEqual([]);
  });

  it('keeps the latest events up to a number of bytes', async () => {
    const channelId = await create();
    const msgId = await post(channelId, 'short');
    for (let n = 1; n <= 30; n++) await editTo(channelId, msgId, `${n} ${'я'.repeat(2000)}`);
    const rows = await rowsOf(channelId);
    expect(bytesOf(rows)).toBeLessThanOrEqual(BYTES_MAX / 4);
    expect(rows.length).toBeGreaterThan(1);
    expect((await list(channelId))[0]).toMatchObject({ action: { new_message: { message: `30 ${'я'.repeat(2000)}` } } });
  });

  it('keeps what admins did, however much members do', async () => {
    const channelId = await createWithOthers();
    const [bob] = others.map((one) => one.user_id) as [bigint];
    await setTitle(channelId, 'Bouldering');
    const [spam] = [await post(channelId, 'spam', bob)];
    await at(channelId).posts.doDelete(acting(), [spam]);
    const msgId = await post(channelId, 'short', bob);
    for (let n = 1; n <= 40; n++) await editTo(channelId, msgId, `${n} ${'я'.repeat(4000)}`, bob);
    await at(channelId).members.doLeave(acting(bob));
    const kinds = (await list(channelId)).map(({ action }) => action._.replace('channelAdminLogEventAction', ''));
    expect(kinds).toEqual(['ParticipantLeave', 'EditMessage', 'DeleteMessage', 'ChangeTitle', 'ParticipantInvite', 'ParticipantInvite']);
  });

  it('keeps what one member did, however much another one does', async () => {
    const channelId = await createWithOthers();
    const [bob, carol] = others.map((one) => one.user_id) as [bigint, bigint];
    const [ofBob, ofCarol] = [await post(channelId, 'short', bob), await post(channelId, 'short', carol)];
    await editTo(channelId, ofCarol, 'what Carol wrote', carol);
    for (let n = 1; n <= EVENTS_MAX; n++) await editTo(channelId, ofBob, `${n}`, bob);
    const events = await list(channelId, { filters: LogFilter.edit });
    expect(events.filter(({ user_id }) => user_id === carol)).toMatchObject([{ action: { new_message: { message: 'what Carol wrote' } } }]);
    expect(events[0]).toMatchObject({ action: { new_message: { message: String(EVENTS_MAX) } } });
  });

  it('keeps what one admin did, however much another one does', async () => {
    const channelId = await createWithOthers();
    const bob = others[0]!.user_id;
    await at(channelId).members.doEditAdmin({ ...acting(), userId: bob, rights: { _: 'chatAdminRights', change_info: true, ban_users: true }, rank: '' });
    await setTitle(channelId, 'by the owner');
    await setTitle(channelId, 'the first by Bob', bob);
    for (let n = 1; n <= EVENTS_MAX; n++) await setTitle(channelId, `Title ${n}`, bob);
    const titles = titlesIn(await list(channelId, { limit: 100 }));
    expect([titles[0], ...titles.slice(-2)]).toEqual([`Title ${EVENTS_MAX}`, 'the first by Bob', 'by the owner']);
  });

  it('uses the whole room of what admins do if there are enough of them, and no more', async () => {
    const channelId = await createWithOthers();
    const [bob, carol] = others.map((one) => one.user_id) as [bigint, bigint];
    for (const userId of [bob, carol]) await at(channelId).members.doEditAdmin({ ...acting(), userId, rights: { _: 'chatAdminRights', change_info: true }, rank: '' });
    for (let n = 1; n <= OWN_ACTS; n++) for (const userId of [ownerId, bob, carol]) await setTitle(channelId, `Title ${n} of ${userId}`, userId);
    const titles = titlesIn([...(await list(channelId)), ...(await list(channelId, { maxId: (await list(channelId)).at(-1)!.id }))]);
    expect(titles[0]).toBe(`Title ${OWN_ACTS} of ${carol}`);
    expect(titles).toHaveLength(2 * OWN_ACTS);
  });

  it('takes many events of one change, and keeps the last of them', async () => {
    const channelId = await create();
    const ids: number[] = [];
    const beyond = EVENTS_MAX / 16;
    for (let n = 0; n < beyond + 10; n++) ids.push(await post(channelId, `post ${n}`));
    await at(channelId).posts.doDelete(acting(), ids);
    await setTitle(channelId, 'after');
    const rows = await rowsOf(channelId);
    expect(rows).toHaveLength(beyond + 1);
    expect(new Set(rows.map((row) => row.event_id)).size).toBe(beyond + 1);
    expect((await list(channelId, { q: `${beyond + 9}` })).length).toBe(1);
  });

  it('numbers events of changes that run at the same time, each once', async () => {
    const channelId = await create();
    await Promise.all(Array.from({ length: 20 }, (_, n) => setTitle(channelId, `Title ${n}`)));
    const events = await list(channelId);
    expect(events).toHaveLength(20);
    // Each event begins with what the one before it ended with.
    const titles = events.toReversed().map(({ action }) => action as { prev_value: string; new_value: string });
    for (const [n, title] of titles.entries()) if (n > 0) expect(title.prev_value).toBe(titles[n - 1]!.new_value);
  });

  it('has no event of a change that failed', async () => {
    const channelId = await create();
    expect(await errorOf(setTitle(channelId, 'A group'))).toBe('CHAT_NOT_MODIFIED');
    expect(await errorOf(at(channelId).posts.doEdit({ ...acting(), msgId: 99, text: { text: 'x', entities: [] }, noWebpage: false, invertMedia: false }))).toBe('MESSAGE_ID_INVALID');
    expect(await rowsOf(channelId)).toEqual([]);
  });

  it('shows and keeps events for some hours, numbers go on after that', async () => {
    const channelId = await create();
    await setTitle(channelId, 'Early');
    const [early] = await list(channelId);
    await world.clock.advance(48 * 3_600_000 + 1000);
    expect(await list(channelId)).toEqual([]);
    await run('prune-admin-logs');
    expect(await rowsOf(channelId)).toEqual([]);
    await setTitle(channelId, 'Late');
    const [late] = await list(channelId);
    expect(late!.id).toBeGreaterThan(early!.id);
  });

  it('does not log what the server does by itself', async () => {
    const channelId = await create();
    await at(channelId).settings.doSetLifetime(acting(), 86_400);
    await post(channelId, 'for a day');
    await world.clock.advance(2 * 86_400_000);
    await run('expire-posts');
    expect((await rowsOf(channelId)).length).toBe(1);
    expect(await world.db.q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', channelId).where('ttl_period', 'is not', null).execute()).toEqual([]);
  });

  it('keeps what a message said no longer than its lifetime', async () => {
    const channelId = await create();
    await at(channelId).settings.doSetLifetime(acting(), 86_400);
    const msgId = await post(channelId, 'for one day');
    await at(channelId).posts.doDelete(acting(), [msgId]);
    expect(await list(channelId, { filters: LogFilter.delete })).toMatchObject([{ action: { message: { message: 'for one day' } } }]);
    await world.clock.advance(86_401_000);
    const hidden = { _: 'channelAdminLogEventActionDeleteMessage', message: { _: 'messageService', id: msgId } };
    expect(await list(channelId, { filters: LogFilter.delete })).toMatchObject([{ user_id: ownerId, action: hidden }]);
    await run('prune-admin-logs');
    expect(Buffer.concat((await rowsOf(channelId)).map((row) => row.entry)).toString()).not.toContain('for one day');
    expect(await list(channelId, { filters: LogFilter.delete })).toMatchObject([{ user_id: ownerId, action: hidden }]);
    expect(await list(channelId, { q: 'day' })).toEqual([]);
  });

  it('keeps what a message said no longer than the operator lets the server keep messages', async () => {
    const [kept, channelId] = [await create(), await create()];
    for (const id of [kept, channelId]) {
      const msgId = await post(id, 'before the edit');
      await editTo(id, msgId, 'after the edit');
    }
    const peerOf = (id: bigint): bigint => -(10n ** 12n) - id;
    await world.db.q.insertInto('chat_retention').values([{ peer_id: peerOf(kept), days: 0 }, { peer_id: 0n, days: 1 }]).execute();
    await world.clock.advance(86_400_000 + 1000);
    const hidden = { action: { prev_message: { _: 'messageService' }, new_message: { _: 'messageService' } } };
    const shown = { action: { prev_message: { message: 'before the edit' }, new_message: { message: 'after the edit' } } };
    expect([await list(channelId), await list(kept)]).toMatchObject([[hidden], [shown]]);
    await run('prune-admin-logs');
    await world.db.q.deleteFrom('chat_retention').execute();
    expect([await list(channelId), await list(kept)]).toMatchObject([[hidden], [shown]]);
    expect(Buffer.concat((await rowsOf(channelId)).map((row) => row.entry)).toString()).not.toContain('the edit');
  });

  it('has its parts also for the events of servers that knew none', async () => {
    const channelId = await createWithOthers();
    const bob = others[0]!.user_id;
    await at(channelId).settings.doSetLifetime(acting(), 86_400);
    const [kept, gone] = [await post(channelId, 'one', bob), await post(channelId, 'two', bob)];
    await editTo(channelId, kept, 'three', bob);
    await at(channelId).posts.doDelete(acting(), [gone]);
    await at(channelId).members.doLeave(acting(bob));
    const rows = await rowsOf(channelId);
    expect(new Set(rows.map((row) => row.part))).toEqual(new Set([0, 2, 4]));
    const unknown = { part: 0, own_rows_sum: 0n, own_bytes_sum: 0n, msg_id: null, post_date: null, text_until: null, rows_sum: 0n };
    await world.db.q.updateTable('admin_log').set(unknown).where('channel_id', '=', channelId).execute();
    const { statements } = MIGRATIONS.find((one) => one.subject === 'log-parts')!;
    for (const statement of statements.filter((one) => one.startsWith('UPDATE admin_log'))) await sql.raw(statement).execute(world.db.q);
    expect(await rowsOf(channelId)).toEqual(rows);
  });

  it('goes with its channel', async () => {
    const channelId = await create();
    await setTitle(channelId, 'Soon gone');
    await at(channelId).settings.doDelete(acting());
    await world.runJobs();
    expect(await rowsOf(channelId)).toEqual([]);
    expect(await errorOf(list(channelId))).toBe('CHANNEL_PRIVATE');
  });
});
