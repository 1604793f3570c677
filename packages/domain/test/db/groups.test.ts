import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ChatRow, listMembers } from '../../src/chats/index.ts';
import { createBoxWriter, hasFlag, MessageFlag, type MessageRow } from '../../src/events/index.ts';
import type { GroupOutcome, Invitation } from '../../src/index.ts';
import { insertArrivals } from '../../src/messages/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const PEOPLE = 60;
/** Number of changes that run at the same time. */
const AT_ONCE = 20;

describe('basic groups', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 0n;
  beforeAll(async () => {
    world = await createWorld({ groupMembersMax: PEOPLE });
    people = await signUpPeople(world, PEOPLE);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const box = (owner: bigint): Promise<MessageRow[]> => world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id').execute();
  const boxOf = async (owner: bigint, chatId: bigint): Promise<MessageRow[]> => (await box(owner)).filter((row) => row.peer_id === -chatId);
  const versionsIn = ({ updates }: GroupOutcome): number[] => updates.flatMap((update) => ('version' in update && typeof update.version === 'number' ? [update.version] : []));

  /** Makes a group of the first person with others. */
  async function create(others: readonly number[], more: { randomId?: bigint; title?: string } = {}): Promise<{ chatId: bigint; invitation: Invitation }> {
    const users = others.map((n) => people[n]!);
    const invitation = await world.domain.groups.doCreate({ creatorId: person(0), title: 'A group', users, ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN, ...more });
    return { chatId: -invitation.notice!.peer_id, invitation };
  }

  const by = (n: number, chatId: bigint) => ({ actorId: person(n), chatId, origin: ORIGIN });
  const readRow = async (chatId: bigint): Promise<ChatRow> =>
    world.db.q.selectFrom('chats').selectAll().where('chat_id', '=', chatId).executeTakeFirstOrThrow();

  it('are made once, however often the same call comes', async () => {
    const before = await world.db.q.selectFrom('chats').select('chat_id').execute();
    const calls = await Promise.all([1, 2, 3].map(() => create([1, 2], { randomId: 77n })));
    await world.restart();
    calls.push(await create([1, 2], { randomId: 77n }));
    const ids = new Set(calls.map(({ chatId }) => chatId));
    expect(ids.size).toBe(1);
    expect(await world.db.q.selectFrom('chats').select('chat_id').execute()).toHaveLength(before.length + 1);
    const [chatId] = ids;
    expect(await boxOf(person(1), chatId!)).toHaveLength(1);
    const names = calls.map(({ invitation }) => invitation.updates.find((update) => update._ === 'updateMessageID'));
    for (const name of names) expect(name).toEqual(names[0]);
  });

  it('count each of many changes at once exactly once', async () => {
    const { chatId } = await create([1, 2]);
    const { groups } = world.domain;
    const added = Array.from({ length: PEOPLE - 3 }, (_, n) => n + 3);
    const changes = [
      ...added.map((n) => () => groups.doAddUser(by(n % 3, chatId), people[n]!, 0)),
      () => groups.doEditTitle(by(1, chatId), 'Renamed'),
      () => groups.doEditDefaultRights(by(0, chatId), { _: 'chatBannedRights', send_polls: true, until_date: 0 }),
    ];
    const outcomes: Awaited<ReturnType<(typeof changes)[number]>>[] = [];
    // They run one after the other under the group's lock, and each fails that waits longer than 5 s for a connection. On a busy machine, that happens if all start at once.
    while (changes.length > 0) outcomes.push(...(await Promise.all(changes.splice(-AT_ONCE).map((change) => change()))));
    expect(outcomes.flatMap(versionsIn).sort((a, b) => a - b)).toEqual(Array.from({ length: added.length + 1 }, (_, n) => n + 2));
    const row = await readRow(chatId);
    expect(row).toMatchObject({ members: PEOPLE, version: added.length + 2, title: 'Renamed' });
    expect(await listMembers(world.db, chatId)).toHaveLength(PEOPLE);
    // Each box has every service message since its owner is in the group, in one order.
    const [first, second] = [await boxOf(person(0), chatId), await boxOf(person(1), chatId)];
    expect(first.map((message) => message.global_id)).toEqual(second.map((message) => message.global_id));
    expect(first).toHaveLength(added.length + 2);
    expect(await errorOf(groups.doAddUser(by(0, chatId), people[3]!, 0))).toBe('USER_ALREADY_PARTICIPANT');
  });

  it('take a member in once and remove one once, however many do it at the same time', async () => {
    const { chatId } = await create([1, 2]);
    const { groups } = world.domain;
    const adding = await Promise.all([0, 1, 2].map((n) => errorOf(groups.doAddUser(by(n, chatId), people[3]!, 0))));
    expect(adding.sort()).toEqual(['USER_ALREADY_PARTICIPANT', 'USER_ALREADY_PARTICIPANT', 'no error']);
    const removing = await Promise.all([0, 0, 0].map((n) => errorOf(groups.doRemoveUser(by(n, chatId), person(3), false))));
    expect(removing.sort()).toEqual(['USER_NOT_PARTICIPANT', 'USER_NOT_PARTICIPANT', 'no error']);
    expect(await readRow(chatId)).toMatchObject({ members: 3, version: 3 });
  });

  it('are never larger than the setting allows', async () => {
    const others = Array.from({ length: PEOPLE - 2 }, (_, n) => n + 1);
    const { chatId } = await create(others.slice(0, -1));
    const { groups } = world.domain;
    const adding = await Promise.all([PEOPLE - 2, PEOPLE - 1].map((n) => errorOf(groups.doAddUser(by(0, chatId), people[n]!, 0))));
    expect(adding).toEqual(['no error', 'no error']);
    const late = await world.signUp('9996690099', 'Late');
    expect(await errorOf(groups.doAddUser(by(0, chatId), (await world.domain.users.findRow(late.userId))!, 0))).toBe('USERS_TOO_MUCH');
    expect(await errorOf(groups.doCreate({ creatorId: late.userId, title: 'x', users: people, ttlPeriod: 0, randomId: 5n, origin: ORIGIN }))).toBe('USERS_TOO_MUCH');
  });

  it('give a new member the last messages, as copies of the same messages', async () => {
    const { chatId } = await create([1]);
    const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
    const { writeBoxes } = createBoxWriter({ db: world.db, bus: world.bus, clock: world.clock, insertArrivals });
    const write = (author: bigint, text: string, globalId: bigint, replyTo: [bigint, number][] = []): Promise<void> =>
      writeBoxes('write', [person(0), person(1)], async (_tx, boxes, date) => {
        for (const owner of [person(0), person(1)]) {
          const reply = replyTo.find(([whose]) => whose === owner)?.[1] ?? null;
          const flags = (owner === author ? MessageFlag.out : MessageFlag.mentioned) | MessageFlag.silent;
          boxes.addMessage(owner, { global_id: globalId, peer_id: peerId, from_id: author, saved_peer_id: null, date, edit_date: null, flags, reply_to_msg_id: reply, text, extra: null }, undefined);
        }
      });
    await write(person(0), 'too old', 1001n);
    await write(person(0), 'question', 1002n);
    const question = (await boxOf(person(0), chatId)).find((row) => row.text === 'question')!;
    await write(person(1), 'answer', 1003n, [[person(0), question.msg_id]]);
    const { groups } = world.domain;
    await groups.doAddUser(by(0, chatId), people[2]!, 2);
    const given = await boxOf(person(2), chatId);
    expect(given.map((row) => row.text)).toEqual(['question', 'answer', '']);
    expect(given.map((row) => row.global_id).slice(0, 2)).toEqual([1002n, 1003n]);
    expect(given[1]!.reply_to_msg_id).toBe(given[0]!.msg_id);
    expect(given[0]).toMatchObject({ from_id: person(0), flags: MessageFlag.silent });
    expect(hasFlag(given[2]!, MessageFlag.service)).toBe(true);
    const dialog = await world.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', person(2)).where('peer_id', '=', peerId).executeTakeFirstOrThrow();
    expect(dialog).toMatchObject({ msg_count: 3, unread_count: 3, top_msg_id: given[2]!.msg_id });

    // Whoever comes back gets only what they lack.
    await world.domain.groups.doRemoveUser(by(2, chatId), person(2), false);
    await groups.doAddUser(by(2, chatId), people[2]!, 100);
    expect((await boxOf(person(2), chatId)).filter((row) => row.text === 'question')).toHaveLength(1);
  });

  it('lose what a removed member wrote, where that is asked for', async () => {
    const { chatId } = await create([1, 2]);
    const { groups } = world.domain;
    await groups.doEditTitle(by(1, chatId), 'Spam');
    await groups.doRemoveUser(by(0, chatId), person(1), true);
    await world.runJobs('repeat');
    for (const n of [0, 1, 2]) expect((await boxOf(person(n), chatId)).map((row) => row.from_id)).toEqual([person(0), person(0)]);
  });

  it('keep what a removed member wrote if the one who added them is no admin, and what they write after they came back', async () => {
    const { chatId } = await create([1]);
    const { groups } = world.domain;
    await groups.doAddUser(by(1, chatId), people[2]!, 0);
    await groups.doEditTitle(by(2, chatId), 'Important');
    await expect(groups.doRemoveUser(by(1, chatId), person(2), true)).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    await groups.doRemoveUser(by(0, chatId), person(2), true);
    await world.clock.advance(2000);
    await groups.doAddUser(by(0, chatId), people[2]!, 0);
    await groups.doEditTitle(by(2, chatId), 'After the return');
    await world.runJobs('repeat');
    for (const n of [0, 1]) expect((await boxOf(person(n), chatId)).filter((row) => row.from_id === person(2))).toHaveLength(1);
  });

  it('are ended once; nobody keeps their messages', async () => {
    const { chatId } = await create([1]);
    const { groups, chats } = world.domain;
    await groups.doDelete(by(0, chatId));
    await groups.doDelete(by(0, chatId));
    await world.runJobs('repeat');
    expect(await readRow(chatId)).toMatchObject({ deactivated: true, members: 0, version: 2 });
    for (const n of [0, 1]) {
      expect(await boxOf(person(n), chatId)).toEqual([]);
      expect(await chats.projectChats(person(n), [-chatId])).toMatchObject([{ _: 'chatForbidden' } satisfies Partial<tl.Chat>]);
    }
  });
});
