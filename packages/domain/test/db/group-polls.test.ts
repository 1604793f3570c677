import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ResolvedChat } from '../../src/access/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

describe('polls of basic groups', () => {
  let world: World;
  let people: UserRow[];
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, ['Alice', 'Bob']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('are unread no more for a creator who returns, if their votes were taken back meanwhile', async () => {
    const { groups, messages, peers, polls, unreadVotes } = world.domain;
    const [alice, bob] = people.map((row) => row.user_id) as [bigint, bigint];
    const { notice } = await groups.doCreate({ creatorId: alice, title: 'A group', users: [people[1]!], ttlPeriod: 0, randomId: 1n, origin: ORIGIN });
    const [peerId, chatId] = [notice!.peer_id, -notice!.peer_id];
    const poll: tl.poll = { _: 'poll', id: 0n, question: words('Well?'), answers: [{ _: 'inputPollAnswer', text: words('yes') }], public_voters: true, hash: 0n };
    const media = await polls.doCreate({ creatorId: bob, placeId: peerId, input: { _: 'inputMediaPoll', poll }, solution: undefined, kind: 'group', sendDate: world.clock.now() });
    const peer = (await peers.accessInputPeer(bob, { _: 'inputPeerChat', chat_id: chatId })) as ResolvedChat;
    const options = { silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined };
    await messages.doSendText(peer, { senderId: bob, randomId: 2n, text: { text: '', entities: [] }, media, ...options });
    const { msg_id: msgId } = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow();
    const vote = (...places: number[]) => polls.doVote({ viewerId: alice, peerId, msgId, options: places.map((place) => Buffer.from(String(place))) });
    const unread = async (): Promise<number> => {
      await world.runJobs();
      return unreadVotes.countUnread(bob, peerId);
    };
    await vote(0);
    expect(await unread()).toBe(1);
    await groups.doRemoveUser({ actorId: alice, chatId, origin: ORIGIN }, bob, false);
    await vote();
    await world.runJobs();
    await groups.doAddUser({ actorId: alice, chatId, origin: ORIGIN }, people[1]!, 0);
    expect(await unread()).toBe(0);
    await vote(0);
    expect(await unread()).toBe(1);
  });
});
