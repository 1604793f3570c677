import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, postIn, promoteIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const plainId = (id: number): bigint => BigInt(-1_000_000_000_000 - id);

const clearing = (actor: Actor, id: number, more: { maxId?: number; forEveryone?: boolean } = {}): tl.channels.RawDeleteHistoryRequest => ({
  _: 'channels.deleteHistory', channel: actor.main.inputChannel(id), maxId: 0, ...more,
});

const textsIn = async (actor: Actor, id: number): Promise<string[]> => (await actor.main.loadHistory(id)).flatMap(({ raw }) => (raw._ === 'message' ? [raw.message] : []));

const dialogOf = async (actor: Actor, id: number): Promise<tl.RawDialog> =>
  (await actor.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: actor.main.inputPeer(id) }] })).dialogs[0] as tl.RawDialog;

test('a member clears the history of a group alone, on all devices, and others keep it', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const first = await postIn(alice, id, 'one');
  await postIn(alice, id, 'two');
  await bob.sees('two');
  const second = await bob.device();
  await verifyUpdates([alice, bob], async () => {
    const [update] = ((await bob.main.change(clearing(bob, id, { maxId: first }))) as tl.RawUpdates).updates;
    expect(update).toMatchObject({ _: 'updateChannelAvailableMessages', availableMinId: first });
    await second.seesUpdate('updateChannelAvailableMessages');
  });
  expect(await textsIn(bob, id)).toEqual(['two']);
  expect(await textsIn(alice, id)).toContain('one');
  expect(((await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(id) })).fullChat as tl.RawChannelFull).availableMinId).toBe(first);
  expect((await dialogOf(bob, id)).unreadCount).toBe(1);
  // A repeat, or less than is cleared already, changes nothing.
  expect(((await bob.main.change(clearing(bob, id, { maxId: first - 1 }))) as tl.RawUpdates).updates).toEqual([]);
  await bob.main.call({ _: 'messages.deleteHistory', peer: bob.main.inputPeer(id), maxId: 0 });
  expect(await textsIn(bob, id)).toEqual([]);
  expect((await dialogOf(bob, id)).unreadCount).toBe(0);
  await postIn(alice, id, 'three');
  await bob.sees('three');
  expect(await textsIn(bob, id)).toEqual(['three']);
});

test('admins delete the history of a small group for all', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await postIn(alice, id, 'old');
  const last = await postIn(bob, id, 'also old');
  expect((await bob.main.fails(clearing(bob, id, { forEveryone: true }))).text).toBe('CHAT_ADMIN_REQUIRED');
  await verifyUpdates([alice, bob, carol], async () => {
    await postIn(carol, id, 'new');
    await alice.main.change(clearing(alice, id, { forEveryone: true, maxId: last }));
    await alice.main.change(clearing(alice, id, { forEveryone: true, maxId: last }));
    await carol.main.waitUntil('the deletion', () => carol.main.find('also old') === undefined);
  });
  expect(await textsIn(carol, id)).toEqual(['new']);
  await sql`UPDATE channel_heads SET members = 1001 WHERE channel_id = ${plainId(id)}`.execute(scenario.server.db.q);
  expect((await alice.main.fails(clearing(alice, id, { forEveryone: true }))).text).toBe('CHANNEL_TOO_BIG');
});

test('admins delete all that a member wrote, in slices', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await postIn(bob, id, 'spam');
  await postIn(carol, id, 'ham');
  const top = await postIn(bob, id, 'more spam');
  // With these, there are more than are deleted at once.
  await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
            SELECT channel_id, 100000 + n, -n, -n, poster_id, from_id, date, flags, 'bulk'
              FROM channel_messages, generate_series(1, 500) AS n WHERE channel_id = ${plainId(id)} AND msg_id = ${top}`.execute(scenario.server.db.q);
  // A search indexes the messages so far.
  await alice.main.call({ _: 'messages.getSearchCounters', peer: alice.main.inputPeer(id), filters: [{ _: 'inputMessagesFilterEmpty' }] });
  await sql`INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
            SELECT owner_id, 100000 + n, peer_id, date, terms FROM message_search, generate_series(1, 500) AS n WHERE owner_id = ${id} AND msg_id = ${top}`.execute(scenario.server.db.q);
  const deleting = (actor: Actor, of: Actor) => ({ _: 'channels.deleteParticipantHistory' as const, channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(of.id) });
  expect((await carol.main.fails(deleting(carol, bob))).text).toBe('CHAT_ADMIN_REQUIRED');
  const first = await alice.main.call(deleting(alice, bob));
  expect([first.ptsCount, first.offset]).toEqual([500, 1]);
  expect((await alice.main.call(deleting(alice, bob))).offset).toBe(0);
  await carol.main.waitUntil('the deletion', () => carol.main.find('more spam') === undefined && carol.main.find('spam') === undefined);
  expect(await textsIn(carol, id)).toEqual(['ham']);
  expect(await alice.main.call(deleting(alice, bob))).toMatchObject({ ptsCount: 0, offset: 0 });
  const news = await createChannel(alice, 'broadcast');
  expect((await alice.main.fails({ ...deleting(alice, bob), channel: alice.main.inputChannel(news) })).text).toBe('CHANNEL_INVALID');
});

test('admins report messages of members as spam', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [spam, ham] = [await postIn(bob, id, 'spam'), await postIn(carol, id, 'ham')];
  const report = (actor: Actor, ids: number[]) => ({ _: 'channels.reportSpam' as const, channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(bob.id), id: ids });
  expect((await carol.main.fails(report(carol, [spam]))).text).toBe('CHAT_ADMIN_REQUIRED');
  expect((await alice.main.fails(report(alice, [spam, ham]))).text).toBe('MSG_ID_INVALID');
  await promoteIn(alice, id, carol, { changeInfo: true });
  expect((await carol.main.fails(report(carol, [ham]))).text).toBe('MSG_ID_INVALID');
  expect(await carol.main.call(report(carol, [spam]))).toBe(true);
  expect(await scenario.server.db.q.selectFrom('reports').select(['reason', 'msg_id', 'author_id', 'copy']).where('owner_id', '=', BigInt(carol.id)).execute()).toEqual([{ reason: 'spam', msg_id: spam, author_id: BigInt(bob.id), copy: 'spam' }]);
});

test('channels in which nobody has written for a month are listed as inactive; those that were left only for exports', async () => {
  const { alice } = await channelStage(scenario);
  const old = await createChannel(alice, 'broadcast');
  await sql`UPDATE channel_heads SET top_date = 1000 WHERE channel_id = ${plainId(old)}`.execute(scenario.server.db.q);
  const { chats, dates } = await alice.main.call({ _: 'channels.getInactiveChannels' });
  expect(dates).toEqual([1000]);
  expect(chats.map((chat) => BigInt(chat.id))).toEqual([plainId(old)]);
  expect((await alice.main.fails({ _: 'channels.getLeftChannels', offset: 0 })).text).toBe('TAKEOUT_REQUIRED');
});
