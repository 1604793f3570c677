import { sql } from '@aerogram/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { doBanPhone } from '../../src/auth/ban-phone.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import { UNTIL_ONLINE_DATE } from '../../src/messages/project-scheduled.ts';
import { errorOf } from './accounts-world.ts';
import { createScheduledStage, DAY_S, HOUR_S, type ScheduledStage } from './scheduled-stage.ts';

/** The attempt after which the author is told of a server failure. */
const LAST_ATTEMPT = 14;

let stage: ScheduledStage;
let alice: bigint;
let bob: bigint;
beforeEach(async () => {
  stage = await createScheduledStage();
  alice = await stage.signUp('Alice');
  bob = await stage.signUp('Bob');
});
afterEach(() => stage[Symbol.asyncDispose]());

async function block(owner: bigint, target: bigint, blocked = true): Promise<void> {
  const row = await stage.world.domain.users.findRow(target);
  await stage.world.domain.blocks.doBlock(owner, row!.user_id, { storiesOnly: false, blocked }, undefined);
}

async function setOnline(userId: bigint, onlineDate: number): Promise<void> {
  await stage.world.db.transact('online', (tx) => tx.q.updateTable('users').set({ online_date: onlineDate }).where('user_id', '=', userId).execute());
  await stage.world.domain.users.userChanged(userId);
}

async function editText(row: MessageRow, text: string): Promise<void> {
  const change = { ownerId: row.owner_id, msgId: row.msg_id, text: { text, entities: [] }, noWebpage: false, invertMedia: false, origin: undefined };
  await stage.world.domain.messages.doEdit(await stage.peer(row.owner_id, row.peer_id), change);
}

/** The message in Bob's box with this text. */
async function findReceived(text: string): Promise<MessageRow | undefined> {
  const rows = await stage.world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', bob).where('text', '=', text).execute();
  return rows[0];
}

const quoting = (msgId: number, text: string) => ({ msgId, quote: { _: 'messageReplyHeader' as const, quote: true, quote_text: text } });

describe('a scheduled reply', () => {
  it('is sent without its quote if the quoted text is no longer in the message', async () => {
    const target = await stage.send(alice, bob, 'the meeting is at nine');
    await stage.schedule(alice, bob, 'I will be there', { reply: quoting(target.msg_id, 'at nine') });
    await editText(target, 'the meeting is at ten');
    await stage.runTimer(alice);
    const received = await findReceived('I will be there');
    expect(received).toMatchObject({ reply_to_msg_id: (await findReceived('the meeting is at ten'))!.msg_id });
    expect(unpackMessageExtra(received!.extra).replyTo).toBeUndefined();
    expect(await stage.waiting(alice)).toEqual([]);
    expect(await stage.notices(alice)).toEqual([]);
  });

  it('keeps a quote that still matches', async () => {
    const target = await stage.send(alice, bob, 'the meeting is at nine');
    await stage.schedule(alice, bob, 'I will be there', { reply: quoting(target.msg_id, 'at nine') });
    await stage.runTimer(alice);
    expect(unpackMessageExtra((await findReceived('I will be there'))!.extra).replyTo).toMatchObject({ quote_text: 'at nine' });
  });

  it('is sent as a plain message if the message replied to was deleted, also with send now', async () => {
    const target = await stage.send(alice, bob, 'the meeting is at nine');
    await stage.schedule(alice, bob, 'in time', { reply: quoting(target.msg_id, 'at nine') });
    const early = await stage.schedule(alice, bob, 'now', { reply: quoting(target.msg_id, 'at nine') });
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [target.msg_id], revoke: true, origin: undefined });
    await stage.sendNow(early);
    await stage.runTimer(alice);
    expect(await findReceived('now')).toMatchObject({ reply_to_msg_id: null });
    expect(await findReceived('in time')).toMatchObject({ reply_to_msg_id: null });
  });

  it('is refused at once if its quote never matched', async () => {
    const target = await stage.send(alice, bob, 'the meeting is at nine');
    expect(await errorOf(stage.schedule(alice, bob, 'what?', { reply: quoting(target.msg_id, 'at six') }))).toBe('QUOTE_TEXT_INVALID');
    expect(await errorOf(stage.schedule(alice, bob, 'what?', { reply: quoting(target.msg_id + 100, 'at') }))).toBe('REPLY_MESSAGE_ID_INVALID');
    expect(await stage.waiting(alice)).toEqual([]);
  });
});

describe('a scheduled message that is refused when it is due', () => {
  it('stays, and its author is told once why', async () => {
    const row = await stage.schedule(alice, bob, 'see you');
    await block(alice, bob);
    await stage.runTimer(alice);
    await stage.runTimer(alice);
    expect(await stage.waiting(alice)).toMatchObject([{ msg_id: row.msg_id, text: 'see you', schedule_date: row.schedule_date }]);
    const notices = await stage.notices(alice);
    expect(notices).toHaveLength(1);
    expect(notices[0]!.text).toMatch(/message to Bob,.* was not sent because you have blocked this user\.[^]*“see you”/);
    expect(unpackMessageExtra(notices[0]!.extra).entities).toContainEqual(expect.objectContaining({ _: 'messageEntityMentionName', user_id: bob, length: 3 }));
    expect(await stage.texts(bob)).toEqual([]);
  });

  it('can be sent later: now, or at another date', async () => {
    const row = await stage.schedule(alice, bob, 'see you');
    const other = await stage.schedule(alice, bob, 'see you again');
    await block(alice, bob);
    await stage.runTimer(alice);
    expect(await errorOf(stage.sendNow(row))).toBe('YOU_BLOCKED_USER');
    await block(alice, bob, false);
    await stage.sendNow(row);
    expect(await stage.texts(bob)).toEqual(['see you']);
    await stage.edit(other, { date: other.schedule_date + HOUR_S });
    await stage.runTimer(alice);
    expect(await stage.texts(bob)).toEqual(['see you', 'see you again']);
    expect(await stage.waiting(alice)).toEqual([]);
  });

  it('stays even if it repeats, and continues once it is sent', async () => {
    const row = await stage.schedule(alice, bob, 'every week', { repeatPeriod: 7 * DAY_S });
    await block(alice, bob);
    await stage.runTimer(alice);
    expect(await stage.waiting(alice)).toMatchObject([{ msg_id: row.msg_id, repeat_period: 7 * DAY_S }]);
    expect((await stage.notices(alice)).map(({ text }) => text)).toEqual([expect.stringContaining('will not repeat')]);
    await block(alice, bob, false);
    await stage.sendNow(row);
    expect(await stage.texts(bob)).toEqual(['every week']);
    expect(await stage.waiting(alice)).toMatchObject([{ schedule_date: row.schedule_date + 7 * DAY_S, repeat_period: 7 * DAY_S, refused_date: null }]);
  });

  it('stays if it was to be sent when its receiver comes online, and is not tried again', async () => {
    await setOnline(bob, stage.world.clock.now() - HOUR_S);
    await stage.schedule(alice, bob, 'hello there', { date: UNTIL_ONLINE_DATE });
    await block(alice, bob);
    await setOnline(bob, stage.world.clock.now() + HOUR_S);
    await stage.runAwaited();
    await block(alice, bob, false);
    await stage.runAwaited();
    expect(await stage.texts(bob)).toEqual([]);
    const [row] = await stage.waiting(alice);
    expect((await stage.notices(alice)).map(({ text }) => text)).toEqual([expect.stringContaining('when they come online')]);
    // An edit schedules it again.
    await stage.edit(row!, { text: 'hello again' });
    await stage.runAwaited();
    expect(await stage.texts(bob)).toEqual(['hello again']);
  });

  it('is sent even if its random id was used for another message', async () => {
    const row = await stage.schedule(alice, bob, 'later', { randomId: 77n });
    const content = { senderId: alice, randomId: 77n, text: { text: 'at once', entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined };
    await stage.world.domain.messages.doSendText(await stage.peer(alice, bob), content);
    await stage.runTimer(alice);
    expect(await stage.texts(bob)).toEqual(['at once', 'later']);
    expect(await stage.waiting(alice)).toEqual([]);
    expect(await stage.notices(alice)).toEqual([]);
    expect(await errorOf(stage.sendNow(row))).toBe('MESSAGE_ID_INVALID');
    expect(await stage.texts(bob)).toEqual(['at once', 'later']);
  });

  it('is not sent after the operator ended the sessions of its banned author', async () => {
    const { world } = stage;
    const phone = (await world.domain.users.findRow(alice))!.phone!;
    const { device } = await world.logIn(phone);
    const ban = { phone, userId: alice, isBanned: true, nowDate: world.clock.now() };
    await doBanPhone(world.db, ban);
    await world.runJobs();
    expect(await world.domain.auth.findKeyState(device.permAuthKeyId)).toMatchObject({ userId: alice });
    await stage.schedule(alice, bob, 'later');
    await doBanPhone(world.db, { ...ban, endsSessions: true });
    // Not with `runJobs`, for which the scheduled message is due already.
    const job = await world.db.q.selectFrom('jobs').selectAll().where('kind', '=', 'note-ban').executeTakeFirstOrThrow();
    const context = { db: world.db, jobId: job.job_id, ownerId: job.owner_id, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() };
    await world.domain.jobKinds.find(({ kind }) => kind === job.kind)!.perform(job.payload, context);
    expect(await world.domain.auth.findKeyState(device.permAuthKeyId)).toMatchObject({ userId: undefined, revoked: true });
    expect(await world.db.q.selectFrom('authorizations').selectAll().where('user_id', '=', alice).execute()).toEqual([]);
    await stage.runTimer(alice);
    expect(await stage.texts(bob)).toEqual([]);
    expect(await stage.waiting(alice)).toHaveLength(1);
  });

  it('cannot be scheduled with the random id of another one', async () => {
    const date = stage.world.clock.now() + HOUR_S;
    const row = await stage.schedule(alice, bob, 'first', { randomId: 78n, date });
    expect((await stage.schedule(alice, bob, 'first', { randomId: 78n, date })).msg_id).toBe(row.msg_id);
    expect(await errorOf(stage.schedule(alice, bob, 'second', { randomId: 78n, date }))).toBe('RANDOM_ID_DUPLICATE');
    expect(await errorOf(stage.schedule(alice, bob, 'first', { randomId: 78n, date: date + 60 }))).toBe('RANDOM_ID_DUPLICATE');
    expect(await stage.waiting(alice)).toMatchObject([{ text: 'first', schedule_date: date }]);
  });

  it('is tried again while the server fails, and finally stays with a notice', async () => {
    const { db } = stage.world;
    await db.transact('break', async (tx) => {
      await sql`CREATE FUNCTION fail_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''broken''; END'`.execute(tx.q);
      await sql`CREATE TRIGGER fail_insert BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.text = 'unlucky') EXECUTE FUNCTION fail_insert()`.execute(tx.q);
    });
    await stage.schedule(alice, bob, 'unlucky');
    await expect(stage.runTimer(alice, { attempt: LAST_ATTEMPT - 1 })).rejects.toThrow('broken');
    expect(await stage.waiting(alice)).toMatchObject([{ refused_date: null }]);
    await stage.runTimer(alice, { attempt: LAST_ATTEMPT });
    expect(await stage.waiting(alice)).toHaveLength(1);
    expect((await stage.notices(alice)).map(({ text }) => text)).toEqual([expect.stringContaining('a fault of the server')]);
  });
});
