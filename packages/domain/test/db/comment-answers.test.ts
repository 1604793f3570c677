import { beforeAll, describe, expect, it } from 'vitest';

import { MessageFlag, type MessageRow, type PostRow, unpackMessageExtra } from '../../src/events/index.ts';
import { REPLIES_CHAT_ID, type UserRow } from '../../src/peers/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';

/** Alice has the channel and its group, Bob is in both, and Carol and Dave only in the channel. */
describe('answers to comments of people who are not in the group', () => {
  const stage = stageChannels(['Alice', 'Bob', 'Carol', 'Dave']);
  const { person, by, at, peerOf, nextRandomId } = stage;
  let world: World;
  let people: UserRow[];
  let channelId: bigint;
  let groupId: bigint;
  let rootId: number;
  beforeAll(() => void ({ world, people } = stage));

  const create = (kind: 'megagroup' | 'broadcast', members: readonly number[]): Promise<bigint> => stage.create({ kind, members });

  async function send(n: number, id: bigint, text: string, more: { replyTo?: number; sendAs?: bigint; parts?: number } = {}): Promise<PostRow> {
    const parts = Array.from({ length: more.parts ?? 1 }, () => ({ randomId: nextRandomId(), text, flags: 0, extra: {} }));
    const reply = more.replyTo === undefined ? undefined : { msgId: more.replyTo, quote: undefined };
    return (await at(id).posts.doSend({ ...by(n), parts, reply, signature: '', ...(more.sendAs && { sendAs: more.sendAs }) }))[0]!;
  }

  async function createDiscussion(): Promise<void> {
    [channelId, groupId] = [await create('broadcast', [1, 2, 3]), await create('megagroup', [1])];
    await world.domain.channels.discussions.doLink(by(0), { channelId, groupId });
    await world.runJobs();
    await send(0, channelId, 'news');
    await world.runJobs();
    const { msg_id } = await world.db.q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', groupId).where('text', '=', 'news').executeTakeFirstOrThrow();
    rootId = msg_id;
  }

  /** What was brought to somebody, the oldest first. */
  const broughtTo = (n: number): Promise<MessageRow[]> =>
    world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', person(n)).where('peer_id', '=', REPLIES_CHAT_ID).orderBy('msg_id').execute();
  const textsFor = async (n: number): Promise<string[]> => (await broughtTo(n)).map((row) => row.text);

  it('are brought once, however often the job runs or is ordered', async () => {
    await createDiscussion();
    const comment = await send(2, groupId, 'a comment', { replyTo: rootId });
    const answer = await send(1, groupId, 'an answer', { replyTo: comment.msg_id });
    await world.runJobs('repeat');
    await world.db.transact('order-again', (tx) => tx.job(world.domain.replies.order({ userId: person(2), groupId, msgIds: [answer.msg_id] })));
    await world.restart();
    await world.runJobs('repeat');
    const [brought, ...more] = await broughtTo(2);
    expect(more).toEqual([]);
    expect(brought).toMatchObject({ from_id: REPLIES_CHAT_ID, saved_peer_id: person(1), text: 'an answer', reply_to_msg_id: null });
    const group = { _: 'peerChannel', channel_id: groupId };
    expect(unpackMessageExtra(brought!.extra)).toMatchObject({
      fwdFrom: { from_id: { user_id: person(1) }, date: answer.date, saved_from_peer: group, saved_from_msg_id: answer.msg_id },
      replyTo: { reply_to_msg_id: comment.msg_id, reply_to_peer_id: group, reply_to_top_id: rootId },
    });
    expect([await textsFor(1), await textsFor(0)]).toEqual([[], []]);
  });

  it('are not brought to members, to whoever has joined or was banned meanwhile, nor for what is no comment', async () => {
    await createDiscussion();
    const before = (await broughtTo(2)).length;
    const [byBob, byCarol, byDave] = [await send(1, groupId, 'one', { replyTo: rootId }), await send(2, groupId, 'two', { replyTo: rootId }), await send(3, groupId, 'three', { replyTo: rootId })];
    await send(2, groupId, 'to a member', { replyTo: byBob.msg_id });
    await send(2, groupId, 'to oneself', { replyTo: byCarol.msg_id });
    await send(1, groupId, 'to the post', { replyTo: rootId });
    await send(1, groupId, 'to Carol', { replyTo: byCarol.msg_id });
    await send(1, groupId, 'to Dave', { replyTo: byDave.msg_id });
    await at(groupId).members.doInvite(by(0), [people[2]!]);
    await at(groupId).members.doEditBanned({ ...by(0), userId: person(3), rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    await world.runJobs('repeat');
    expect([(await broughtTo(2)).length - before, await textsFor(3), await textsFor(1)]).toEqual([0, [], []]);
  });

  it('are not brought if they were deleted meanwhile, or come from peers that the person has blocked', async () => {
    await createDiscussion();
    const { blocks } = world.domain;
    const set = (peerId: bigint, blocked: boolean) => blocks.doBlock(person(3), peerId, { storiesOnly: false, blocked }, undefined);
    const comment = await send(3, groupId, 'a comment', { replyTo: rootId });
    const answer = (text: string, sendAs?: bigint): Promise<PostRow> => send(0, groupId, text, { replyTo: comment.msg_id, ...(sendAs && { sendAs }) });
    const gone = await answer('deleted');
    await at(groupId).posts.doDelete(by(0), [gone.msg_id]);
    await set(person(0), true);
    await answer('from Alice');
    await world.runJobs();
    expect(await textsFor(3)).toEqual([]);
    // Whoever is behind the channel must not be found by blocks.
    await answer('from the channel', peerOf(channelId));
    await world.runJobs();
    expect(await textsFor(3)).toEqual(['from the channel']);
    await set(peerOf(channelId), true);
    await answer('from the blocked channel', peerOf(channelId));
    await set(person(0), false);
    await set(REPLIES_CHAT_ID, true);
    await answer('with Replies blocked');
    await world.runJobs();
    await set(REPLIES_CHAT_ID, false);
    await answer('at last');
    await world.runJobs();
    expect(await textsFor(3)).toEqual(['from the channel', 'at last']);
  });

  it('keep what protects them, and are dropped beyond the quotas', async () => {
    await createDiscussion();
    await at(groupId).settings.doSetProtection(by(0), true);
    await world.domain.replies.doBlock({ ownerId: person(2), msgId: (await broughtTo(2))[0]!.msg_id, deletesMessage: false, deletesAll: true, reportsSpam: false, origin: undefined });
    await world.domain.blocks.doReplace(person(2), [], false, undefined);
    const comment = await send(2, groupId, 'a comment', { replyTo: rootId });
    await send(1, groupId, 'many', { replyTo: comment.msg_id, parts: 15 });
    await world.runJobs('repeat');
    const brought = await broughtTo(2);
    // As many as an album may have.
    expect(brought).toHaveLength(10);
    expect(brought.every((row) => (row.flags & MessageFlag.noforwards) !== 0)).toBe(true);
    for (let n = 0; n < 15; n++) await send(1, groupId, `flood ${n}`, { replyTo: comment.msg_id });
    await world.runJobs();
    expect(await textsFor(2)).toHaveLength(20);
  });

  it('are deleted in slices with the block of whoever wrote them', async () => {
    const [first] = await broughtTo(2);
    const { msg_id: firstId, ...copied } = first!;
    const rows = Array.from({ length: 1200 }, (_, n) => ({ ...copied, msg_id: 100_000 + n, global_id: BigInt(100_000 + n), pts: 100_000 + n }));
    for (let n = 0; n < rows.length; n += 200) await world.db.q.insertInto('messages').values(rows.slice(n, n + 200)).execute();
    const block = { ownerId: person(2), msgId: firstId, deletesMessage: false, deletesAll: true, reportsSpam: false, origin: undefined };
    const { updates, ptsCount } = await world.domain.replies.doBlock(block);
    expect(ptsCount).toBe(500);
    expect(updates).toMatchObject([{ _: 'updatePeerBlocked', peer_id: { user_id: person(1) }, blocked: true }, { _: 'updateDeleteMessages', pts_count: 500 }]);
    await world.runJobs('repeat');
    expect(await broughtTo(2)).toEqual([]);
    expect(await errorOf(world.domain.replies.doBlock(block))).toBe('MSG_ID_INVALID');
  });
});
