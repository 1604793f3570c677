import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { saveListedCreator } from '../../src/moderation/index.ts';
import { findOperatorEntry, orderAccountLimit } from '../../src/operators/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const HOUR_S = 3600;
const [LIMITED, FRIEND, WRITER, STRANGER, OWNER] = [0, 1, 2, 3, 4];

describe('an account that the operator limits', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 1n;
  let ownGroup: bigint;
  beforeAll(async () => {
    world = await createWorld({});
    people = await signUpPeople(world, 5);
    await world.domain.contacts.doAddContact(idOf(FRIEND), people[LIMITED]!, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    await write(WRITER, LIMITED);
    // Written before the limit, and never answered.
    await write(LIMITED, STRANGER);
    ownGroup = await createChannel('megagroup', undefined, LIMITED);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const idOf = (n: number): bigint => people[n]!.user_id;
  const by = (n: number) => ({ actorId: idOf(n), origin: ORIGIN });
  const at = (channelId: bigint) => world.domain.channels.at(channelId);
  const peerOf = (n: number) => ({ kind: 'user' as const, userId: idOf(n), peerId: idOf(n), isSelf: false, row: people[n]! });

  const write = (from: number, to: number) =>
    world.domain.messages.doSendText(peerOf(to), { senderId: idOf(from), text: { text: 'hi', entities: [] }, randomId: randomId++, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined });

  async function createChannel(kind: 'megagroup' | 'broadcast', name?: string, creator = OWNER): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: idOf(creator), kind, title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    if (name !== undefined) await at(channelId).settings.doSetUsername(by(creator), name);
    return channelId;
  }

  const post = (n: number, channelId: bigint) =>
    at(channelId).posts.doSend({ ...by(n), parts: [{ randomId: ++randomId, text: 'hi', flags: 0, extra: {} }], reply: undefined, signature: '' });

  /** Orders a limit and carries it out twice, as after a crash. @returns what came of it */
  async function limit(forS: number | undefined, reason = 'spam'): Promise<string> {
    const nowDate = world.clock.now();
    const { entryId } = await orderAccountLimit(world.db, idOf(LIMITED), forS === undefined ? undefined : { untilDate: nowDate + forS, reason }, nowDate);
    await world.runJobs('repeat');
    return (await findOperatorEntry(world.db, entryId))!.outcome!;
  }

  async function notices(): Promise<string[]> {
    const rows = await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', idOf(LIMITED)).where('peer_id', '=', 777000n).orderBy('msg_id').execute();
    return rows.map(({ text }) => text).filter((text) => text.startsWith('Your account is'));
  }

  it('writes only to those who know it, and is told so once', async () => {
    const [member, later] = [await createChannel('megagroup', 'open_to_all'), await createChannel('megagroup')];
    await at(member).members.doJoin(by(LIMITED));
    const [own] = await post(LIMITED, member);
    const scheduled = { date: world.clock.now() + HOUR_S, repeatPeriod: undefined };
    const schedule = () => world.domain.scheduled.doSchedule(peerOf(STRANGER), { senderId: idOf(LIMITED), parts: [{ randomId: ++randomId, text: 'hi', flags: 0, extra: {} }], reply: undefined, origin: undefined }, scheduled);
    expect(await limit(HOUR_S)).toBe('it may write only to those who know it');
    expect(await notices()).toEqual([expect.stringMatching(/^Your account is limited\.[^]*Reason: spam\nThe limit ends on \d{4}-\d\d-\d\d at \d\d:\d\d UTC\.$/)]);

    expect(await errorOf(write(LIMITED, FRIEND))).toBe('no error');
    expect(await errorOf(write(LIMITED, WRITER))).toBe('no error');
    expect(await errorOf(write(LIMITED, STRANGER))).toBe('PEER_FLOOD');
    expect(await errorOf(schedule())).toBe('PEER_FLOOD');
    // A message that was scheduled before the limit counted then, and so is sent with `isCounted`; the limit holds for it all the same.
    const due = { senderId: idOf(LIMITED), parts: [{ randomId: ++randomId, text: 'hi', flags: 0, extra: {} }], reply: undefined, clearsDraft: false, origin: undefined };
    expect(await errorOf(world.domain.messages.doSendOutgoing(peerOf(STRANGER), due, true))).toBe('PEER_FLOOD');
    const reaction = { ownerId: idOf(LIMITED), msgId: 1, reactions: [{ _: 'reactionEmoji' as const, emoticon: '👍' }], big: false, addsToRecent: false, origin: undefined };
    expect(await errorOf(world.domain.reactions.doReact(peerOf(STRANGER), reaction))).toBe('PEER_FLOOD');

    // In public groups it writes and changes nothing, and comes into none; channels can be read.
    expect(await errorOf(post(LIMITED, member))).toBe('USER_BANNED_IN_CHANNEL');
    expect(await errorOf(at(member).posts.doEdit({ ...by(LIMITED), msgId: own!.msg_id, text: 'buy', entities: [] } as never))).toBe('USER_BANNED_IN_CHANNEL');
    expect(await errorOf(at(member).reactions.doReact({ ...by(LIMITED), msgId: own!.msg_id, emoticons: ['👍'], big: false, addsToRecent: false }))).toBe('USER_BANNED_IN_CHANNEL');
    expect(await errorOf(at(await createChannel('megagroup', 'another_open_one')).members.doJoin(by(LIMITED)))).toBe('USER_RESTRICTED');
    expect(await errorOf(at(await createChannel('broadcast', 'open_news')).members.doJoin(by(LIMITED)))).toBe('no error');
    // A group that it is in may become a public one.
    await at(later).members.doInvite(by(OWNER), [people[LIMITED]!]);
    expect(await errorOf(post(LIMITED, later))).toBe('no error');
    await at(later).settings.doSetUsername(by(OWNER), 'open_later');
    expect(await errorOf(post(LIMITED, later))).toBe('USER_BANNED_IN_CHANNEL');
  });

  it('adds nobody and creates nothing, even if it is listed among those who may', async () => {
    await world.db.transact('list-creator', (tx) => saveListedCreator(tx, 'groups', idOf(LIMITED), true));
    const create = (users: UserRow[]) => world.domain.groups.doCreate({ creatorId: idOf(LIMITED), title: 'A group', users, ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    expect(await errorOf(create([people[FRIEND]!]))).toBe('PEER_FLOOD');
    expect(await errorOf(create([]))).toBe('USER_RESTRICTED');
    expect(await errorOf(createChannel('broadcast', undefined, LIMITED))).toBe('USER_RESTRICTED');
  });

  it('has no bot write in its place where it may not, brings no bot there, and makes nothing public', async () => {
    const addBot = async (botId: bigint, owner: number): Promise<UserRow> => {
      await world.db.transact('make-bot', async (tx) => {
        await tx.q.insertInto('users').values({ user_id: botId, phone: null, bot: true, first_name: 'Bot', last_name: '', username: null, created_date: 1, online_date: 0 }).execute();
        await tx.q.insertInto('bots').values({ bot_id: botId, owner_id: idOf(owner), created_date: 1, token_hash: Buffer.from(String(botId).padStart(32, '0')), sealed_token: new Uint8Array() }).execute();
      });
      return (await world.domain.users.findRow(botId))!;
    };
    const [own, others, third] = [await addBot(7_000_001n, LIMITED), await addBot(7_000_002n, OWNER), await addBot(7_000_003n, OWNER)];
    const postAs = (bot: UserRow, channelId: bigint) => errorOf(at(channelId).posts.doSend({ actorId: bot.user_id, origin: ORIGIN, parts: [{ randomId: ++randomId, text: 'hi', flags: 0, extra: {} }], reply: undefined, signature: '' }));
    const group = await createChannel('megagroup');
    await at(group).members.doInvite(by(OWNER), [people[LIMITED]!, own, others]);
    expect([await postAs(own, group), await postAs(others, group)]).toEqual(['no error', 'no error']);
    await at(group).settings.doSetUsername(by(OWNER), 'open_with_bots');
    expect([await postAs(own, group), await postAs(others, group)]).toEqual(['USER_BANNED_IN_CHANNEL', 'no error']);
    expect(await errorOf(at(group).members.doInvite(by(LIMITED), [third]))).toBe('USER_BANNED_IN_CHANNEL');
    expect(await errorOf(at(ownGroup).members.doInvite(by(LIMITED), [third]))).toBe('no error');
    expect(await errorOf(at(ownGroup).settings.doSetUsername(by(LIMITED), 'open_own'))).toBe('CHANNELS_ADMIN_PUBLIC_TOO_MUCH');
  });

  it('is free when the time is over, and told so once', async () => {
    const job = await world.db.q.selectFrom('jobs').selectAll().where('kind', '=', 'account-limit-over').executeTakeFirstOrThrow();
    expect(Number(job.run_ms) / 1000 - job.created_date).toBeGreaterThan(HOUR_S - 60);
    await world.clock.advance((HOUR_S + 1) * 1000);
    expect(await errorOf(write(LIMITED, STRANGER))).toBe('no error');
    const kind = world.domain.jobKinds.find((one) => one.kind === 'account-limit-over')!;
    const context = { db: world.db, jobId: job.job_id, ownerId: job.owner_id, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() };
    await kind.perform(job.payload, context);
    await kind.perform(job.payload, context);
    await world.runJobs('repeat');
    expect((await notices()).slice(1)).toEqual(['Your account is no longer limited.\n\nYou can write to everybody and join groups again.']);
    expect(await limit(undefined)).toBe('it was not limited');
  });

  it('is free when the operator lifts the limit, and an older limit does not end a newer one', async () => {
    await limit(HOUR_S);
    const { job_id: first } = await world.db.q.selectFrom('jobs').select('job_id').where('kind', '=', 'account-limit-over').orderBy('job_id', 'desc').executeTakeFirstOrThrow();
    await limit(5 * HOUR_S, 'again');
    await world.clock.advance((HOUR_S + 1) * 1000);
    const job = await world.db.q.selectFrom('jobs').selectAll().where('job_id', '=', first).executeTakeFirstOrThrow();
    await world.domain.jobKinds.find((one) => one.kind === 'account-limit-over')!.perform(job.payload, { db: world.db, jobId: first, ownerId: job.owner_id, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() });
    await world.restart();
    const newcomer = await world.signUp('9996690099', 'New');
    const stranger = { kind: 'user' as const, userId: newcomer.userId, peerId: newcomer.userId, isSelf: false, row: (await world.domain.users.findRow(newcomer.userId))! };
    const writeTo = () => errorOf(world.domain.messages.doSendText(stranger, { senderId: idOf(LIMITED), text: { text: 'hi', entities: [] }, randomId: randomId++, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined }));
    expect(await writeTo()).toBe('PEER_FLOOD');
    expect(await limit(undefined)).toBe('it is no longer limited');
    expect(await writeTo()).toBe('no error');
    expect((await notices()).at(-1)).toContain('no longer limited');
  });

  it('does not get rid of a limit by deleting the account and signing up with the same number again', async () => {
    const phone = '9996650123';
    const first = await world.signUp(phone, 'Spam');
    const order = async (userId: bigint, untilDate: number): Promise<void> => {
      await orderAccountLimit(world.db, userId, { untilDate, reason: 'spam' }, world.clock.now());
      await world.runJobs();
    };
    const untilDate = world.clock.now() + HOUR_S;
    await order(first.userId, untilDate);
    await world.domain.auth.doDeleteAccount(proverOf(first.key), undefined);
    await world.runJobs();
    expect(JSON.stringify(await world.db.q.selectFrom('kept_limits').selectAll().execute())).not.toContain(phone);
    const second = await world.signUp(phone, 'Again');
    expect(second.userId).not.toBe(first.userId);
    expect(await world.domain.users.findRow(second.userId)).toMatchObject({ limited_until: untilDate, limit_reason: 'spam' });
    await world.runJobs();
    const told = await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', second.userId).where('peer_id', '=', 777000n).execute();
    expect(told.filter(({ text }) => text.startsWith('Your account is limited.'))).toHaveLength(1);
    expect(await world.db.q.selectFrom('kept_limits').selectAll().execute()).toEqual([]);
    // What is over is not kept.
    await world.clock.advance((HOUR_S + 1) * 1000);
    await world.domain.auth.doDeleteAccount(proverOf(second.key), undefined);
    expect(await world.domain.users.findRow((await world.signUp(phone, 'Good')).userId)).toMatchObject({ limited_until: 0 });
  });

  it('cannot be one of the server, and a limit has an end in the future and a short reason', async () => {
    const nowDate = world.clock.now();
    await expect(orderAccountLimit(world.db, 777000n, undefined, nowDate)).rejects.toThrow('belongs to the server');
    await expect(orderAccountLimit(world.db, 1n, { untilDate: nowDate, reason: '' }, nowDate)).rejects.toThrow('in the future');
    await expect(orderAccountLimit(world.db, 1n, { untilDate: nowDate + 1, reason: 'x'.repeat(257) }, nowDate)).rejects.toThrow('256 characters');
  });
});
