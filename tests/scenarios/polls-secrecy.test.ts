import { inspect } from 'node:util';
import type { Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBot, write } from './bot-stage.ts';
import { bannedFrom, channelStage, createChannel, postIn, promoteIn } from './channel-stage.ts';
import { LayerClient } from './client-boot/layer-client.ts';
import { people } from './group-stage.ts';
import { messagesIn, option, pollOf, resultsOf, sendPoll, vote, voteCall, words } from './poll-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const WINDOW = { offsetId: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0 };
const SOLUTION = 'As grass is.';
const OLD_LAYER = 152;
const PLACE: tl.RawInputMediaGeoPoint = { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 1, long: 2 } };

/** The whole of an answer as text. */
const dump = (answer: unknown): string => inspect(answer, { depth: null, breakLength: Infinity, maxArrayLength: null, maxStringLength: null });

/** What of an answer tells who voted for what, or what is right. */
function secretsIn(text: string): string[] {
  const found = /solution: '[^']+'|solution_?[mM]edia: \{[^']+'\w+'|(correct|chosen|unread|hasUnreadVotes): true|(recent_?[vV]oters): \[ *[^\] ]|messagePeerVote\w*|unreadPollVotesCount: [1-9]\d*/g;
  return [...new Set(text.match(found) ?? [])];
}

/** An account of an old app, which is on another device of a person. */
async function onOldLayer({ phone }: Actor): Promise<LayerClient> {
  const client = await LayerClient.open(scenario.server.info, 'tdesktop', OLD_LAYER);
  const call = async (method: string, args: object): Promise<Record<string, unknown>> => {
    const answer = await client.call(method, args);
    if ('refused' in answer) throw new Error(`${method}: ${answer.refused}`);
    return answer.value as Record<string, unknown>;
  };
  await call('help.getConfig', {});
  const { phone_code_hash } = await call('auth.sendCode', { phone_number: phone, api_id: 611335, api_hash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } });
  await call('auth.signIn', { phone_number: phone, phone_code_hash, phone_code: phone.charAt(5).repeat(5) });
  return client;
}

test('nobody learns of a vote in an anonymous quiz, nor what is right, by any way of reading it before the own vote', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [ofAlice, ofBob, ofCarol] = [alice, bob, carol].map((actor) => actor.main.inputPeer(id)) as [tl.TypeInputPeer, tl.TypeInputPeer, tl.TypeInputPeer];
  const bot = await startBot(scenario, 'quiz_watcher_bot');
  await write(alice, bot.made, '/start');
  await alice.main.change({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(id), users: [alice.main.inputUser(bot.id)] });
  await promoteIn(alice, id, { id: bot.id } as Actor, { changeInfo: true, pinMessages: true });
  await promoteIn(alice, id, carol, { pinMessages: true });
  const ptsBefore = carol.main.state.channels.find(id)!.line.pts;

  const post = await sendPoll(alice.main, ofAlice, { ...pollOf({ quiz: true }, [1], SOLUTION), attachedMedia: PLACE, solutionMedia: PLACE });
  expect(secretsIn(dump(post))).toEqual([]);
  await vote(bob.main, ofBob, post.id, 0);
  // What the voter sees shows that these words would be found.
  expect(secretsIn(dump(await resultsOf(bob.main, ofBob, post.id)))).toEqual(['chosen: true', 'correct: true', `solution: '${SOLUTION}'`, "solutionMedia: { _: 'messageMediaGeo'"]);
  await carol.main.seesUpdate('updateMessagePoll', ({ results }) => results.totalVoters === 1);
  await alice.main.seesUpdate('updateMessagePoll', ({ results }) => results.totalVoters === 1);
  await alice.main.change({ _: 'messages.updatePinnedMessage', peer: ofAlice, id: post.id });
  const saved = messagesIn(await carol.main.change({ _: 'messages.forwardMessages', fromPeer: ofCarol, toPeer: { _: 'inputPeerSelf' }, id: [post.id], randomId: [randomLong()] }))[0]!;
  const replied = await carol.main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'look', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: post.id, replyToPeerId: ofCarol } });
  await using old = await onOldLayer(carol);
  const dialogsOf = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 20, hash: Long.ZERO } as const;
  const search = { q: '', minDate: 0, maxDate: 0, filter: { _: 'inputMessagesFilterPoll' } } as const;
  const { access_hash } = (((await old.call('messages.getDialogs', { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n })) as { value: { chats: { id: bigint; access_hash: bigint }[] } }).value.chats).find((chat) => chat.id === BigInt(-id - 1e12))!;
  const oldPeer = { _: 'inputPeerChannel', channel_id: BigInt(-id - 1e12), access_hash };

  /** Ways to read the poll, for those who have not voted: one of the members, and the creator. */
  const ways = (actor: Actor, peer: tl.TypeInputPeer): Record<string, () => Promise<unknown>> => ({
    history: () => actor.main.call({ _: 'messages.getHistory', peer, ...WINDOW, offsetDate: 0, hash: Long.ZERO }),
    messages: () => actor.main.call({ _: 'channels.getMessages', channel: actor.main.inputChannel(id), id: [{ _: 'inputMessageID', id: post.id }] }),
    search: () => actor.main.call({ _: 'messages.search', peer, ...search, ...WINDOW, hash: Long.ZERO }),
    'search everywhere': () => actor.main.call({ _: 'messages.searchGlobal', ...search, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 20 }),
    results: () => resultsOf(actor.main, peer, post.id),
    dialogs: () => actor.main.call({ _: 'messages.getDialogs', ...dialogsOf }),
    'channel difference': () => actor.main.call({ _: 'updates.getChannelDifference', channel: actor.main.inputChannel(id), filter: { _: 'channelMessagesFilterEmpty' }, pts: ptsBefore, limit: 100 }),
    'admin log': () => actor.main.call({ _: 'channels.getAdminLog', channel: actor.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 50 }),
    'unread votes': () => actor.main.call({ _: 'messages.getUnreadPollVotes', peer, ...WINDOW }),
    'forward into Saved Messages': () => actor.main.call({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: { _: 'inputPeerSelf' }, id: [post.id], randomId: [randomLong()] }),
    'who voted': async () => expect(await actor.main.fails({ _: 'messages.getPollVotes', peer, id: post.id, limit: 10 })).toEqual({ code: 403, text: 'POLL_VOTE_REQUIRED' }),
  });
  const table: Record<string, () => Promise<unknown>> = {
    ...Object.fromEntries(Object.entries(ways(carol, ofCarol)).map(([name, read]) => [`carol: ${name}`, read])),
    ...Object.fromEntries(Object.entries(ways(alice, ofAlice)).map(([name, read]) => [`the creator: ${name}`, read])),
    'carol: forwarded results': () => resultsOf(carol.main, { _: 'inputPeerSelf' }, saved.id),
    'carol: a reply in another chat': () => Promise.resolve(replied),
    'carol: difference': () => carol.main.call({ _: 'updates.getDifference', pts: 1, date: 1, qts: 0 }),
    'carol: all that was pushed': () => Promise.resolve(carol.main.events),
    'the creator: all that was pushed': () => Promise.resolve(alice.main.events),
    'a bot: all that was pushed': () => Promise.resolve(bot.updates),
    'an old layer: history': () => old.call('messages.getHistory', { peer: oldPeer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0n }),
    'an old layer: results': () => old.call('messages.getPollResults', { peer: oldPeer, msg_id: post.id }),
  };
  await bot.waitFor('the poll', (update): update is tl.RawUpdateNewChannelMessage => update._ === 'updateNewChannelMessage' && update.message._ === 'message' && update.message.media?._ === 'messageMediaPoll');
  const told: Record<string, string[]> = {};
  for (const [name, read] of Object.entries(table)) told[name] = secretsIn(dump(await read()));
  expect(told).toEqual(Object.fromEntries(Object.keys(table).map((name) => [name, []])));
  expect(dump(bot.updates)).not.toContain('updateMessagePoll');

  await alice.main.change({ _: 'messages.editMessage', peer: ofAlice, id: post.id, media: pollOf({ closed: true }) });
  expect(secretsIn(dump(await table['an old layer: history']!()))).toEqual(expect.arrayContaining(['correct: true', `solution: '${SOLUTION}'`]));
  expect(secretsIn(dump(await table['carol: history']!()))).toEqual(['correct: true', `solution: '${SOLUTION}'`, "solutionMedia: { _: 'messageMediaGeo'"]);
  await bot[Symbol.asyncDispose]();
});

test('each error of the methods about polls', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [ofAlice, ofBob] = [alice.main.inputPeer(id), bob.main.inputPeer(id)];
  const [once, single, open, text] = [
    await sendPoll(alice.main, ofAlice, pollOf({ revotingDisabled: true })),
    await sendPoll(alice.main, ofAlice, pollOf({ publicVoters: true })),
    await sendPoll(alice.main, ofAlice, pollOf({ openAnswers: true, publicVoters: true })),
    { id: await postIn(alice, id, 'no poll') },
  ];
  await vote(bob.main, ofBob, once.id, 0);
  const closed = await sendPoll(alice.main, ofAlice, pollOf());
  await alice.main.change({ _: 'messages.editMessage', peer: ofAlice, id: closed.id, media: pollOf({ closed: true }) });
  const news = await createChannel(alice, 'broadcast', 'News');
  const post = await sendPoll(alice.main, alice.main.inputPeer(news), pollOf({ subscribersOnly: true }));
  const copy = messagesIn(await alice.main.change({ _: 'messages.forwardMessages', fromPeer: alice.main.inputPeer(news), toPeer: ofAlice, id: [post.id], randomId: [randomLong()] }))[0]!;
  const elsewhere = await bannedFrom(alice, carol);
  const unknown: tl.TypeInputPeer = { _: 'inputPeerChannel', channelId: -id - 1e12, accessHash: Long.ONE };
  const empty: tl.TypeInputPeer = { _: 'inputPeerEmpty' };
  const answer: tl.RawInputPollAnswer = { _: 'inputPollAnswer', text: words('violet') };
  const votesOf = (peer: tl.TypeInputPeer, msgId: number, more: object = {}): tl.messages.RawGetPollVotesRequest => ({ _: 'messages.getPollVotes', peer, id: msgId, limit: 10, ...more });
  const cases: [Actor, tl.RpcMethod, string][] = [
    [bob, voteCall(unknown, single.id, 0), 'CHANNEL_INVALID'],
    [carol, voteCall(elsewhere, single.id, 0), 'CHANNEL_PRIVATE'],
    [bob, voteCall(ofBob, text.id, 0), 'MESSAGE_ID_INVALID'],
    [bob, voteCall(ofBob, 1_000_000, 0), 'MESSAGE_ID_INVALID'],
    [bob, voteCall(ofBob, closed.id, 0), 'MESSAGE_POLL_CLOSED'],
    [bob, voteCall(ofBob, single.id, 0, 1), 'OPTIONS_TOO_MUCH'],
    [bob, voteCall(ofBob, single.id, 9), 'OPTION_INVALID'],
    [bob, voteCall(empty, single.id, 0), 'PEER_ID_INVALID'],
    [bob, voteCall(ofBob, copy.id, 0), 'POLL_MEMBER_RESTRICTED'],
    [bob, voteCall(ofBob, once.id, 1), 'REVOTE_NOT_ALLOWED'],
    [bob, { _: 'messages.getPollResults', peer: ofBob, msgId: text.id, pollHash: Long.ZERO }, 'MESSAGE_ID_INVALID'],
    [bob, { _: 'messages.getPollResults', peer: empty, msgId: single.id, pollHash: Long.ZERO }, 'PEER_ID_INVALID'],
    [alice, votesOf(alice.main.inputPeer(news), post.id), 'BROADCAST_FORBIDDEN'],
    [bob, votesOf(ofBob, text.id), 'MSG_ID_INVALID'],
    [bob, votesOf(ofBob, 1_000_000), 'MSG_ID_INVALID'],
    [bob, votesOf(ofBob, single.id), 'POLL_VOTE_REQUIRED'],
    [bob, { _: 'messages.addPollAnswer', peer: empty, msgId: open.id, answer }, 'PEER_ID_INVALID'],
    [bob, { _: 'messages.addPollAnswer', peer: ofBob, msgId: text.id, answer }, 'MESSAGE_ID_INVALID'],
    [bob, { _: 'messages.addPollAnswer', peer: ofBob, msgId: single.id, answer }, 'POLL_UNSUPPORTED'],
    [bob, { _: 'messages.addPollAnswer', peer: ofBob, msgId: open.id, answer: { ...answer, media: { _: 'inputMediaDice', emoticon: '🎲' } } }, 'MEDIA_INVALID'],
    [bob, { _: 'messages.deletePollAnswer', peer: empty, msgId: open.id, option: option(0) }, 'PEER_ID_INVALID'],
    [bob, { _: 'messages.deletePollAnswer', peer: ofBob, msgId: open.id, option: option(0) }, 'MESSAGE_AUTHOR_REQUIRED'],
    [bob, { _: 'messages.deletePollAnswer', peer: ofBob, msgId: open.id, option: option(9) }, 'OPTION_INVALID'],
    [bob, { _: 'messages.getUnreadPollVotes', peer: empty, ...WINDOW }, 'PEER_ID_INVALID'],
    [bob, { _: 'messages.getUnreadPollVotes', peer: ofBob, ...WINDOW, topMsgId: 1_000_000 }, 'MSG_ID_INVALID'],
    [bob, { _: 'messages.readPollVotes', peer: empty }, 'PEER_ID_INVALID'],
    [bob, { _: 'messages.readPollVotes', peer: ofBob, topMsgId: 1_000_000 }, 'MSG_ID_INVALID'],
  ];
  const found = [];
  for (const [who, call] of cases) found.push([call._, ((await who.main.fails(call)) as { text: string }).text]);
  expect(found).toEqual(cases.map(([, call, error]) => [call._, error]));
});

test('the creator of a public poll finds where votes are unread, in a chat and in a topic, and reads them', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id)];
  const sent = await sendPoll(alice.main, toBob, pollOf({ publicVoters: true }));
  const tablet = await alice.device();
  const { messages } = (await bob.main.call({ _: 'messages.getHistory', peer: toAlice, ...WINDOW, offsetDate: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
  const seen = messages.find((message) => message._ === 'message' && message.media?._ === 'messageMediaPoll')!;
  const countOf = async (): Promise<number> => ((await alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: toBob }] })).dialogs[0] as tl.RawDialog).unreadPollVotesCount;
  const unread = async (): Promise<number[]> => ((await alice.main.call({ _: 'messages.getUnreadPollVotes', peer: toBob, ...WINDOW })) as tl.messages.RawMessages).messages.map((message) => message.id);
  await vote(bob.main, toAlice, seen.id, 1);
  expect(await tablet.seesUpdate('updateMessagePoll', ({ results }) => results.hasUnreadVotes === true)).toMatchObject({ msgId: sent.id, peer: { userId: bob.id } });
  await expect.poll(countOf, { timeout: 10_000, interval: 20 }).toBe(1);
  expect(await unread()).toEqual([sent.id]);
  expect(await bob.main.call({ _: 'messages.getUnreadPollVotes', peer: toAlice, ...WINDOW })).toMatchObject({ messages: [] });
  expect(await alice.main.call({ _: 'messages.readPollVotes', peer: toBob })).toMatchObject({ ptsCount: 0, offset: 0 });
  await tablet.seesUpdate('updateMessagePoll', ({ results, msgId }) => msgId === sent.id && !results.hasUnreadVotes && results.totalVoters === 1);
  expect([await countOf(), await unread()]).toEqual([0, []]);
  await vote(bob.main, toAlice, seen.id, 2);
  await expect.poll(countOf, { timeout: 10_000, interval: 20 }).toBe(1);
  await alice.main.call({ _: 'messages.readMessageContents', id: [sent.id] });
  expect([await countOf(), await unread()]).toEqual([0, []]);

  const forum = await createChannel(alice);
  const channel = alice.main.inputChannel(forum);
  await alice.main.invite({ _: 'channels.inviteToChannel', channel, users: [alice.main.inputUser(bob.id)] });
  await alice.main.change({ _: 'channels.toggleForum', channel, enabled: true, tabs: false });
  const { updates } = (await alice.main.change({ _: 'messages.createForumTopic', peer: alice.main.inputPeer(forum), title: 'Gear', randomId: randomLong() })) as tl.RawUpdates;
  const gear = (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
  const post = await sendPoll(alice.main, alice.main.inputPeer(forum), pollOf({ publicVoters: true }), { replyTo: { _: 'inputReplyToMessage', replyToMsgId: gear } });
  await bob.main.waitUntil('the group', () => bob.main.state.channels.find(forum) !== undefined);
  await vote(bob.main, bob.main.inputPeer(forum), post.id, 0);
  const countsOf = async (): Promise<Record<number, number>> => {
    const { topics } = await alice.main.call({ _: 'messages.getForumTopics', peer: alice.main.inputPeer(forum), offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 });
    return Object.fromEntries(topics.flatMap((topic) => (topic._ === 'forumTopic' ? [[topic.id, topic.unreadPollVotesCount]] : [])));
  };
  await expect.poll(countsOf, { timeout: 10_000, interval: 20 }).toEqual({ 1: 0, [gear]: 1 });
  await alice.main.call({ _: 'messages.readPollVotes', peer: alice.main.inputPeer(forum), topMsgId: 1 });
  expect(await countsOf()).toEqual({ 1: 0, [gear]: 1 });
  await alice.main.call({ _: 'messages.readPollVotes', peer: alice.main.inputPeer(forum), topMsgId: gear });
  expect(await countsOf()).toEqual({ 1: 0, [gear]: 0 });
});
