import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { BoxEvent, PostRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import type { PushClass, PushClasses } from '../../src/updates/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const PEOPLE = 7;

describe('members who see posts alike', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1000n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, PEOPLE);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const marked = (channelId: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });

  /** A channel of everybody but the last person. */
  async function create(kind: 'megagroup' | 'broadcast'): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind, title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    await world.domain.channels.at(channelId).members.doInvite({ actorId: person(0), origin: ORIGIN }, people.slice(1, -1));
    return channelId;
  }

  async function post(channelId: bigint, author = 0): Promise<PostRow> {
    const parts = [{ randomId: ++randomId, text: 'news', flags: 0, extra: {} }];
    const [row] = await world.domain.channels.at(channelId).posts.doSend({ actorId: person(author), origin: ORIGIN, parts, reply: undefined, signature: '' });
    return row!;
  }

  async function classesOf(channelId: bigint, after: number): Promise<PushClasses | undefined> {
    const { events } = await world.domain.channelUpdates.listEventsSince(marked(channelId), after, 100);
    return world.domain.channelUpdates.projectClasses(people.map((one) => one.user_id), marked(channelId), events);
  }

  /** The numbers of each viewer of a class, by user id. */
  function numbersOf({ marks, viewers, own }: PushClass): [bigint, bigint[]][] {
    const bytes = Buffer.from(own);
    let from = 0;
    const next = (size: 4 | 8): bigint => (size === 8 ? bytes.readBigInt64LE((from += 8) - 8) : BigInt(bytes.readInt32LE((from += 4) - 4)));
    return viewers.map((viewerId) => [viewerId, marks.map((mark) => next(mark.bytes))]);
  }

  it('are all subscribers of a broadcast channel, without people who are not members and without the author', async () => {
    const channelId = await create('broadcast');
    const row = await post(channelId);
    const found = (await classesOf(channelId, row.pts - 1))!;
    expect(found.classes).toHaveLength(1);
    const [{ updates, marks, viewers }] = found.classes as [PushClasses['classes'][number]];
    expect(viewers).toEqual(people.slice(1, -1).map((one) => one.user_id));
    expect(found.others).toEqual([person(0)]);
    expect(marks).toHaveLength(2);
    expect(updates).toMatchObject({ updates: [{ _: 'updateNewChannelMessage', message: { post: true, message: 'news' } }], users: [], chats: [{ _: 'channel', broadcast: true, title: 'A channel', access_hash: marks[0]!.value, date: Number(marks[1]!.value) }] });
  });

  it('are apart if the author shows something only to members of a group', async () => {
    const channelId = await create('megagroup');
    const group = await create('megagroup');
    await world.domain.channels.at(group).members.doLeave({ actorId: person(2), origin: ORIGIN });
    const authorId = person(1);
    await world.domain.privacy.doSetRules(authorId, 'PhoneNumber', [{ kind: 'AllowChatParticipants', ids: [marked(group)] }, { kind: 'DisallowAll', ids: [] }], undefined);
    const row = await post(channelId, 1);
    const found = (await classesOf(channelId, row.pts - 1))!;
    const seen = found.classes.flatMap(({ updates, viewers }) => viewers.map((id): [bigint, boolean] => [id, updates.users.some((user) => user._ === 'user' && user.id === authorId && user.phone !== undefined)]));
    const members = people.slice(2, -1).map((one) => one.user_id);
    expect(new Map(seen.filter(([id]) => members.includes(id)))).toEqual(new Map(members.map((id) => [id, id !== person(2)])));
    // Members who are alike share a class.
    expect(found.classes.filter(({ viewers }) => viewers.some((id) => id !== person(0))).length).toBeLessThanOrEqual(2);
    await world.domain.privacy.doSetRules(authorId, 'PhoneNumber', [{ kind: 'AllowContacts', ids: [] }], undefined);
  });

  it('are without bots that do not see the posts, and what was hidden is one update before the next post that the bot sees', async () => {
    const { channels, channelUpdates, ownBots, users } = world.domain;
    const channelId = await create('megagroup');
    const botId = await ownBots.doCreate(person(0), { name: 'Shy', username: 'shy_bot' });
    await channels.at(channelId).members.doInvite({ actorId: person(0), origin: ORIGIN }, [(await users.findRow(botId))!]);
    const eventOf = (row: PostRow): BoxEvent => ({ kind: 'new_message', pts: row.pts, ptsCount: 1, message: row });
    const hidden = [await post(channelId), await post(channelId)];
    for (const row of hidden) {
      expect(await channelUpdates.projectClasses([botId, person(1)], marked(channelId), [eventOf(row)])).toMatchObject({ classes: [{ viewers: [person(1)] }], others: [] });
    }
    const parts = [{ randomId: ++randomId, text: '@shy_bot', flags: 0, extra: { entities: [{ _: 'messageEntityMention', offset: 0, length: 8 } as const] } }];
    const [shown] = await channels.at(channelId).posts.doSend({ actorId: person(0), origin: ORIGIN, parts, reply: undefined, signature: '' });
    expect((await channelUpdates.projectClasses([botId, person(1)], marked(channelId), [eventOf(shown!)]))!.others).toEqual([botId]);
    expect((await channelUpdates.projectEvents(botId, marked(channelId), [eventOf(shown!)]))!.updates).toMatchObject([
      { _: 'updateDeleteChannelMessages', messages: [], pts: hidden[1]!.pts, pts_count: 2 },
      { _: 'updateNewChannelMessage', message: { message: '@shy_bot' } },
    ]);
  });

  /** Checks that everybody gets what a projection of the events for this person alone gives. @returns the classes, and those who are in none */
  async function expectSameAsAlone(channelId: bigint, events: readonly BoxEvent[]): Promise<PushClasses> {
    const { channelUpdates } = world.domain;
    const found = (await channelUpdates.projectClasses(people.map((one) => one.user_id), marked(channelId), events))!;
    const viewers = [...found.others, ...found.classes.flatMap((one) => one.viewers)];
    const alone = new Map<bigint, tl.updates | undefined>();
    for (const { user_id: userId } of people) alone.set(userId, await channelUpdates.projectEvents(userId, marked(channelId), events));
    expect(new Set(viewers)).toEqual(new Set(people.flatMap(({ user_id: userId }) => (alone.get(userId) === undefined ? [] : [userId]))));
    expect(viewers).toHaveLength(new Set(viewers).size);
    for (const one of found.classes) {
      for (const [viewerId, [ofChannel, date, ...ofUsers]] of numbersOf(one)) {
        const own = alone.get(viewerId)!;
        const users = one.updates.users.map((user, at) => ({ ...user, access_hash: ofUsers[at] }));
        expect({ ...one.updates, users, chats: [{ ...one.updates.chats[0], access_hash: ofChannel, date: Number(date) }], date: 0 }).toEqual({ ...own, date: 0 });
      }
    }
    return found;
  }

  /** Posts and checks that everybody gets the post as it would be projected for this person alone. @returns the number of classes */
  async function expectPostSameAsAlone(channelId: bigint): Promise<number> {
    const row = await post(channelId);
    return (await expectSameAsAlone(channelId, [{ kind: 'new_message', pts: row.pts, ptsCount: 1, message: row }])).classes.length;
  }

  it('are those to whom the author looks the same, each with the own access hash', async () => {
    const channelId = await create('megagroup');
    await world.domain.contacts.doAddContact(person(1), people[0]!, { first_name: 'My', last_name: 'Friend', phone: '' });
    const row = await post(channelId);
    const { classes, others } = (await classesOf(channelId, row.pts - 1))!;
    expect(others).toEqual([person(0)]);
    expect(classes.length).toBe(2);
    const viewers = classes.flatMap((one) => one.viewers);
    expect(new Set(viewers)).toEqual(new Set(people.slice(1, -1).map((one) => one.user_id)));
    for (const one of classes) {
      const { updates, marks } = one;
      expect(updates.users).toMatchObject([{ id: person(0), access_hash: marks[2]!.value }]);
      for (const [viewerId, numbers] of numbersOf(one)) {
        const hashOf = (kind: 'user' | 'channel', id: bigint): bigint => world.domain.accessHashes.of(kind, viewerId, id);
        expect(numbers).toEqual([hashOf('channel', channelId), expect.any(BigInt), hashOf('user', person(0))]);
        const alone = (await world.domain.channelUpdates.projectEvents(viewerId, marked(channelId), [{ kind: 'new_message', pts: row.pts, ptsCount: 1, message: row }]))!;
        expect({ ...updates.users[0], access_hash: numbers[2] }).toEqual(alone.users[0]);
        expect({ ...updates.chats[0], access_hash: numbers[0], date: Number(numbers[1]) }).toEqual(alone.chats[0]);
        expect(updates.updates).toEqual(alone.updates);
      }
    }
  });

  it('see no subscriber of Premium in the author, who alone sees one, until the author forbids them voice messages', async () => {
    const channelId = await create('megagroup');
    const row = await post(channelId);
    const seenBy = async (viewerId: bigint): Promise<(boolean | undefined)[]> => {
      const { users } = (await world.domain.channelUpdates.projectEvents(viewerId, marked(channelId), [{ kind: 'new_message', pts: row.pts, ptsCount: 1, message: row }]))!;
      return users.map((user) => user._ === 'user' && user.premium);
    };
    const inClasses = async (): Promise<unknown[]> => (await classesOf(channelId, row.pts - 1))!.classes.flatMap(({ updates }) => updates.users.map((user) => user._ === 'user' && user.premium));
    expect(new Set(await inClasses())).toEqual(new Set([undefined]));
    expect([await seenBy(person(0)), await seenBy(person(1))]).toEqual([[true], [undefined]]);
    await world.domain.privacy.doSetRules(person(0), 'VoiceMessages', [{ kind: 'DisallowAll', ids: [] }], undefined);
    expect(new Set(await inClasses())).toEqual(new Set([true]));
    expect(await seenBy(person(1))).toEqual([true]);
    await world.domain.privacy.doSetRules(person(0), 'VoiceMessages', [{ kind: 'AllowAll', ids: [] }], undefined);
    await expectPostSameAsAlone(channelId);
  });

  it('are found anew after each change of what somebody sees', async () => {
    const { contacts, blocks, privacy, channels } = world.domain;
    const channelId = await create('megagroup');
    const { members } = channels.at(channelId);
    const author = { actorId: person(0), origin: ORIGIN };
    const before = await expectPostSameAsAlone(channelId);
    const changes: [string, () => Promise<unknown>][] = [
      ['a member has the author as a contact', () => contacts.doAddContact(person(2), people[0]!, { first_name: 'Other', last_name: 'Name', phone: '' })],
      ['the author has a member as a contact', () => contacts.doAddContact(person(0), people[3]!, { first_name: 'C', last_name: '', phone: '' })],
      ['the author blocks a member', () => blocks.doBlock(person(0), people[4]!.user_id, { storiesOnly: false, blocked: true }, undefined)],
      ['a member hides the own last seen time', () => privacy.doSetRules(person(5), 'StatusTimestamp', [{ kind: 'DisallowAll', ids: [] }], undefined)],
      ['the author shows the phone number to one member', () => privacy.doSetRules(person(0), 'PhoneNumber', [{ kind: 'AllowUsers', ids: [person(1)] }, { kind: 'DisallowAll', ids: [] }], undefined)],
      ['the author forbids voice messages to all but contacts', () => privacy.doSetRules(person(0), 'VoiceMessages', [{ kind: 'AllowContacts', ids: [] }], undefined)],
      ['a member becomes an admin', () => members.doEditAdmin({ ...author, userId: person(1), rights: { _: 'chatAdminRights', delete_messages: true }, rank: '' })],
      ['a member leaves', () => members.doLeave({ actorId: person(2), origin: ORIGIN })],
      ['somebody joins', () => members.doInvite(author, [people[6]!])],
    ];
    for (const [, change] of changes) {
      await change();
      await expectPostSameAsAlone(channelId);
    }
    expect(before).toBeGreaterThan(0);
  });

  it('are one class for all mere contacts of the author, who may see more than strangers', async () => {
    const { contacts, channels } = world.domain;
    const { first } = await channels.doCreate({ creatorId: person(6), kind: 'megagroup', title: 'Friends', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    await channels.at(channelId).members.doInvite({ actorId: person(6), origin: ORIGIN }, people.slice(1, 5));
    for (const one of people.slice(1, 4)) await contacts.doAddContact(person(6), one, { first_name: 'F', last_name: '', phone: '' });
    const parts = [{ randomId: ++randomId, text: 'news', flags: 0, extra: {} }];
    const [row] = await channels.at(channelId).posts.doSend({ actorId: person(6), origin: ORIGIN, parts, reply: undefined, signature: '' });
    const { classes } = (await classesOf(channelId, row!.pts - 1))!;
    expect(classes.map(({ viewers, updates }) => [viewers.length, updates.users.map((user) => user._ === 'user' && user.phone !== undefined)])).toEqual(
      expect.arrayContaining([[3, [true]], [1, [false]]]),
    );
    expect(classes).toHaveLength(2);
  });

  it('are those from whom the same messages are hidden, who get nothing of these messages', async () => {
    const { first } = await world.domain.channels.doCreate({ creatorId: person(6), kind: 'megagroup', title: 'Hidden', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    const { members, settings } = world.domain.channels.at(channelId);
    const author = { actorId: person(6), origin: ORIGIN };
    await settings.doHideHistory(author, true);
    await members.doInvite(author, people.slice(0, 2));
    const old = await post(channelId, 6);
    await members.doInvite(author, people.slice(2, 4));
    const recent = await post(channelId, 6);
    await members.doInvite(author, people.slice(4, 6));
    const edit = (row: PostRow, pts: number): BoxEvent => ({ kind: 'edit_message', pts, ptsCount: 1, message: { ...row, text: 'edited' } });

    const { classes, others } = await expectSameAsAlone(channelId, [edit(old, recent.pts + 1)]);
    // The author of the message is the only one who is looked at alone.
    expect(others).toEqual([person(6)]);
    const blind = classes.find(({ updates }) => updates.users.length === 0)!;
    expect(blind.viewers).toEqual(people.slice(2, 6).map((one) => one.user_id));
    expect(blind.updates.updates).toEqual([{ _: 'updateDeleteChannelMessages', channel_id: channelId, messages: [], pts: recent.pts + 1, pts_count: 1 }]);

    // Of several events, each member gets those that are not hidden from this member.
    const several = await expectSameAsAlone(channelId, [edit(old, recent.pts + 1), edit(recent, recent.pts + 2)]);
    expect(several.others).toEqual([person(6)]);
    const kindsOf = new Map(several.classes.flatMap(({ viewers, updates }) => viewers.map((viewerId): [bigint, string[]] => [viewerId, updates.updates.map((update) => update._)])));
    const [edited, nothing] = ['updateEditChannelMessage', 'updateDeleteChannelMessages'];
    expect([0, 2, 4].map((n) => kindsOf.get(person(n)))).toEqual([[edited, edited], [nothing, edited], [nothing, nothing]]);
  });
});
