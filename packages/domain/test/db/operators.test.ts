import { markPeer } from '@aerogram/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { saveCreators, saveListedCreator } from '../../src/moderation/index.ts';
import { doOrderCommand, findOperatorEntry, RETENTION_DAYS_MAX, saveNewcomerChannel, saveRetention } from '../../src/operators/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const DAY_MS = 86_400_000;

describe('operators', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld({ ownerReturnDays: 7 });
    people = await signUpPeople(world, 4);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);
  const marked = (channelId: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });

  async function createChannel(kind: 'megagroup' | 'broadcast' = 'megagroup', n = 0): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(n), kind, title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -first.owner_id - 10n ** 12n;
  }

  async function createGroup(others: readonly number[], n = 0): Promise<bigint> {
    const { notice } = await world.domain.groups.doCreate({ creatorId: person(n), title: 'A group', users: others.map((one) => people[one]!), ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -notice!.peer_id;
  }

  async function post(n: number, channelId: bigint, text: string): Promise<number> {
    const parts = [{ randomId: ++randomId, text, flags: 0, extra: {} }];
    const [row] = await at(channelId).posts.doSend({ ...by(n), parts, reply: undefined, signature: '' });
    return row!.msg_id;
  }

  const rowOf = (channelId: bigint) => world.db.q.selectFrom('channels').selectAll().where('channel_id', '=', channelId).executeTakeFirstOrThrow();
  const memberOf = (channelId: bigint, n: number) => world.db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', channelId).where('user_id', '=', person(n)).executeTakeFirst();
  const groupOf = (chatId: bigint) => world.db.q.selectFrom('chats').selectAll().where('chat_id', '=', chatId).executeTakeFirstOrThrow();
  const boxOf = (n: number, chatId: bigint) => world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', person(n)).where('peer_id', '=', -chatId).orderBy('msg_id').execute();
  const run = async (kind: string): Promise<void> => {
    const job = world.domain.jobKinds.find((one) => one.kind === kind)!;
    await job.perform(new Uint8Array(), { ownerId: 0n, db: world.db, signal: new AbortController().signal } as never);
  };

  /** Orders a command and carries it out twice, as after a crash. @returns what came of it */
  async function order(command: Parameters<typeof doOrderCommand>[1]): Promise<string> {
    const entryId = await doOrderCommand(world.db, command, 'a command', world.clock.now());
    expect(await findOperatorEntry(world.db, entryId)).toMatchObject({ done_date: null, outcome: null });
    await world.runJobs('repeat');
    return (await findOperatorEntry(world.db, entryId))!.outcome!;
  }

  it('delete a channel with everything in it', async () => {
    const channelId = await createChannel();
    await at(channelId).members.doInvite(by(0), [people[1]!, people[2]!]);
    await post(0, channelId, 'hello');
    await at(channelId).members.doLeave(by(2));
    await world.db.transact('test', async (tx) => {
      await saveNewcomerChannel(tx, channelId, { joins: true, nowDate: world.clock.now() });
      await saveRetention(tx, marked(channelId), 7);
    });
    await at(channelId).settings.doSetUsername(by(0), 'operated_name');
    expect(await order({ kind: 'delete', peerId: marked(channelId) })).toBe('deleted; its messages are being removed');
    for (const table of ['channel_messages', 'admin_log'] as const) expect(await world.db.q.selectFrom(table).selectAll().where('channel_id', '=', channelId).execute()).toEqual([]);
    for (const n of [0, 1, 2]) expect(await memberOf(channelId, n)).toBeUndefined();
    expect(await rowOf(channelId)).toMatchObject({ title: '', about: '' });
    for (const table of ['newcomer_channels', 'chat_retention'] as const) expect(await world.db.q.selectFrom(table).selectAll().execute()).toEqual([]);
    expect(await errorOf(post(0, channelId, 'x'))).toBe('CHANNEL_PRIVATE');
    expect(await world.db.q.selectFrom('usernames').selectAll().where('name', '=', 'operated_name').execute()).toEqual([]);
    expect(await order({ kind: 'delete', peerId: marked(channelId) })).toBe('deleted; its messages are being removed');
  });

  it('delete a basic group from the boxes of all who are or were in it', async () => {
    const chatId = await createGroup([1, 2]);
    await world.domain.groups.doRemoveUser({ actorId: person(2), chatId, origin: ORIGIN }, person(2), false);
    expect(await boxOf(2, chatId)).not.toEqual([]);
    await world.db.transact('test', (tx) => saveRetention(tx, -chatId, 7));
    expect(await order({ kind: 'delete', peerId: -chatId })).toMatch(/^deleted/);
    for (const n of [0, 1, 2]) expect(await boxOf(n, chatId)).toEqual([]);
    expect(await groupOf(chatId)).toMatchObject({ deactivated: true, members: 0 });
    expect(await world.db.q.selectFrom('chat_retention').selectAll().execute()).toEqual([]);
  });

  it('delete a supergroup with the basic group that it was', async () => {
    const chatId = await createGroup([1]);
    const { peerId } = await world.domain.channels.doMigrate({ actorId: person(0), chatId, origin: ORIGIN });
    expect(await boxOf(1, chatId)).not.toEqual([]);
    await order({ kind: 'delete', peerId });
    expect(await boxOf(1, chatId)).toEqual([]);
    expect(await order({ kind: 'give', peerId, userId: person(1) })).toBe('refused: it was deleted');
  });

  it('make a member the owner, and the old owner an admin', async () => {
    const channelId = await createChannel();
    await at(channelId).members.doInvite(by(0), [people[1]!]);
    expect(await order({ kind: 'give', peerId: marked(channelId), userId: person(2) })).toBe('refused: that account is not in it');
    expect(await order({ kind: 'give', peerId: marked(channelId), userId: person(1) })).toBe(`account ${person(1)} is its owner`);
    expect((await rowOf(channelId)).creator_id).toBe(person(1));
    expect([(await memberOf(channelId, 0))!.role, (await memberOf(channelId, 1))!.role]).toEqual(['admin', 'creator']);
    const chatId = await createGroup([1, 2]);
    expect(await order({ kind: 'give', peerId: -chatId, userId: person(3) })).toBe('refused: that account is not in it');
    expect(await order({ kind: 'give', peerId: -chatId, userId: person(2) })).toBe(`account ${person(2)} is its owner`);
    expect((await groupOf(chatId)).creator_id).toBe(person(2));
    // The command ran twice, but said it once.
    expect(await boxOf(1, chatId)).toHaveLength(2);
    expect(await order({ kind: 'give', peerId: -99_999n, userId: person(2) })).toMatch(/^refused: it does not exist/);
    expect(await order({ kind: 'give', peerId: marked(99_999n), userId: undefined })).toBe('refused: it does not exist');
  });

  it('give a group without an owner to the next admin, or else to the oldest member', async () => {
    const channelId = await createChannel('broadcast');
    await at(channelId).members.doInvite(by(0), [people[1]!]);
    // Of those who came in the same second, the one with the lower id is the oldest.
    await world.clock.advance(1000);
    await at(channelId).members.doInvite(by(0), [people[2]!]);
    await at(channelId).members.doLeave(by(0));
    expect(await order({ kind: 'give', peerId: marked(channelId), userId: undefined })).toBe(`account ${person(1)} is its owner`);
    await at(channelId).members.doEditAdmin({ ...by(1), userId: person(2), rights: { _: 'chatAdminRights', post_messages: true }, rank: '' });
    await at(channelId).members.doInvite(by(1), [people[3]!]);
    await at(channelId).members.doLeave(by(1));
    expect(await order({ kind: 'give', peerId: marked(channelId), userId: undefined })).toBe(`account ${person(2)} is its owner`);
    // The hand-over that the departure has ordered changes nothing any more.
    await world.clock.advance(8 * DAY_MS);
    await world.runJobs();
    expect((await rowOf(channelId)).creator_id).toBe(person(2));
    const empty = await createChannel();
    await at(empty).members.doLeave(by(0));
    expect(await order({ kind: 'give', peerId: marked(empty), userId: undefined })).toBe('nobody is in it who could be its owner');
    const chatId = await createGroup([1, 2]);
    await world.domain.groups.doRemoveUser({ actorId: person(0), chatId, origin: ORIGIN }, person(0), false);
    expect(await order({ kind: 'give', peerId: -chatId, userId: undefined })).toBe(`account ${[person(1), person(2)].toSorted((a, b) => (a < b ? -1 : 1))[0]} is its owner`);
  });

  it('say who may create groups, channels and public names', async () => {
    const set = (subject: 'groups' | 'channels' | 'public-names', who: 'everybody' | 'listed' | 'nobody'): Promise<void> => world.db.transact('test', (tx) => saveCreators(tx, subject, who));
    const own = await createChannel();
    await set('groups', 'nobody');
    expect(await errorOf(createChannel())).toBe('USER_RESTRICTED');
    expect(await errorOf(createGroup([1]))).toBe('USER_RESTRICTED');
    await createChannel('broadcast');
    await set('groups', 'listed');
    await set('channels', 'listed');
    expect(await errorOf(createChannel())).toBe('USER_RESTRICTED');
    await world.db.transact('test', (tx) => saveListedCreator(tx, 'groups', person(0), true));
    await createChannel();
    await createGroup([1]);
    expect(await errorOf(createGroup([0], 1))).toBe('USER_RESTRICTED');
    expect(await errorOf(createChannel('broadcast'))).toBe('USER_RESTRICTED');
    await set('public-names', 'nobody');
    expect(await errorOf(at(own).settings.doSetUsername(by(0), 'wanted_name'))).toBe('CHANNELS_ADMIN_PUBLIC_TOO_MUCH');
    for (const subject of ['groups', 'channels', 'public-names'] as const) await set(subject, 'everybody');
    await at(own).settings.doSetUsername(by(0), 'wanted_name');
    await createChannel('broadcast', 1);
  });

  it('let the creation that was answered before be repeated', async () => {
    const channel = { creatorId: person(0), kind: 'megagroup', title: 'Repeated', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN } as const;
    const { first } = await world.domain.channels.doCreate(channel);
    await world.db.transact('test', (tx) => saveCreators(tx, 'groups', 'nobody'));
    expect((await world.domain.channels.doCreate(channel)).first.owner_id).toBe(first.owner_id);
    await world.db.transact('test', (tx) => saveCreators(tx, 'groups', 'everybody'));
  });

  it('have newcomers join groups and channels, each exactly once', async () => {
    const [group, news] = [await createChannel(), await createChannel('broadcast')];
    for (const channelId of [group, news]) await world.db.transact('test', (tx) => saveNewcomerChannel(tx, channelId, { joins: true, nowDate: world.clock.now() }));
    const { userId } = await world.signUp('9996640404', 'Newcomer');
    await world.runJobs('repeat');
    const rows = await world.db.q.selectFrom('channel_members').selectAll().where('user_id', '=', userId).execute();
    expect(rows.map((row) => [row.channel_id, row.status, row.role]).toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1))).toEqual([[group, 'member', 'member'], [news, 'member', 'member']]);
    const heads = await world.db.q.selectFrom('channel_heads').select('members').where('channel_id', 'in', [group, news]).execute();
    expect(heads.map((head) => head.members)).toEqual([2, 2]);
    const dialogs = await world.domain.dialogs.find(userId, [marked(group), marked(news)]);
    expect(dialogs.map((dialog) => dialog.unread_count)).toEqual([0, 0]);
    // Who leaves is not added again, whatever runs again.
    await at(news).members.doLeave({ actorId: userId, origin: ORIGIN });
    await at(news).operator.doAddNewcomer(userId);
    const left = await world.db.q.selectFrom('channel_members').select('status').where('user_id', '=', userId).where('channel_id', '=', news).executeTakeFirst();
    expect(left).toEqual({ status: 'left' });
    await at(group).settings.doDelete(by(0));
    const { userId: later } = await world.signUp('9996640405', 'Later');
    await world.runJobs();
    expect(await world.db.q.selectFrom('channel_members').select('channel_id').where('user_id', '=', later).execute()).toEqual([{ channel_id: news }]);
    for (const channelId of [group, news]) await world.db.transact('test', (tx) => saveNewcomerChannel(tx, channelId, { joins: false, nowDate: 0 }));
    const { userId: last } = await world.signUp('9996640406', 'Last');
    await world.runJobs();
    expect(await world.db.q.selectFrom('channel_members').select('channel_id').where('user_id', '=', last).execute()).toEqual([]);
  });

  it('have old messages of channels and groups deleted, as long as all or each are to be kept', async () => {
    const [short, long, kept] = [await createChannel(), await createChannel('broadcast'), await createChannel()];
    const chatId = await createGroup([1]);
    await world.domain.groups.doEditTitle({ actorId: person(0), chatId, origin: ORIGIN }, 'Old');
    for (const channelId of [short, long, kept]) await post(0, channelId, 'old');
    await world.clock.advance(3 * DAY_MS);
    for (const channelId of [short, long, kept]) await post(0, channelId, 'new');
    await world.domain.groups.doEditTitle({ actorId: person(0), chatId, origin: ORIGIN }, 'New');
    const textsOf = async (channelId: bigint): Promise<string[]> => (await world.db.q.selectFrom('channel_messages').select('text').where('channel_id', '=', channelId).where('msg_id', '>', 1).orderBy('msg_id').execute()).map((row) => row.text);
    await run('retain-channels');
    await run('retain-groups');
    for (const channelId of [short, long, kept]) expect(await textsOf(channelId)).toEqual(['old', 'new']);
    const set = (peerId: bigint, days: number | undefined): Promise<void> => world.db.transact('test', (tx) => saveRetention(tx, peerId, days));
    await set(0n, 2);
    await set(marked(long), 30);
    await set(marked(kept), 0);
    for (const kind of ['retain-channels', 'retain-groups', 'retain-channels', 'retain-groups']) await run(kind);
    expect([await textsOf(short), await textsOf(long), await textsOf(kept)]).toEqual([['new'], ['old', 'new'], ['old', 'new']]);
    for (const n of [0, 1]) expect((await boxOf(n, chatId)).length).toBe(1);
    expect((await world.domain.dialogs.find(person(1), [-chatId]))[0]).toMatchObject({ top_msg_id: (await boxOf(1, chatId))[0]!.msg_id });
    // The first message of a channel, and the newest of a group, stay however old they are.
    await world.clock.advance(40 * DAY_MS);
    await run('retain-channels');
    await run('retain-groups');
    expect([await textsOf(short), await textsOf(long), await textsOf(kept)]).toEqual([[], [], ['old', 'new']]);
    expect((await boxOf(1, chatId)).length).toBe(1);
    // Admins find nothing of it in their log, which is for what people do.
    expect((await world.db.q.selectFrom('admin_log').select('event_id').where('channel_id', '=', short).execute()).length).toBe(0);
    await set(0n, undefined);
  });

  describe('keep messages', () => {
    const set = (peerId: bigint, days: number | undefined): Promise<void> => world.db.transact('test', (tx) => saveRetention(tx, peerId, days));
    const countIn = async (channelId: bigint): Promise<number> => (await world.db.q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', channelId).execute()).length;

    it('as long as a setting says, however long another group keeps them', async () => {
      const [long, short] = [await createChannel(), await createChannel()];
      const [longGroup, shortGroup] = [await createGroup([1]), await createGroup([1])];
      for (const channelId of [long, short]) await post(0, channelId, 'old');
      for (const chatId of [longGroup, shortGroup]) await world.domain.groups.doEditTitle({ actorId: person(0), chatId, origin: ORIGIN }, 'New');
      for (const [peerId, days] of [[0n, 2], [marked(long), RETENTION_DAYS_MAX], [-longGroup, RETENTION_DAYS_MAX]] as const) await set(peerId, days);
      await world.clock.advance(3 * DAY_MS);
      for (const kind of ['retain-channels', 'retain-groups']) await run(kind);
      expect([await countIn(long), await countIn(short)]).toEqual([2, 1]);
      expect([(await boxOf(1, longGroup)).length, (await boxOf(1, shortGroup)).length]).toEqual([2, 1]);
      await set(0n, undefined);
    });

    it('as long as a setting says, though those of another group cannot be deleted', async () => {
      const [broken, next] = [await createChannel(), await createChannel()];
      for (const channelId of [broken, next]) {
        await post(0, channelId, 'old');
        await set(marked(channelId), 2);
      }
      await world.db.q.deleteFrom('channel_heads').where('channel_id', '=', broken).execute();
      await world.clock.advance(3 * DAY_MS);
      expect(await errorOf(run('retain-channels'))).not.toBe('no error');
      expect([await countIn(broken), await countIn(next)]).toEqual([2, 1]);
      await set(marked(broken), 0);
    });

    it('of a supergroup, and of the basic group that it was, as the setting for that group says', async () => {
      const chatId = await createGroup([1]);
      await world.domain.groups.doEditTitle({ actorId: person(0), chatId, origin: ORIGIN }, 'New');
      await set(0n, 1);
      await set(-chatId, 0);
      const { peerId } = await world.domain.channels.doMigrate({ actorId: person(0), chatId, origin: ORIGIN });
      const channelId = -peerId - 10n ** 12n;
      await post(0, channelId, 'kept');
      const before = (await boxOf(1, chatId)).length;
      await world.clock.advance(3 * DAY_MS);
      for (const kind of ['retain-channels', 'retain-groups']) await run(kind);
      expect([await countIn(channelId), (await boxOf(1, chatId)).length]).toEqual([2, before]);
      await set(peerId, 1);
      for (const kind of ['retain-channels', 'retain-groups']) await run(kind);
      expect([await countIn(channelId), (await boxOf(1, chatId)).length]).toEqual([1, 1]);
      await set(0n, undefined);
    });
  });
});
