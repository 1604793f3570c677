import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { UserRow } from '../../src/peers/index.ts';
import { QUOTAS } from '../../src/shared/index.ts';
import { errorOf } from './accounts-world.ts';
import { createStrangerStage } from './stranger-stage.ts';

const stage = await createStrangerStage();
const { world, arrive, by, createGroup, createChannel, chatIdOf, doorOf, invite, isMember } = stage;

/** How strangers try to reach people who have left, blocked or reported them. */
describe('strangers reach people again', () => {
  let adder: UserRow;
  let victim: UserRow;
  beforeAll(async () => {
    adder = await arrive();
  });
  beforeEach(async () => {
    victim = await arrive();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('not by bans from a channel in which they never were, and as members only until the quota is used up', async () => {
    await world.domain.blocks.doBlock(victim.user_id, adder.user_id, { storiesOnly: false, blocked: true }, undefined);
    const member = await arrive();
    // Nothing is said about the members of a broadcast channel, but adding them is counted.
    const channel = await createChannel(adder, 'broadcast');
    const { members } = doorOf(channel);
    const logged = async ({ user_id }: UserRow): Promise<number> => (await world.db.q.selectFrom('update_log').selectAll().where('owner_id', '=', user_id).execute()).length;
    const ban = ({ user_id: userId }: UserRow, rights: Omit<tl.chatBannedRights, '_'>): Promise<string> => errorOf(members.doEditBanned({ ...by(adder), userId, rights: { _: 'chatBannedRights', ...rights } }));
    const until = Math.floor(world.clock.nowMs() / 1000) + 100_000;
    const before = await logged(victim);
    expect(await ban(victim, { until_date: 0 })).toBe('no error');
    expect(await world.domain.chats.findMember(channel, victim.user_id)).toBeUndefined();
    for (let n = 0; n < 3; n++) {
      expect(await ban(victim, { view_messages: true, until_date: until + n })).toBe('no error');
      expect(await ban(victim, { send_media: true, until_date: until + n })).toBe('no error');
    }
    expect(await logged(victim)).toBe(before);

    await invite(adder, channel, [member]);
    const joined = await logged(member);
    // The adding has taken one.
    const { capacity } = QUOTAS.chatNotices;
    for (let n = 1; n < capacity; n++) {
      expect(await ban(member, { send_media: true, until_date: until + n })).toBe('no error');
      // A repeat changes nothing and is not counted.
      if (n < 5) expect(await ban(member, { send_media: true, until_date: until + n })).toBe('no error');
    }
    expect(await logged(member)).toBe(joined + capacity - 1);
    expect(await ban(member, { send_media: true, until_date: until })).toMatch(/^FLOOD_WAIT/);
    const promote = (rights: tl.chatAdminRights): Promise<string> => errorOf(members.doEditAdmin({ ...by(adder), userId: member.user_id, rights, rank: '' }));
    expect(await promote({ _: 'chatAdminRights', change_info: true })).toMatch(/^FLOOD_WAIT/);
    // Whoever is removed is always removed, and does not come back before the quota allows it.
    expect(await ban(member, { view_messages: true, until_date: 0 })).toBe('no error');
    expect(await errorOf(invite(adder, channel, [member]))).toMatch(/^FLOOD_WAIT/);
    expect(await isMember(member, channel)).toBe(false);
  });

  it('not in a place that they have left, even after a ban or the upgrade of the group', async () => {
    const channel = await createChannel(adder);
    await invite(adder, channel, [victim]);
    await world.domain.reports.doReport({ ownerId: victim.user_id, peerId: channel, messages: [], reason: 'spam', comment: '' });
    await world.runJobs();
    for (const view_messages of [true, false, true]) {
      expect(await errorOf(invite(adder, channel, [victim]))).toBe('USER_NOT_MUTUAL_CONTACT');
      await doorOf(channel).members.doEditBanned({ ...by(adder), userId: victim.user_id, rights: { _: 'chatBannedRights', view_messages, until_date: 0 } });
    }
    expect(await errorOf(invite(adder, channel, [victim]))).toBe('USER_NOT_MUTUAL_CONTACT');

    const removed = await arrive();
    const { peerId } = await createGroup(adder, [victim, removed]);
    for (const one of [victim, removed]) await world.domain.groups.doRemoveUser({ ...by(one === victim ? victim : adder), chatId: chatIdOf(peerId) }, one.user_id, false);
    const { peerId: supergroup } = await world.domain.channels.doMigrate({ ...by(adder), chatId: chatIdOf(peerId) });
    expect(await errorOf(invite(adder, supergroup, [victim]))).toBe('USER_NOT_MUTUAL_CONTACT');
    const counts = await world.db.q.selectFrom('channel_heads').select(['members', 'kicked', 'restricted']).where('channel_id', '=', (unmarkPeer(supergroup) as tl.peerChannel).channel_id).executeTakeFirst();
    expect(counts).toEqual({ members: 1, kicked: 1, restricted: 0 });
    expect(await invite(adder, supergroup, [removed])).toEqual([]);

    // A mutual contact brings them back.
    for (const [owner, contact] of [[adder, victim], [victim, adder]] as const) await world.domain.contacts.doAddContact(owner.user_id, contact, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    expect(await invite(adder, supergroup, [victim])).toEqual([]);
  });
});
