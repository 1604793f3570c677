import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { saveListedCreator } from '../../src/moderation/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { QUOTAS } from '../../src/shared/index.ts';
import { errorOf } from './accounts-world.ts';
import { createStrangerStage, DAY_MS, ORIGIN } from './stranger-stage.ts';

const OLD_PEOPLE = 8;
const CHANNELS_MAX = 25;
const BUDGET = QUOTAS.placeMessages.capacity;

const stage = await createStrangerStage({ channelsPerUserMax: CHANNELS_MAX });
const { world, nextId, arrive, arriveAll, by, missingOf, createGroup, createChannel, chatIdOf, doorOf, invite, post, write, barOf, isAccepted, boxOf, standOf, isMember, block } = stage;

/** What strangers can do to somebody by adding them to groups and channels. */
describe('places that strangers give', () => {
  /** People whose accounts are older than a week. */
  let old: UserRow[];
  let victim: UserRow;
  beforeAll(async () => {
    old = await arriveAll(OLD_PEOPLE);
    await world.clock.advance(8 * DAY_MS);
  });
  beforeEach(async () => {
    victim = await arrive();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const NORMAL = { folder: 0, muted: undefined };
  const ARCHIVED = { folder: 1, muted: 2_147_483_647 };

  it('are at most 5 of one new account, 40 of another stranger, and 100 of all; the others who are named are added', async () => {
    const friend = await arrive();
    const newcomer = await arrive();
    const missing: bigint[][] = [];
    for (let n = 0; n < 6; n++) missing.push((await createGroup(newcomer, [victim, friend])).missing);
    // The two hold the same places, so both are full.
    expect(missing).toEqual([[], [], [], [], [], [victim.user_id, friend.user_id]]);

    const [first, second, third] = old as [UserRow, UserRow, UserRow];
    for (let n = 0; n < 40; n++) expect((await createGroup(first, [victim])).missing).toEqual([]);
    const other = await arrive();
    const supergroup = await createChannel(first);
    expect((await createGroup(first, [victim, other])).missing).toEqual([victim.user_id]);
    expect(await invite(first, supergroup, [victim, other])).toEqual([victim.user_id]);
    expect([await isMember(victim, supergroup), await isMember(other, supergroup)]).toEqual([false, true]);
    const group = await createGroup(first, [other]);
    expect(missingOf(await world.domain.groups.doAddUser({ ...by(first), chatId: chatIdOf(group.peerId) }, victim, 50))).toEqual([victim.user_id]);
    expect(await boxOf(victim, group.peerId)).toEqual([]);

    for (let n = 0; n < 40; n++) expect((await createGroup(second, [victim])).missing).toEqual([]);
    for (let n = 0; n < 15; n++) expect((await createGroup(third, [victim])).missing).toEqual([]);
    expect((await createGroup(third, [victim])).missing).toEqual([victim.user_id]);
  });

  it('are counted one after the other, however many groups are made at once', async () => {
    const newcomer = await arrive();
    const made = await Promise.all(Array.from({ length: 12 }, () => createGroup(newcomer, [victim])));
    expect(made.filter(({ missing }) => missing.length === 0)).toHaveLength(5);
  });

  it('are not fewer because their maker deletes the groups or removes the person, until 30 days are over', async () => {
    const [attacker] = old as [UserRow];
    const newcomer = await arrive();
    for (let n = 0; n < 5; n++) {
      const { peerId } = await createGroup(newcomer, [victim]);
      if (n % 2 === 0) await world.domain.groups.doDelete({ ...by(newcomer), chatId: chatIdOf(peerId) });
      else await world.domain.groups.doRemoveUser({ ...by(newcomer), chatId: chatIdOf(peerId) }, victim.user_id, false);
    }
    expect((await createGroup(newcomer, [victim])).missing).toEqual([victim.user_id]);
    expect((await createGroup(attacker, [victim])).missing).toEqual([]);
    await world.clock.advance(3 * DAY_MS);
    expect((await createGroup(newcomer, [victim])).missing).toEqual([victim.user_id]);
    await world.clock.advance(28 * DAY_MS);
    // The account of the stranger is not new any more, so that only this leaves room for 40 places.
    for (let n = 0; n < 40; n++) expect((await createGroup(newcomer, [victim])).missing).toEqual([]);
    expect((await createGroup(newcomer, [victim])).missing).toEqual([victim.user_id]);
  });

  it('are answered to a repeated call as to the first one', async () => {
    const newcomer = await arrive();
    const other = await arrive();
    for (let n = 0; n < 4; n++) await createGroup(newcomer, [victim]);
    const call = { creatorId: newcomer.user_id, title: 'Offers', users: [victim, other], ttlPeriod: 0, randomId: nextId(), origin: ORIGIN };
    expect(missingOf(await world.domain.groups.doCreate(call))).toEqual([]);
    expect(missingOf(await world.domain.groups.doCreate(call))).toEqual([]);
    const beyond = { ...call, randomId: nextId() };
    expect(missingOf(await world.domain.groups.doCreate(beyond))).toEqual([victim.user_id]);
    expect(missingOf(await world.domain.groups.doCreate(beyond))).toEqual([victim.user_id]);
  });

  it('stop for an admin at the 25th stranger of the day without stopping the whole call', async () => {
    const admin = await arrive();
    const crowd = await arriveAll(28);
    const channel = await createChannel(admin, 'broadcast');
    expect(await invite(admin, channel, crowd)).toEqual(crowd.slice(25).map((one) => one.user_id));
    expect(await isMember(crowd[24]!, channel)).toBe(true);
    expect((await createGroup(admin, [crowd[0]!, crowd[26]!])).missing).toEqual([crowd[26]!.user_id]);
  });

  it('are accepted if the adder is known, or listed by the operator', async () => {
    const [adder] = old as [UserRow];
    const channel = await createChannel(adder, 'broadcast');
    await world.domain.contacts.doAddContact(victim.user_id, adder, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    expect(await isAccepted(victim, (await createGroup(adder, [victim])).peerId)).toBe(true);
    const [listed, other] = [await arrive(), await arrive()];
    await world.db.transact('list', (tx) => saveListedCreator(tx, 'groups', listed.user_id, true));
    for (let n = 0; n < 7; n++) expect(await isAccepted(other, (await createGroup(listed, [other])).peerId)).toBe(true);
    // The list for channels is another one.
    expect([await invite(adder, channel, [other]), await isAccepted(other, channel)]).toEqual([[], false]);
    expect((await createGroup(other, [listed])).missing).toEqual([]);
  });

  describe.each(['basic group', 'supergroup'])('in a %s', (kind) => {
    let adder: UserRow;
    let peerId: bigint;
    beforeEach(async () => {
      adder = old[4]!;
      const group = kind === 'basic group' ? await createGroup(adder, [victim]) : undefined;
      peerId = group?.peerId ?? (await createChannel(adder));
      if (group === undefined) await invite(adder, peerId, [victim]);
      await world.domain.acceptance.doAccept(adder.user_id, peerId);
    });

    const read = async (): Promise<void> => {
      if (kind === 'supergroup') await doorOf(peerId).posts.doRead(victim.user_id, 1_000_000);
      else await world.domain.messages.doReadHistory({ ownerId: victim.user_id, peerId, maxId: 0, origin: undefined });
    };
    const leave = async (): Promise<void> => {
      if (kind === 'supergroup') await doorOf(peerId).members.doLeave(by(victim));
      else await world.domain.groups.doRemoveUser({ ...by(victim), chatId: chatIdOf(peerId) }, victim.user_id, false);
    };

    it('are accepted by writing', async () => {
      expect(await barOf(victim, peerId)).toEqual({ _: 'peerSettings', report_spam: true, autoarchived: undefined });
      await post(victim, peerId);
      expect(await barOf(victim, peerId)).toEqual({ _: 'peerSettings' });
    });

    it('are accepted by reading, but only a day after the adding', async () => {
      await read();
      expect(await isAccepted(victim, peerId)).toBe(false);
      await world.clock.advance(DAY_MS);
      await post(adder, peerId);
      await read();
      expect(await isAccepted(victim, peerId)).toBe(true);
    });

    it('are not accepted by reading once they are archived', async () => {
      await post(adder, peerId, BUDGET);
      await world.runJobs();
      await world.clock.advance(DAY_MS);
      for (let times = 0; times < 2; times++) await read();
      expect([await standOf(victim, peerId), await isAccepted(victim, peerId)]).toEqual([ARCHIVED, false]);
    });

    it('are accepted by hiding the bar', async () => {
      await world.domain.acceptance.doAccept(victim.user_id, peerId, ORIGIN);
      expect(await isAccepted(victim, peerId)).toBe(true);
    });

    it('are accepted by making the adder a contact, or answering the adder', async () => {
      await write(victim, adder);
      expect(await isAccepted(victim, peerId)).toBe(true);
      const other = await arrive();
      const second = await createGroup(adder, [other]);
      await world.domain.contacts.doAddContact(other.user_id, adder, { first_name: 'Pal', last_name: '', phone: '', note: '' });
      expect(await isAccepted(other, second.peerId)).toBe(true);
    });

    it('are accepted by coming back through a link', async () => {
      const invites = kind === 'supergroup' ? doorOf(peerId).invites : world.domain.groups.invitesOf(chatIdOf(peerId));
      const { hash } = await invites.doExport(by(adder), { permanent: false, exportId: nextId() });
      await leave();
      await invites.doEnter(by(victim), hash);
      expect(await isMember(victim, peerId)).toBe(true);
      expect(await isAccepted(victim, peerId)).toBe(true);
    });

    it('are archived and muted by messages of strangers beyond the budget, which are sent nevertheless, until they are accepted', async () => {
      // The messages that said that the victim was added counts, too.
      await post(adder, peerId, BUDGET - 1);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
      await post(adder, peerId);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(ARCHIVED);
      expect(await barOf(victim, peerId)).toEqual({ _: 'peerSettings', report_spam: true, autoarchived: true });
      // Others are not touched, and posting goes on, but nobody is called any more.
      expect(await standOf(adder, peerId)).toEqual(NORMAL);
      await post(adder, peerId, 2, victim);
      const mentions = await world.db.q.selectFrom('unread_mentions').selectAll().where('owner_id', '=', victim.user_id).execute();
      expect(mentions).toEqual([]);
      if (kind === 'basic group') expect(await boxOf(victim, peerId)).toHaveLength(BUDGET + 3);

      await post(victim, peerId);
      expect(await standOf(victim, peerId)).toEqual({ folder: 0, muted: undefined });
      expect(await barOf(victim, peerId)).toEqual({ _: 'peerSettings' });
      await post(adder, peerId, 1, victim);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
    });

    it('are accepted by taking them out of the archive', async () => {
      await post(adder, peerId, BUDGET);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(ARCHIVED);
      await world.domain.dialogs.doMoveToFolders(victim.user_id, new Map([[peerId, 0]]), ORIGIN);
      expect(await isAccepted(victim, peerId)).toBe(true);
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
    });

    it('have 300 messages a day after the first ones', async () => {
      await post(adder, peerId, BUDGET - 1);
      for (let hour = 0; hour < 8; hour++) {
        await world.clock.advance(DAY_MS / 24);
        await post(adder, peerId, 12);
        await world.runJobs();
      }
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
      await post(adder, peerId, 14);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(ARCHIVED);
    });

    it('do not count messages of people whom their owner knows', async () => {
      const friend = await arrive();
      await world.domain.contacts.doAddContact(victim.user_id, friend, { first_name: 'Pal', last_name: '', phone: '', note: '' });
      await world.domain.contacts.doAddContact(friend.user_id, adder, { first_name: 'Pal', last_name: '', phone: '', note: '' });
      if (kind === 'supergroup') await invite(adder, peerId, [friend]);
      else await world.domain.groups.doAddUser({ ...by(adder), chatId: chatIdOf(peerId) }, friend, 0);
      await post(friend, peerId, BUDGET);
      await post(adder, peerId, BUDGET - 2);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
      await post(adder, peerId, 2);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(ARCHIVED);
    });

    it('make nobody the owner who has not accepted them', async () => {
      const transfer = (): Promise<unknown> =>
        kind === 'supergroup' ? doorOf(peerId).members.doTransfer(by(adder), victim) : world.domain.groups.doEditCreator({ ...by(adder), chatId: chatIdOf(peerId) }, victim);
      const findNext = (): Promise<bigint | undefined> => (kind === 'supergroup' ? doorOf(peerId).members.findFutureOwner(adder.user_id) : world.domain.groups.findFutureCreator(adder.user_id, chatIdOf(peerId)));
      if (kind === 'supergroup') await doorOf(peerId).members.doEditAdmin({ ...by(adder), userId: victim.user_id, rights: { _: 'chatAdminRights', change_info: true }, rank: '' });
      else await world.domain.groups.doEditAdmin({ ...by(adder), chatId: chatIdOf(peerId) }, victim.user_id, true);
      expect([await errorOf(transfer()), await findNext()]).toEqual(['USER_PRIVACY_RESTRICTED', undefined]);
      await post(victim, peerId);
      expect([await findNext(), await errorOf(transfer())]).toEqual([victim.user_id, 'no error']);
    });

    it('go on with their budget if somebody is removed and added again', async () => {
      const remove = async (): Promise<void> => {
        if (kind === 'basic group') await world.domain.groups.doRemoveUser({ ...by(adder), chatId: chatIdOf(peerId) }, victim.user_id, false);
        else {
          const banned = { _: 'chatBannedRights', view_messages: true, until_date: 0 } as const;
          await doorOf(peerId).members.doEditBanned({ ...by(adder), userId: victim.user_id, rights: banned });
        }
      };
      const add = async (): Promise<bigint[]> => (kind === 'supergroup' ? invite(adder, peerId, [victim]) : missingOf(await world.domain.groups.doAddUser({ ...by(adder), chatId: chatIdOf(peerId) }, victim, 100)));
      let times = 0;
      for (let isFull = false; !isFull && times <= BUDGET; times++) {
        await post(adder, peerId, 10);
        await world.runJobs();
        await remove();
        isFull = (await add()).length > 0;
      }
      expect(times).toBeLessThanOrEqual(BUDGET / 10);
      expect(await isMember(victim, peerId)).toBe(false);
      expect((await boxOf(victim, peerId)).length).toBeLessThanOrEqual(BUDGET + 10);
      await world.clock.advance(DAY_MS + 1000);
      expect(await add()).toEqual([]);
    });
  });

  it('are accepted by a reaction in a basic group', async () => {
    const [adder] = old as [UserRow];
    const { peerId } = await createGroup(adder, [victim]);
    await post(adder, peerId);
    const react = async (...emoticons: string[]): Promise<unknown> =>
      world.domain.postReactions.openGroup(peerId).doReact({ ...by(victim), msgId: (await boxOf(victim, peerId)).at(-1)!.msg_id, emoticons, big: false, addsToRecent: false });
    await react();
    expect(await isAccepted(victim, peerId)).toBe(false);
    await react('\u{1f44d}');
    expect(await isAccepted(victim, peerId)).toBe(true);
  });

  it('stay as they are when a basic group becomes a supergroup', async () => {
    const [adder] = old as [UserRow];
    const { peerId } = await createGroup(adder, [victim]);
    await post(adder, peerId, 60);
    const { peerId: supergroup } = await world.domain.channels.doMigrate({ ...by(adder), chatId: chatIdOf(peerId) });
    expect(await isAccepted(victim, supergroup)).toBe(false);
    await post(adder, supergroup, 30);
    await world.runJobs();
    expect(await standOf(victim, supergroup)).toEqual(NORMAL);
    await post(adder, supergroup, 20);
    await world.runJobs();
    expect(await standOf(victim, supergroup)).toEqual(ARCHIVED);
    await block(victim, adder);
    expect(await isMember(victim, supergroup)).toBe(false);
  });

  it.each(['basic group', 'supergroup'])('do not tell a stranger in a %s when somebody is online', async (kind) => {
    const [adder] = old as [UserRow];
    const peerId = kind === 'supergroup' ? await createChannel(adder) : (await createGroup(adder, [victim])).peerId;
    if (kind === 'supergroup') await invite(adder, peerId, [victim]);
    const countFor = ({ user_id: viewerId }: UserRow): Promise<number> => (kind === 'supergroup' ? doorOf(peerId).members.countOnline(viewerId) : world.domain.groups.countOnline(viewerId, chatIdOf(peerId)));
    for (const { user_id: userId } of [adder, victim]) world.domain.users.doUpdateStatus(userId, true);
    // Dates are written after some seconds.
    await world.clock.advance(10_000);
    await vi.waitFor(async () => expect(await countFor(victim)).toBe(2));
    expect([await countFor(adder), await countFor(victim)]).toEqual([1, 2]);
    await post(victim, peerId);
    expect([await countFor(adder), await countFor(victim)]).toEqual([2, 2]);
  });

  it('are archived in a channel even if its posts are deleted at once', async () => {
    const [adder] = old as [UserRow];
    const channel = await createChannel(adder, 'broadcast');
    await invite(adder, channel, [victim]);
    for (let n = 0; n < BUDGET; n++) {
      const [row] = await doorOf(channel).posts.doSend({ ...by(adder), parts: [{ randomId: nextId(), text: 'Buy', flags: 0, extra: {}, previewsLinks: false }], reply: undefined, signature: '' });
      await doorOf(channel).posts.doDelete(by(adder), [row!.msg_id]);
    }
    await world.runJobs();
    expect(await standOf(victim, channel)).toEqual(NORMAL);
    await post(adder, channel);
    await world.runJobs();
    expect(await standOf(victim, channel)).toEqual(ARCHIVED);
  });

  it('do not count to the maximum of channels', async () => {
    const adder = await arrive();
    const junk = await createChannel(adder);
    for (let n = 0; n < CHANNELS_MAX; n++) await createChannel(victim);
    expect(await errorOf(createChannel(victim))).toBe('CHANNELS_TOO_MUCH');
    expect(await invite(adder, junk, [victim])).toEqual([]);
    const other = await arrive();
    expect(await invite(adder, junk, [other])).toEqual([]);
    for (let n = 0; n < CHANNELS_MAX; n++) await createChannel(other);
    expect(await errorOf(createChannel(other))).toBe('CHANNELS_TOO_MUCH');
  });
});
