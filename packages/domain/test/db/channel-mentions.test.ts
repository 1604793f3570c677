import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
/** Ids of subscribers who exist only as rows begin here. */
const FIRST_ID = 500_000_000n;

describe('mentions in a supergroup', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, ['Alice', 'Bob', 'Carol']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: person(n), origin: ORIGIN });
  const peerOf = (channelId: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });

  async function create(): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -first.owner_id - 10n ** 12n;
  }

  async function send(n: number, channelId: bigint, named: readonly bigint[], replyTo?: number): Promise<PostRow> {
    const entities = named.map((user_id, at): tl.MessageEntity => ({ _: 'messageEntityMentionName', offset: at, length: 1, user_id }));
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    const parts = [{ randomId: ++randomId, text: 'x'.repeat(100), flags: 0, extra: { entities } }];
    const [post] = await world.domain.channels.at(channelId).posts.doSend({ ...by(n), parts, reply, signature: '' });
    return post!;
  }

  const listOwners = async (channelId: bigint, { msg_id: msgId }: PostRow): Promise<bigint[]> => {
    const rows = await world.db.q.selectFrom('unread_mentions').select('owner_id').where('peer_id', '=', peerOf(channelId)).where('msg_id', '=', msgId).orderBy('owner_id').execute();
    return rows.map((row) => row.owner_id);
  };

  it('are recorded for members only, once each, and never for the author', async () => {
    const channelId = await create();
    await world.domain.channels.at(channelId).members.doInvite(by(0), [people[1]!]);
    // Carol is not in the group.
    const first = await send(0, channelId, [person(1), person(1), person(2), person(0)]);
    expect(await listOwners(channelId, first)).toEqual([person(1)]);
    const second = await send(1, channelId, [person(0)], first.msg_id);
    expect(await listOwners(channelId, second)).toEqual([person(0)]);
    await world.domain.channels.at(channelId).members.doLeave(by(1));
    expect(await listOwners(channelId, first)).toEqual([]);
    // A reply to somebody who has left mentions nobody.
    expect(await listOwners(channelId, await send(0, channelId, [], second.msg_id))).toEqual([]);
  });

  it('are at most 50 in one message, and go with the message', async () => {
    const channelId = await create();
    await sql`INSERT INTO channel_members (channel_id, user_id, status, role, date) SELECT ${channelId}, ${FIRST_ID} + n, 'member', 'member', 1 FROM generate_series(1, 80) AS n`.execute(world.db.q);
    const row = await send(0, channelId, Array.from({ length: 80 }, (_, n) => FIRST_ID + BigInt(n) + 1n));
    expect(await listOwners(channelId, row)).toHaveLength(50);
    await world.domain.channels.at(channelId).posts.doDelete(by(0), [row.msg_id]);
    expect(await listOwners(channelId, row)).toEqual([]);
  });

  it('go with the message, however it is deleted', async () => {
    const channelId = await create();
    const { members, posts } = world.domain.channels.at(channelId);
    await members.doInvite(by(0), [people[1]!, people[2]!]);
    const remove = {
      byItsAuthor: async () => {
        await posts.doDeleteOf(by(0), person(2));
      },
      forAll: () => posts.doDeleteAll(by(0), 0),
      whenItExpires: async (row: PostRow) => {
        await world.db.q.updateTable('channel_messages').set({ ttl_period: 1, date: 1 }).where('channel_id', '=', channelId).where('msg_id', '=', row.msg_id).execute();
        const job = world.domain.jobKinds.find(({ kind }) => kind === 'expire-posts')!;
        await job.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
      },
    };
    for (const way of Object.values(remove)) {
      const row = await send(2, channelId, [person(1)]);
      expect(await listOwners(channelId, row)).toEqual([person(1)]);
      await way(row);
      expect(await listOwners(channelId, row)).toEqual([]);
    }
  });

  it('are marked as seen in slices of 500', async () => {
    const channelId = await create();
    await sql`INSERT INTO unread_mentions (owner_id, peer_id, msg_id) SELECT ${person(0)}::bigint, ${peerOf(channelId)}::bigint, n FROM generate_series(1, 1200) AS n`.execute(world.db.q);
    const { posts } = world.domain.channels.at(channelId);
    const offsets = [(await posts.doReadMentions(by(0))).offset, (await posts.doReadMentions(by(0))).offset, (await posts.doReadMentions(by(0))).offset];
    expect(offsets).toEqual([1, 1, 0]);
    expect(await posts.countUnseen('unread_mentions', person(0))).toBe(0);
  });
});
