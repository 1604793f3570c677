import { sql, StorageOverloaded } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const NO_SENDING: tl.chatBannedRights = { _: 'chatBannedRights', send_messages: true, until_date: 0 };
const POSTS = 1_000;
const GROUP_MESSAGES = 200;
/** How many of the sends are under way before the change begins. */
const HEAD_START = 40;
/** Stands for the errors of sends that waited too long. */
const BUSY = 'busy';

describe('a right that was taken away', () => {
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

  /** A channel of all three, in which Bob is an admin who may post. */
  async function create(kind: 'megagroup' | 'broadcast', isAdmin: boolean): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind, title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    const { members } = world.domain.channels.at(channelId);
    await members.doInvite(by(0), people.slice(1));
    if (isAdmin) await members.doEditAdmin({ ...by(0), userId: person(1), rights: { _: 'chatAdminRights', post_messages: true }, rank: '' });
    return channelId;
  }

  /**
   * Lets many sends race with a change.
   * @returns the results of the sends that succeeded, how many failed with which error, and what `look` found right after the change was acknowledged.
   *   On a busy machine some sends wait too long for the database. They failed, too, but say nothing of the right.
   */
  async function race<T, L>(count: number, send: (n: number) => Promise<T>, change: () => Promise<unknown>, look: () => Promise<L>) {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const sends = Array.from({ length: count }, async (_, n) => {
      if (n > HEAD_START) await begun;
      return send(n);
    });
    for (const one of sends) one.catch(() => undefined);
    await sends[0];
    const changed = change();
    begin();
    await changed;
    const seen = await look();
    const late = await errorOf(send(count));
    const errors = new Map<string, number>();
    const sent: T[] = [];
    for (const outcome of await Promise.allSettled(sends)) {
      if (outcome.status === 'fulfilled') sent.push(outcome.value);
      else {
        const { text } = outcome.reason as { text?: string };
        if (text === undefined && !(outcome.reason instanceof StorageOverloaded)) throw outcome.reason;
        const name = text ?? BUSY;
        errors.set(name, (errors.get(name) ?? 0) + 1);
      }
    }
    const busy = errors.get(BUSY) ?? 0;
    errors.delete(BUSY);
    return { sent, errors, busy, late, seen };
  }

  it.each<{ what: string; kind: 'megagroup' | 'broadcast'; isAdmin: boolean; change: (channelId: bigint) => Promise<unknown>; error: string }>([
    {
      what: 'a ban', kind: 'megagroup', isAdmin: false, error: 'CHANNEL_PRIVATE',
      change: (id) => world.domain.channels.at(id).members.doEditBanned({ ...by(0), userId: person(1), rights: { ...NO_SENDING, view_messages: true } }),
    },
    {
      what: 'a restriction', kind: 'megagroup', isAdmin: true, error: 'USER_BANNED_IN_CHANNEL',
      change: (id) => world.domain.channels.at(id).members.doEditBanned({ ...by(0), userId: person(1), rights: NO_SENDING }),
    },
    {
      what: 'new default rights', kind: 'megagroup', isAdmin: false, error: 'CHAT_WRITE_FORBIDDEN',
      change: (id) => world.domain.channels.at(id).settings.doEditDefaultRights(by(0), NO_SENDING),
    },
    {
      what: 'a demotion', kind: 'broadcast', isAdmin: true, error: 'CHAT_ADMIN_REQUIRED',
      change: (id) => world.domain.channels.at(id).members.doEditAdmin({ ...by(0), userId: person(1), rights: { _: 'chatAdminRights' }, rank: '' }),
    },
  ])('by $what in a $kind: none of a thousand posts is numbered after the change', async ({ kind, isAdmin, change, error }) => {
    const channelId = await create(kind, isAdmin);
    const { posts } = world.domain.channels.at(channelId);
    const top = async (): Promise<number> => (await world.db.q.selectFrom('channel_heads').select('top_msg_id').where('channel_id', '=', channelId).executeTakeFirstOrThrow()).top_msg_id;
    const send = async (n: number) => {
      const parts = [{ randomId: 1_000_000n * channelId + BigInt(n), text: `${n}`, flags: 0, extra: {} }];
      const [post] = await posts.doSend({ ...by(1), parts, reply: undefined, signature: '' });
      return post!;
    };
    const { sent, errors, busy, late, seen } = await race(POSTS, send, () => change(channelId), top);
    expect(late).toBe(error);
    expect(await top()).toBe(seen);
    expect([...errors]).toEqual([[error, POSTS - sent.length - busy]]);
    const { rows } = await sql<{ n: bigint }>`SELECT count(*) AS n FROM channel_messages WHERE channel_id = ${channelId} AND text <> ''`.execute(world.db.q);
    expect(Number(rows[0]!.n)).toBe(sent.length);
    expect(sent.length).toBeGreaterThan(0);
  });

  it.each([
    ['a removal', (chatId: bigint) => world.domain.groups.doRemoveUser({ ...by(0), chatId }, person(1), false)],
    ['new default rights', (chatId: bigint) => world.domain.groups.doEditDefaultRights({ ...by(0), chatId }, NO_SENDING)],
  ] as const)('by %s in a basic group: none of 200 messages is numbered after the change', async (_what, change) => {
    const { notice } = await world.domain.groups.doCreate({ creatorId: person(0), title: 'A group', users: people.slice(1), ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const chatId = -notice!.peer_id;
    const peer = await world.domain.peers.accessChat(person(1), chatId);
    const count = async (): Promise<number> => {
      const { rows } = await sql<{ n: bigint }>`SELECT count(*) AS n FROM messages WHERE owner_id = ${person(2)} AND peer_id = ${-chatId} AND from_id = ${person(1)}`.execute(world.db.q);
      return Number(rows[0]!.n);
    };
    const send = (n: number) =>
      world.domain.messages.doSendText(peer, {
        senderId: person(1), randomId: 1_000_000n * chatId + BigInt(n), text: { text: `${n}`, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined,
      });
    const { sent, errors, busy, late, seen } = await race(GROUP_MESSAGES, send, () => change(chatId), count);
    expect(late).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await count()).toBe(seen);
    expect(seen).toBe(sent.length);
    expect([...errors]).toEqual([['CHAT_WRITE_FORBIDDEN', GROUP_MESSAGES - sent.length - busy]]);
    expect(sent.length).toBeGreaterThan(0);
  });
});
