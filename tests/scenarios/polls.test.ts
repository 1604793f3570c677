import { type Actor, createShiftedClock, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { loadSizes, makePicture, photoIn, uploadedPhoto } from './photo-stage.ts';
import { messagesIn, option, pollIn, pollOf, receives, resultsOf, sendPoll, textOf, vote, voteCall, words } from './poll-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The number of votes for each answer that a push shows. */
const votersIn = ({ results }: tl.RawUpdateMessagePoll): (number | undefined)[] => (results.results ?? []).map(({ voters }) => voters);

test('two people vote in a poll of their chat, see it change, take votes back, and its author closes it', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id)];
  const sent = await verifyUpdates([alice, bob], () => sendPoll(alice.main, toBob, pollOf()));
  expect(pollIn(sent)).toMatchObject({ poll: { creator: true, question: { text: 'Which colour?' } }, results: { totalVoters: 0 } });
  expect(pollIn(sent).poll.answers.flatMap((answer) => (answer._ === 'pollAnswer' ? [textOf(answer.option)] : []))).toEqual(['0', '1', '2']);
  const seen = await receives(bob, toAlice);
  expect(pollIn(seen)).toMatchObject({ poll: { creator: false }, results: { min: false } });

  const tablet = await bob.device();
  expect(await vote(bob.main, toAlice, seen.id, 1)).toMatchObject({ msgId: seen.id, results: { totalVoters: 1, results: [{ voters: 0 }, { chosen: true, voters: 1 }, { voters: 0 }] } });
  const pushed = await alice.main.seesUpdate('updateMessagePoll', (update) => votersIn(update)[1] === 1);
  expect(pushed.results.results?.some(({ chosen }) => chosen)).toBe(false);
  expect(pushed.results.recentVoters).toBeUndefined();
  await tablet.seesUpdate('updateMessagePoll', ({ results }) => results.results?.[1]?.chosen === true && results.min !== true);
  await vote(bob.main, toAlice, seen.id);
  await alice.main.seesUpdate('updateMessagePoll', (update) => votersIn(update)[1] === 0);
  await vote(alice.main, toBob, sent.id, 2);

  expect(await bob.main.fails({ _: 'messages.editMessage', peer: toAlice, id: seen.id, media: pollOf({ closed: true }) })).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect(await alice.main.fails({ _: 'messages.editMessage', peer: toBob, id: sent.id, media: pollOf() })).toEqual({ code: 400, text: 'MEDIA_NEW_INVALID' });
  const closed = await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.editMessage', peer: toBob, id: sent.id, media: { ...pollOf(), poll: { ...pollOf().poll, closed: true, answers: [], question: words('') } } }));
  expect(pollIn(messagesIn(closed)[0])).toMatchObject({ poll: { closed: true, creator: true, answers: [{}, {}, {}] }, results: { totalVoters: 1, results: [{}, {}, { chosen: true, voters: 1 }] } });
  expect(messagesIn(closed)[0]).toMatchObject({ editHide: true });
  expect(await bob.main.fails(voteCall(toAlice, seen.id, 0))).toEqual({ code: 400, text: 'MESSAGE_POLL_CLOSED' });
  expect((await resultsOf(bob.main, toAlice, seen.id)).poll).toMatchObject({ closed: true });
});

test('a group votes in a public poll and its forward together, and those who have voted read who did', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { peer } = await createGroup(alice, [bob, carol]);
  const sent = await sendPoll(alice.main, peer, pollOf({ publicVoters: true, multipleChoice: true }));
  const [ofBob, ofCarol] = [await receives(bob, peer), await receives(carol, peer)];
  await carol.meet(bob);
  const [forward] = messagesIn(await carol.main.change({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: { _: 'inputPeerSelf' }, id: [ofCarol.id], randomId: [randomLong()] }));
  expect(pollIn(forward).poll.id).toEqual(pollIn(sent).poll.id);

  await vote(bob.main, peer, ofBob.id, 0, 2);
  clock.shift(1000);
  await vote(carol.main, { _: 'inputPeerSelf' }, forward!.id, 2);
  expect((await resultsOf(alice.main, peer, sent.id)).results).toMatchObject({ totalVoters: 2, results: [{ voters: 1 }, { voters: 0 }, { voters: 2 }], recentVoters: [{ userId: carol.id }, { userId: bob.id }] });
  const list = (more: Partial<tl.messages.RawGetPollVotesRequest> = {}): tl.messages.RawGetPollVotesRequest => ({ _: 'messages.getPollVotes', peer, id: ofBob.id, limit: 10, ...more });
  expect(await bob.main.call(list())).toMatchObject({ count: 2, votes: [{ _: 'messagePeerVote', peer: { userId: carol.id } }, { _: 'messagePeerVoteMultiple', options: [{}, {}] }], users: [{}, {}] });
  const first = (await bob.main.call(list({ limit: 1 })));
  expect(first.nextOffset).toBeDefined();
  expect(await bob.main.call(list({ limit: 1, offset: first.nextOffset }))).toMatchObject({ count: 2, votes: [{ peer: { userId: bob.id } }], nextOffset: undefined });
  expect(await bob.main.call(list({ option: option(0) }))).toMatchObject({ count: 1, votes: [{ _: 'messagePeerVoteInputOption' }] });
  expect(await alice.main.fails({ ...list(), id: sent.id })).toEqual({ code: 403, text: 'POLL_VOTE_REQUIRED' });

  const found = await alice.main.call({ _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterPoll' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(found).toMatchObject({ messages: [{ id: sent.id, media: { results: { totalVoters: 2 } } }] });
  expect(await alice.main.call({ _: 'messages.getSearchCounters', peer, filters: [{ _: 'inputMessagesFilterPoll' }] })).toMatchObject([{ count: 1 }]);
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPolls: true } });
  expect(await bob.main.fails({ _: 'messages.sendMedia', peer, media: pollOf(), message: '', randomId: randomLong() })).toEqual({ code: 403, text: 'CHAT_SEND_POLL_FORBIDDEN' });
});

test('people add answers to a poll that is open for them, and the chat is told', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const { peer } = await createGroup(alice, [bob]);
  const sent = await sendPoll(alice.main, peer, pollOf({ openAnswers: true }));
  const seen = await receives(bob, peer);
  const answer: tl.RawInputPollAnswer = { _: 'inputPollAnswer', text: words('violet') };
  await verifyUpdates([alice, bob], async () => {
    const { updates } = (await bob.main.change({ _: 'messages.addPollAnswer', peer, msgId: seen.id, answer })) as tl.RawUpdates;
    expect(updates).toMatchObject([{ _: 'updateMessagePoll', poll: { answers: [{}, {}, {}, { addedBy: { userId: bob.id } }] } }, { _: 'updateNewMessage', message: { action: { _: 'messageActionPollAppendAnswer' } } }]);
    await alice.sees('action:messageActionPollAppendAnswer');
  });
  await alice.main.seesUpdate('updateMessagePoll', ({ poll }) => poll?.answers.length === 4);
  await vote(alice.main, peer, sent.id, 3);
  await alice.main.change({ _: 'messages.deletePollAnswer', peer, msgId: sent.id, option: option(3) });
  await bob.sees('action:messageActionPollDeleteAnswer');
  expect(pollIn(await receives(bob, peer))).toMatchObject({ poll: { answers: [{}, {}, {}] }, results: { totalVoters: 0 } });
});

test('a channel votes in secret: pushes say nothing of who voted, and only subscribers vote where the poll asks for it', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
  const peerOf = (actor: Actor): tl.TypeInputPeer => actor.main.inputPeer(id);
  const refused = (media: tl.RawInputMediaPoll): Promise<unknown> => alice.main.fails({ _: 'messages.sendMedia', peer: peerOf(alice), media, message: '', randomId: randomLong() });
  expect(await refused(pollOf({ publicVoters: true }))).toEqual({ code: 400, text: 'BROADCAST_PUBLIC_VOTERS_FORBIDDEN' });
  expect(await refused(pollOf({ countriesIso2: ['DE'] }))).toEqual({ code: 400, text: 'POLL_UNSUPPORTED' });
  const post = await verifyUpdates([alice, bob, carol], () => sendPoll(alice.main, peerOf(alice), pollOf({ subscribersOnly: true })));
  await bob.main.waitUntil('the poll', () => bob.main.state.channels.find(id)!.box.messages.has(post.id));

  await vote(bob.main, peerOf(bob), post.id, 0);
  const pushed = await carol.main.seesUpdate('updateMessagePoll', (update) => votersIn(update)[0] === 1);
  expect(pushed.results).toMatchObject({ min: true, totalVoters: 1, recentVoters: undefined });
  expect(pushed.results.results?.some(({ chosen }) => chosen)).toBe(false);
  for (const actor of [alice, bob]) expect(await actor.main.fails({ _: 'messages.getPollVotes', peer: peerOf(actor), id: post.id, limit: 10 })).toEqual({ code: 403, text: 'BROADCAST_FORBIDDEN' });
  await alice.main.change({ _: 'messages.forwardMessages', fromPeer: peerOf(alice), toPeer: alice.main.inputPeer(bob.id), id: [post.id], randomId: [randomLong()] });
  await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
  await bob.meet(carol);
  await carol.meet(bob);
  await bob.meet(alice);
  const own = await receives(bob, bob.main.inputPeer(alice.id));
  await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), toPeer: bob.main.inputPeer(carol.id), id: [own.id], randomId: [randomLong()] });
  const copy = await receives(carol, carol.main.inputPeer(bob.id));
  expect(await carol.main.fails(voteCall(carol.main.inputPeer(bob.id), copy.id, 1))).toEqual({ code: 406, text: 'POLL_MEMBER_RESTRICTED' });
  expect((await resultsOf(carol.main, carol.main.inputPeer(bob.id), copy.id)).results).toMatchObject({ totalVoters: 1, results: [{ voters: 1 }, {}, {}] });

  await promoteIn(alice, id, bob, { editMessages: true });
  await verifyUpdates([alice, bob], () => bob.main.change({ _: 'messages.editMessage', peer: peerOf(bob), id: post.id, media: pollOf({ closed: true }) }));
  const log = await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 5 });
  expect(log.events[0]).toMatchObject({ userId: bob.id, action: { _: 'channelAdminLogEventActionStopPoll', message: { id: post.id, media: { poll: { closed: true }, results: { min: true } } } } });
});

test('a quiz tells its answer to those only who have voted, in answers, pushes and histories, and to all when it is closed', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [ofBob, ofCarol] = [bob.main.inputPeer(id), carol.main.inputPeer(id)];
  const post = await sendPoll(alice.main, alice.main.inputPeer(id), pollOf({ quiz: true, shuffleAnswers: true }, [1], 'As grass is.'));
  expect(pollIn(post).results.solution).toBeUndefined();
  expect((await vote(bob.main, ofBob, post.id, 0)).results).toMatchObject({ solution: 'As grass is.', results: [{ chosen: true }, { correct: true, voters: 0 }, {}] });
  expect(await bob.main.fails(voteCall(ofBob, post.id, 1))).toEqual({ code: 400, text: 'REVOTE_NOT_ALLOWED' });
  const pushed = await carol.main.seesUpdate('updateMessagePoll', (update) => votersIn(update)[0] === 1);
  for (const { results } of [pushed, await resultsOf(carol.main, ofCarol, post.id), pollIn(await receives(carol, ofCarol))]) {
    expect(results.solution).toBeUndefined();
    expect(results.results?.some(({ correct }) => correct)).toBe(false);
  }
  await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: post.id, media: pollOf({ closed: true }) });
  expect((await resultsOf(carol.main, ofCarol, post.id)).results).toMatchObject({ solution: 'As grass is.', results: [{}, { correct: true }, {}] });
});

test('a scheduled poll opens when it is sent, closes by itself, and everybody is told', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id)];
  const scheduleDate = Math.floor(clock.nowMs() / 1000) + 3600;
  const call: tl.messages.RawSendMediaRequest = { _: 'messages.sendMedia', peer: toBob, media: pollOf({ closePeriod: 60 }), message: '', randomId: randomLong(), scheduleDate };
  const waiting = messagesIn(await alice.main.call(call))[0]!;
  expect(pollIn(waiting).poll).toMatchObject({ closePeriod: 60, closeDate: undefined });
  expect(pollIn(messagesIn(await alice.main.call(call))[0]).poll.id).toEqual(pollIn(waiting).poll.id);
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer: toBob, id: [waiting.id] });
  const seen = await receives(bob, toAlice);
  const now = Math.floor(clock.nowMs() / 1000);
  expect(pollIn(seen).poll.closeDate).toBeGreaterThan(now + 50);
  expect(pollIn(seen).poll.closeDate).toBeLessThan(now + 62);
  await vote(bob.main, toAlice, seen.id, 2);
  clock.shift(61_000);
  expect(await bob.main.fails(voteCall(toAlice, seen.id, 1))).toEqual({ code: 400, text: 'MESSAGE_POLL_CLOSED' });
  expect((await resultsOf(bob.main, toAlice, seen.id)).poll).toMatchObject({ closed: true });
  await alice.main.seesUpdate('updateMessagePoll', ({ poll }) => poll?.closed === true);
});

test('a poll that is sent again and again has votes of its own each time', async () => {
  const alice = await scenario.world.user('Alice');
  const peer: tl.TypeInputPeer = { _: 'inputPeerSelf' };
  const dayS = 86_400;
  const scheduleDate = Math.floor(clock.nowMs() / 1000) + 3600;
  const messages = messagesIn(await alice.main.change({ _: 'messages.sendMedia', peer, media: pollOf(), message: '', randomId: randomLong(), scheduleDate, scheduleRepeatPeriod: dayS }));
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [messages[0]!.id] });
  const first = await receives(alice, peer);
  await vote(alice.main, peer, first.id, 0);
  const waiting = ((await alice.main.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO })) as tl.messages.RawMessages).messages[0] as tl.RawMessage;
  expect(waiting.date).toBe(scheduleDate + dayS);
  expect(pollIn(waiting).poll.id).not.toEqual(pollIn(first).poll.id);
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [waiting.id] });
  const second = await receives(alice, peer);
  expect(pollIn(second)).toMatchObject({ poll: { question: { text: 'Which colour?' } }, results: { totalVoters: 0 } });
  await vote(alice.main, peer, second.id, 1);
  expect([await resultsOf(alice.main, peer, first.id), await resultsOf(alice.main, peer, second.id)].map(votersIn)).toEqual([[1, 0, 0], [0, 1, 0]]);
});

test('the pictures of a quiz come along with it, are loaded by whoever sees it, and that of its solution after the vote', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const { peer } = await createGroup(alice, [bob]);
  const picture = async (): Promise<tl.RawInputMediaUploadedPhoto> => uploadedPhoto(alice.main, await makePicture(100, 75));
  const quiz = pollOf({ quiz: true }, [1], 'As grass is.');
  const answers = [{ _: 'inputPollAnswer' as const, text: words('red'), media: await picture() }, { _: 'inputPollAnswer' as const, text: words('green') }];
  const media = { ...quiz, poll: { ...quiz.poll, answers }, attachedMedia: await picture(), solutionMedia: await picture() };
  const answerPhoto = ({ answers: [first] }: tl.RawPoll): tl.RawPhoto => photoIn(first?._ === 'pollAnswer' ? first.media : undefined);

  const sent = await verifyUpdates([alice, bob], () => sendPoll(alice.main, peer, media));
  const { message } = await bob.main.seesUpdate('updateNewMessage', (update) => update.message._ === 'message' && update.message.media?._ === 'messageMediaPoll');
  const pushed = pollIn(message as tl.RawMessage);
  for (const [device, shown] of [[bob.main, pushed], [bob.main, pollIn(await receives(bob, peer))], [alice.main, pollIn(sent)]] as const) {
    expect(await loadSizes(device, photoIn(shown.attachedMedia))).toEqual(['s 100x75']);
    expect(await loadSizes(device, answerPhoto(shown.poll))).toEqual(['s 100x75']);
    expect(shown.results.solutionMedia).toBeUndefined();
  }
  const { results } = await vote(bob.main, peer, message.id, 0);
  expect(await loadSizes(bob.main, photoIn(results.solutionMedia))).toEqual(['s 100x75']);
  expect(await loadSizes(bob.main, photoIn(pollIn(await receives(bob, peer)).results.solutionMedia))).toEqual(['s 100x75']);
  expect((await resultsOf(alice.main, peer, sent.id)).results.solutionMedia).toBeUndefined();

  // Who may send no photos sends none in a poll either, wherever in it they are.
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', sendPhotos: true, untilDate: 0 } });
  for (const banned of [{ ...pollOf(), attachedMedia: await uploadedPhoto(bob.main, await makePicture(100, 75)) }, { ...quiz, solutionMedia: await uploadedPhoto(bob.main, await makePicture(100, 75)) }]) {
    expect(await bob.main.fails({ _: 'messages.sendMedia', peer, media: banned, message: '', randomId: randomLong() })).toEqual({ code: 403, text: 'CHAT_SEND_PHOTOS_FORBIDDEN' });
  }
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0 } });

  // What was seen before may be put into another poll, and what is scheduled shows its pictures to its author.
  const { id, accessHash, fileReference } = answerPhoto(pushed.poll);
  const again = { ...pollOf(), attachedMedia: { _: 'inputMediaPhoto' as const, id: { _: 'inputPhoto' as const, id, accessHash, fileReference } } };
  const later = await bob.main.change({ _: 'messages.sendMedia', peer, media: again, message: '', randomId: randomLong(), scheduleDate: Math.floor(clock.nowMs() / 1000) + 3600 });
  expect(await loadSizes(bob.main, photoIn(pollIn(messagesIn(later)[0]).attachedMedia))).toEqual(['s 100x75']);
});
