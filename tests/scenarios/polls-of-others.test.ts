import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { messagesIn, pollIn, pollOf, receives, resultsOf, sendPoll, vote, voteCall, words } from './poll-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

test('a copy of a poll without its author closes nothing', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const { peer } = await createGroup(alice, [bob]);
  const sent = await sendPoll(alice.main, peer, pollOf());
  const seen = await receives(bob, peer);
  const [copy] = messagesIn(await bob.main.change({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: { _: 'inputPeerSelf' }, id: [seen.id], randomId: [randomLong()], dropAuthor: true }));
  expect(await bob.main.fails({ _: 'messages.editMessage', peer: { _: 'inputPeerSelf' }, id: copy!.id, media: pollOf({ closed: true }) })).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect((await resultsOf(alice.main, peer, sent.id)).poll?.closed).toBe(false);
});

test('who is blocked reaches nobody by a vote', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id)];
  const sent = await sendPoll(alice.main, toBob, pollOf({ publicVoters: true }));
  const seen = await receives(bob, toAlice);
  await alice.main.call({ _: 'contacts.block', id: toBob });
  const [forward] = messagesIn(await bob.main.change({ _: 'messages.forwardMessages', fromPeer: toAlice, toPeer: { _: 'inputPeerSelf' }, id: [seen.id], randomId: [randomLong()] }));
  for (const call of [voteCall(toAlice, seen.id, 1), voteCall({ _: 'inputPeerSelf' }, forward!.id, 1)]) expect(await bob.main.fails(call)).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  expect((await resultsOf(alice.main, toBob, sent.id)).results).toMatchObject({ totalVoters: 0, hasUnreadVotes: false });
  await alice.main.call({ _: 'contacts.unblock', id: toBob });
  await vote(bob.main, toAlice, seen.id, 1);
});

test('who is blocked closes no poll in the chat until the block ends', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice, toSelf] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id), { _: 'inputPeerSelf' } as const];
  const sent = await sendPoll(alice.main, toBob, pollOf());
  const seen = await receives(bob, toAlice);
  const own = await sendPoll(alice.main, toSelf, pollOf());
  await bob.main.call({ _: 'contacts.block', id: toAlice });
  const close = (peer: tl.TypeInputPeer, id: number) => ({ _: 'messages.editMessage', peer, id, media: pollOf({ closed: true }) }) as const;
  expect(await alice.main.fails(close(toBob, sent.id))).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  expect((await resultsOf(bob.main, toAlice, seen.id)).poll?.closed).toBe(false);
  await alice.main.change(close(toSelf, own.id));
  await bob.main.call({ _: 'contacts.unblock', id: toAlice });
  await alice.main.change(close(toBob, sent.id));
  expect((await resultsOf(bob.main, toAlice, seen.id)).poll?.closed).toBe(true);
});

test('who has left a group sees no later votes', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { peer } = (await createGroup(alice, [bob, carol])) as { peer: tl.RawInputPeerChat };
  await sendPoll(alice.main, peer, pollOf({ publicVoters: true }));
  const ofCarol = await receives(carol, peer);
  await vote(carol.main, peer, ofCarol.id, 1);
  await alice.main.change({ _: 'messages.deleteChatUser', chatId: peer.chatId, userId: alice.main.inputUser(bob.id) });
  await vote(carol.main, peer, ofCarol.id, 2);
  const left = await receives(bob, peer);
  expect(pollIn(left).results).toMatchObject({ totalVoters: undefined, recentVoters: undefined });
  expect(pollIn(await receives(alice, peer)).results).toMatchObject({ totalVoters: 1 });
});

test('answers are added where the poll was made and its topic is open, and do not tell who an anonymous admin is', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const peerOf = (actor: Actor): tl.TypeInputPeer => actor.main.inputPeer(id);
  const sent = await sendPoll(alice.main, peerOf(alice), pollOf({ openAnswers: true }));
  await promoteIn(alice, id, bob, { anonymous: true, inviteUsers: true });
  await bob.main.change({ _: 'messages.addPollAnswer', peer: peerOf(bob), msgId: sent.id, answer: { _: 'inputPollAnswer', text: words('violet') } });
  const { poll } = await resultsOf(carol.main, peerOf(carol), sent.id);
  expect(poll?.answers.at(-1)).toMatchObject({ addedBy: { _: 'peerChannel' } });
  const own = await createChannel(carol);
  const [copy] = messagesIn(await carol.main.change({ _: 'messages.forwardMessages', fromPeer: peerOf(carol), toPeer: carol.main.inputPeer(own), id: [sent.id], randomId: [randomLong()] }));
  expect(await carol.main.fails({ _: 'messages.addPollAnswer', peer: carol.main.inputPeer(own), msgId: copy!.id, answer: { _: 'inputPollAnswer', text: words('spam') } })).toEqual({ code: 400, text: 'POLL_UNSUPPORTED' });

  const tasks = (n: number): tl.RawTodoItem[] => [{ _: 'todoItem', id: n, title: words('task') }];
  const list = await sendPoll(alice.main, peerOf(alice), { _: 'inputMediaTodo', todo: { _: 'todoList', othersCanAppend: true, othersCanComplete: true, title: words('list'), list: tasks(1) } });
  await alice.main.change({ _: 'channels.toggleForum', channel: alice.main.inputChannel(id), enabled: true, tabs: false });
  await alice.main.change({ _: 'messages.editForumTopic', peer: peerOf(alice), topicId: 1, closed: true });
  const answer: tl.RawInputPollAnswer = { _: 'inputPollAnswer', text: words('late') };
  for (const call of [
    { _: 'messages.addPollAnswer', peer: peerOf(carol), msgId: sent.id, answer },
    { _: 'messages.appendTodoList', peer: peerOf(carol), msgId: list.id, list: tasks(2) },
    { _: 'messages.toggleTodoCompleted', peer: peerOf(carol), msgId: list.id, completed: [1], incompleted: [] },
  ] satisfies tl.RpcMethod[]) expect(await carol.main.fails(call)).toEqual({ code: 400, text: 'TOPIC_CLOSED' });
});
