import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, verifyUpdates, type Device } from '@aerogram/dev-env';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const emoji = (emoticon: string): tl.RawReactionEmoji => ({ _: 'reactionEmoji', emoticon });

/** The reactions of a message as a device reads them. */
async function findReactions(device: Device, id: number): Promise<tl.TypeMessageReactions | undefined> {
  const found = await device.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
  const [message] = found.messages;
  return message?._ === 'message' ? message.reactions : undefined;
}

async function countUnread(device: Device, peer: number): Promise<number> {
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: device.inputPeer(peer) }] });
  const [dialog] = dialogs;
  if (dialog?._ !== 'dialog') throw new Error('no dialog');
  return dialog.unreadReactionsCount;
}

test('a reaction is shown on both sides, is unread for the author, and can be changed, read and removed', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const sent = await alice.send(bob, 'good news');
  const seen = await bob.sees('good news');
  const peer = bob.main.inputPeer(alice.id);
  await verifyUpdates([alice, bob], async () => {
    const answer = await bob.main.change({ _: 'messages.sendReaction', peer, msgId: seen.id, reaction: [emoji('❤️')], addToRecent: true });
    expect(answer).toMatchObject({ updates: [{ _: 'updateMessageReactions', msgId: seen.id, reactions: { results: [{ chosenOrder: 0, count: 1, reaction: { emoticon: '❤' } }] } }] });
    const pushed = await tablet.seesUpdate('updateMessageReactions', (update) => update.msgId === sent.id);
    expect(pushed.reactions.recentReactions).toMatchObject([{ unread: true, peerId: { userId: bob.id }, reaction: { emoticon: '❤' } }]);
    expect(pushed.reactions.results[0]?.chosenOrder).toBeUndefined();
  });
  expect(await countUnread(alice.main, bob.id)).toBe(1);
  expect(await countUnread(bob.main, alice.id)).toBe(0);
  const unread = await alice.main.call({ _: 'messages.getUnreadReactions', peer: alice.main.inputPeer(bob.id), offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 });
  expect(unread).toMatchObject({ messages: [{ id: sent.id }] });

  await alice.main.call({ _: 'messages.readReactions', peer: alice.main.inputPeer(bob.id) });
  await tablet.seesUpdate('updateMessageReactions', (update) => update.reactions.recentReactions?.[0]?.unread !== true);
  expect(await countUnread(alice.main, bob.id)).toBe(0);

  await alice.main.change({ _: 'messages.sendReaction', peer: alice.main.inputPeer(bob.id), msgId: sent.id, reaction: [emoji('👍')] });
  await bob.main.change({ _: 'messages.sendReaction', peer, msgId: seen.id, reaction: [emoji('👍')] });
  expect(await findReactions(alice.main, sent.id)).toMatchObject({ canSeeList: true, results: [{ count: 2, chosenOrder: 0, reaction: { emoticon: '👍' } }] });
  const list = await bob.main.call({ _: 'messages.getMessageReactionsList', peer, id: seen.id, limit: 10 });
  expect(list).toMatchObject({ count: 2 });
  expect(list.users).toHaveLength(2);
  await alice.main.call({ _: 'messages.readMessageContents', id: [sent.id] });
  expect(await countUnread(alice.main, bob.id)).toBe(0);

  await alice.edit(sent, 'better news');
  expect(await findReactions(alice.main, sent.id)).toMatchObject({ results: [{ count: 2 }] });
  await bob.main.change({ _: 'messages.sendReaction', peer, msgId: seen.id });
  expect(await findReactions(alice.main, sent.id)).toMatchObject({ results: [{ count: 1 }] });
  const answer = await bob.main.call({ _: 'messages.getMessagesReactions', peer, id: [seen.id] });
  expect(answer).toMatchObject({ updates: [{ msgId: seen.id, reactions: { results: [{ count: 1 }] } }] });
});

test('used reactions come first, and the recent list is kept and cleared', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const sent = await alice.send(bob, 'hm');
  const peer = alice.main.inputPeer(bob.id);
  const listed = async (method: 'messages.getTopReactions' | 'messages.getRecentReactions'): Promise<string[]> => {
    const answer = await alice.main.call({ _: method, limit: 3, hash: Long.ZERO });
    if (answer._ !== 'messages.reactions') throw new Error('not modified');
    return answer.reactions.map((reaction) => (reaction._ === 'reactionEmoji' ? reaction.emoticon : '?'));
  };
  expect(await listed('messages.getTopReactions')).toEqual(['👍', '❤', '🔥']);
  expect(await listed('messages.getRecentReactions')).toEqual([]);
  await alice.main.change({ _: 'messages.sendReaction', peer, msgId: sent.id, reaction: [emoji('🤔')], addToRecent: true });
  expect(await listed('messages.getTopReactions')).toEqual(['🤔', '👍', '❤']);
  expect(await listed('messages.getRecentReactions')).toEqual(['🤔']);
  // Clients compute the hash of what they have.
  for (const _ of ['messages.getTopReactions', 'messages.getRecentReactions'] as const) {
    const answer = await alice.main.call({ _, limit: 3, hash: Long.ZERO });
    const { hash } = answer as tl.messages.RawReactions;
    expect(await alice.main.call({ _, limit: 3, hash })).toEqual({ _: 'messages.reactionsNotModified' });
    expect(await alice.main.call({ _, limit: 3, hash: hash.add(1) })).toEqual(answer);
  }
  await alice.main.call({ _: 'messages.clearRecentReactions' });
  expect(await listed('messages.getRecentReactions')).toEqual([]);
});

test('invalid reactions are refused', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  const sent = await alice.send(bob, 'hello');
  const other = await alice.send(carol, 'elsewhere');
  const note = await alice.send(alice, 'note');
  const peer = alice.main.inputPeer(bob.id);
  const fails = (msgId: number, reaction: tl.TypeReaction[], to = peer): Promise<{ code: number; text: string }> =>
    alice.main.fails({ _: 'messages.sendReaction', peer: to, msgId, reaction });
  expect(await fails(sent.id, [emoji('hello')])).toEqual({ code: 400, text: 'REACTION_INVALID' });
  expect(await fails(sent.id, [emoji('👍'.repeat(5000))])).toEqual({ code: 400, text: 'REACTION_INVALID' });
  expect(await fails(sent.id, Array.from({ length: 100 }, () => emoji('👍')))).toEqual({ code: 400, text: 'REACTIONS_TOO_MANY' });
  expect(await fails(sent.id, [{ _: 'reactionCustomEmoji', documentId: Long.ONE }])).toEqual({ code: 400, text: 'REACTION_INVALID' });
  expect(await fails(sent.id, ['👍', '🔥', '❤', '🎉'].map(emoji))).toEqual({ code: 400, text: 'REACTIONS_TOO_MANY' });
  expect(await fails(other.id, [emoji('👍')])).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  expect(await fails(note.id, ['👍', '🔥', '❤', '🎉'].map(emoji), { _: 'inputPeerSelf' })).toEqual({ code: 400, text: 'REACTIONS_TOO_MANY' });
});

test('in groups, each method refuses what it cannot do by the error that apps know', async () => {
  const [alice, bob, dora] = (await people(scenario, 'Alice', 'Bob', 'Dora')) as [Actor, Actor, Actor];
  const [group, id, news] = [await createGroup(alice, [bob]), await createChannel(alice), await createChannel(alice, 'broadcast')];
  await inviteTo(alice, id, [bob]);
  const [msgId, newsId] = [await postIn(alice, id, 'here'), await postIn(alice, news, 'news')];
  await write(alice, group, 'there');
  const [{ id: inGroup }, { id: bobsCopy }] = [await alice.sees('there'), await bob.sees('there')];
  const { main } = alice;
  const [peer, broadcast, doras, self] = [main.inputPeer(id), main.inputPeer(news), main.inputPeer(bob.id), { _: 'inputPeerSelf' }] as const;
  const outside: tl.RawInputPeerChannel = { ...(peer as tl.RawInputPeerChannel) };
  const reaction = [emoji('👍')];
  const allow = { _: 'messages.setChatAvailableReactions', availableReactions: { _: 'chatReactionsNone' } } as const;
  const list = { _: 'messages.getMessageReactionsList', limit: 10 } as const;
  const report = { _: 'messages.reportReaction', id: msgId } as const;
  const take = { _: 'messages.deleteParticipantReaction', msgId } as const;
  const takeAll = { _: 'messages.deleteParticipantReactions' } as const;
  const refused: readonly (readonly [Device, Parameters<Device['fails']>[0], string])[] = [
    [main, { _: 'messages.sendReaction', peer, msgId: 999, reaction }, 'MESSAGE_ID_INVALID'],
    [main, { _: 'messages.sendReaction', peer: group.peer, msgId: 9999, reaction }, 'MESSAGE_ID_INVALID'],
    // The service messages at the beginning.
    [main, { _: 'messages.sendReaction', peer, msgId: 1, reaction }, 'MESSAGE_ID_INVALID'],
    [main, { _: 'messages.sendReaction', peer, msgId, reaction: [emoji('🧅')] }, 'REACTION_INVALID'],
    [main, { _: 'messages.sendReaction', peer, msgId, reaction: [{ _: 'reactionPaid' }] }, 'REACTION_INVALID'],
    [main, { _: 'messages.sendReaction', peer, msgId, reaction: ['👍', '🔥', '❤', '🎉'].map(emoji) }, 'REACTIONS_TOO_MANY'],
    [main, { _: 'messages.sendReaction', peer: group.peer, msgId: inGroup, reaction: ['👍', '🔥', '❤', '🎉'].map(emoji) }, 'REACTIONS_TOO_MANY'],
    [dora.main, { _: 'messages.sendReaction', peer: group.peer, msgId: inGroup, reaction }, 'CHAT_ID_INVALID'],
    [dora.main, { _: 'messages.sendReaction', peer: outside, msgId, reaction }, 'CHANNEL_INVALID'],
    [dora.main, { _: 'messages.getMessagesReactions', peer: outside, id: [msgId] }, 'CHANNEL_INVALID'],
    [dora.main, { ...list, peer: outside, id: msgId }, 'CHANNEL_INVALID'],
    [main, { ...list, peer, id: 999 }, 'MSG_ID_INVALID'],
    [main, { ...list, peer: group.peer, id: 9999 }, 'MSG_ID_INVALID'],
    [main, { ...list, peer: broadcast, id: newsId }, 'BROADCAST_FORBIDDEN'],
    [main, { ...list, peer, id: msgId, reaction: emoji('🧅') }, 'REACTION_INVALID'],
    [main, { ...report, peer, reactionPeer: self }, 'PEER_ID_INVALID'],
    [main, { ...report, peer, id: 999, reactionPeer: doras }, 'MSG_ID_INVALID'],
    [main, { ...report, peer, reactionPeer: doras }, 'MESSAGE_ID_INVALID'],
    [main, { ...report, peer: group.peer, id: inGroup, reactionPeer: doras }, 'MESSAGE_ID_INVALID'],
    [main, { ...take, peer: broadcast, participant: doras }, 'PEER_ID_INVALID'],
    [main, { ...take, peer, participant: group.peer }, 'PEER_ID_INVALID'],
    [main, { ...take, peer, msgId: 999, participant: doras }, 'MSG_ID_INVALID'],
    [bob.main, { ...take, peer: group.peer, msgId: bobsCopy, participant: self }, 'MESSAGE_DELETE_FORBIDDEN'],
    [main, { ...takeAll, peer: self, participant: doras }, 'PEER_ID_INVALID'],
    [bob.main, { ...takeAll, peer: group.peer, participant: self }, 'MESSAGE_DELETE_FORBIDDEN'],
    [main, { ...allow, peer: self }, 'PEER_ID_INVALID'],
    [main, { ...allow, peer: group.peer, reactionsLimit: 12 }, 'LIMIT_PER_POST_INVALID'],
    [main, { ...allow, peer, reactionsLimit: 0 }, 'LIMIT_PER_POST_INVALID'],
    [main, { ...allow, peer, paidEnabled: true }, 'REACTION_INVALID'],
  ];
  for (const [device, request, text] of refused) expect([request, (await device.fails(request)).text]).toEqual([request, text]);
});

describe('the reactions that a group allows', () => {
  const ALL: tl.RawChatReactionsAll = { _: 'chatReactionsAll' };
  const allowing = (peer: tl.TypeInputPeer, availableReactions: tl.TypeChatReactions): tl.messages.RawSetChatAvailableReactionsRequest => ({ _: 'messages.setChatAvailableReactions', peer, availableReactions });
  const some = (...emoticons: string[]): tl.RawChatReactionsSome => ({ _: 'chatReactionsSome', reactions: emoticons.map(emoji) });

  test('are chosen by its admins, and no others can be given from then on', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    const { peer } = group;
    await write(alice, group, 'news');
    const { id: msgId } = await bob.sees('news');
    const react = (emoticon: string): tl.messages.RawSendReactionRequest => ({ _: 'messages.sendReaction', peer, msgId, reaction: [emoji(emoticon)] });
    const refusal = async (actor: Actor, request: Parameters<Device['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;
    const allowed = async (): Promise<unknown> => ((await bob.main.call({ _: 'messages.getFullChat', chatId: group.id })).fullChat as tl.RawChatFull).availableReactions;
    await verifyUpdates([alice, bob], async () => {
      expect(await refusal(alice, allowing(peer, ALL))).toBe('CHAT_NOT_MODIFIED');
      expect(await refusal(alice, allowing(peer, some('🧅')))).toBe('REACTION_INVALID');
      await bob.main.change(react('🔥'));
      await alice.main.change(allowing(peer, some('👍', '❤️', '👍')));
      await bob.main.seesUpdate('updateChat', ({ chatId }) => chatId === group.id);
    });
    expect(await allowed()).toMatchObject({ reactions: [{ emoticon: '👍' }, { emoticon: '❤' }] });
    expect(await refusal(bob, react('🎉'))).toBe('REACTION_INVALID');
    expect(await findReactions(bob.main, msgId)).toMatchObject({ results: [{ reaction: { emoticon: '🔥' } }] });
    await bob.main.change(react('❤'));
    await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, changeInfo: true } });
    expect(await refusal(bob, allowing(peer, ALL))).toBe('CHAT_ADMIN_REQUIRED');
    await alice.main.change(allowing(peer, { _: 'chatReactionsNone' }));
    expect(await allowed()).toEqual({ _: 'chatReactionsNone' });
    expect(await refusal(bob, react('👍'))).toBe('REACTION_INVALID');
    // Those that were given before can still be taken away.
    await bob.main.change({ _: 'messages.sendReaction', peer, msgId });
  });

  test('are kept when it becomes a supergroup, and those that were given before stay', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await write(alice, group, 'news');
    const { id: msgId } = await bob.sees('news');
    await bob.main.change({ _: 'messages.sendReaction', peer: group.peer, msgId, reaction: [emoji('👍')] });
    await alice.main.change(allowing(group.peer, some('👍')));
    const { chats } = (await alice.main.change({ _: 'messages.migrateChat', chatId: group.id })) as tl.RawUpdates;
    const id = -1_000_000_000_000 - (chats.find((chat) => chat._ === 'channel') as tl.RawChannel).id;
    expect(await findReactions(bob.main, msgId)).toMatchObject({ results: [{ count: 1, reaction: { emoticon: '👍' } }] });
    const fullOf = async (peerId: number): Promise<tl.RawChannelFull> => (await alice.main.call({ _: 'channels.getFullChannel', channel: alice.main.inputChannel(peerId) })).fullChat as tl.RawChannelFull;
    const peer = alice.main.inputPeer(id);
    expect((await alice.main.fails(allowing(peer, some('👍')))).text).toBe('CHAT_NOT_MODIFIED');
    expect((await fullOf(id)).availableReactions).toMatchObject({ reactions: [{ emoticon: '👍' }] });
    const news = await createChannel(alice, 'broadcast');
    expect((await fullOf(news)).availableReactions).toMatchObject({ _: 'chatReactionsAll' });
    expect((await alice.main.fails({ ...allowing(alice.main.inputPeer(news), ALL), paidEnabled: true })).text).toBe('REACTION_INVALID');
    // A client waits until the full info changes after the call.
    await verifyUpdates([alice], () => alice.main.change({ ...allowing(alice.main.inputPeer(news), some('👍')), reactionsLimit: 3 }));
    expect(await fullOf(news)).toMatchObject({ availableReactions: { reactions: [{ emoticon: '👍' }] }, reactionsLimit: 3 });
    const log = await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(news), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 10 });
    expect(log.events[0]!.action).toMatchObject({ _: 'channelAdminLogEventActionChangeAvailableReactions', prevValue: { _: 'chatReactionsAll' }, newValue: { reactions: [{ emoticon: '👍' }] } });
    expect(await alice.main.call({ _: 'premium.getBoostsStatus', peer })).toMatchObject({ level: 100, boosts: 0, boostUrl: expect.stringMatching(/^https:\/\/.*boost$/) });
    expect((await alice.main.fails({ _: 'premium.getBoostsStatus', peer: group.peer })).text).toBe('PEER_ID_INVALID');
  });
});

test('in a supergroup, reactions reach the author and all who are online, are listed and read, and admins take them back', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const id = await createChannel(alice);
  await inviteTo(alice, id, [bob, carol]);
  const tablet = await bob.device();
  const msgId = await postIn(alice, id, 'good news');
  await bob.sees('good news');
  await carol.sees('good news');
  const [ofAlice, ofBob] = [alice.main.inputPeer(id), bob.main.inputPeer(id)];
  await verifyUpdates([alice, bob, carol], async () => {
    const answer = await bob.main.change({ _: 'messages.sendReaction', peer: ofBob, msgId, reaction: [emoji('👍')], addToRecent: true });
    expect(answer).toMatchObject({ updates: [{ _: 'updateMessageReactions', msgId, reactions: { canSeeList: true, results: [{ chosenOrder: 0, count: 1 }], recentReactions: [{ my: true }] } }] });
    expect(await tablet.seesUpdate('updateMessageReactions', (update) => update.msgId === msgId && update.reactions.min !== true)).toMatchObject({ reactions: { results: [{ chosenOrder: 0 }] } });
    const told = await carol.main.seesUpdate('updateMessageReactions', (update) => update.msgId === msgId);
    expect(told.reactions).toMatchObject({ min: true, results: [{ count: 1 }], recentReactions: [{ peerId: { userId: bob.id } }] });
    expect(told.reactions.results[0]!.chosenOrder).toBeUndefined();
    const heard = await alice.main.seesUpdate('updateMessageReactions', (update) => update.msgId === msgId && update.reactions.min !== true);
    expect(heard.reactions.recentReactions).toMatchObject([{ unread: true, peerId: { userId: bob.id } }]);
  });
  await expect.poll(() => countUnread(alice.main, id)).toBe(1);
  const unread = await alice.main.call({ _: 'messages.getUnreadReactions', peer: ofAlice, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 });
  expect(unread).toMatchObject({ count: 1, messages: [{ id: msgId, reactions: { recentReactions: [{ unread: true }] } }] });
  expect(await alice.main.call({ _: 'messages.readReactions', peer: ofAlice })).toMatchObject({ ptsCount: 0, offset: 0 });
  expect(await countUnread(alice.main, id)).toBe(0);
  await carol.main.change({ _: 'messages.sendReaction', peer: carol.main.inputPeer(id), msgId, reaction: [emoji('👍')] });
  const page = await bob.main.call({ _: 'messages.getMessageReactionsList', peer: ofBob, id: msgId, limit: 1 });
  expect(page).toMatchObject({ count: 2, reactions: [{ peerId: { userId: carol.id } }], users: [{ id: carol.id }] });
  expect(await bob.main.call({ _: 'messages.getMessageReactionsList', peer: ofBob, id: msgId, offset: page.nextOffset!, limit: 1, reaction: emoji('👍') })).toMatchObject({ reactions: [{ my: true }] });
  expect(await bob.main.call({ _: 'messages.reportReaction', peer: ofBob, id: msgId, reactionPeer: bob.main.inputPeer(carol.id) })).toBe(true);
  const takeBack = { _: 'messages.deleteParticipantReaction', msgId } as const;
  expect((await bob.main.fails({ ...takeBack, peer: ofBob, participant: bob.main.inputPeer(carol.id) })).text).toBe('MESSAGE_DELETE_FORBIDDEN');
  expect((await alice.main.fails({ ...takeBack, peer: { _: 'inputPeerSelf' }, participant: alice.main.inputPeer(carol.id) })).text).toBe('PEER_ID_INVALID');
  const left = await alice.main.call({ ...takeBack, peer: ofAlice, participant: alice.main.inputPeer(carol.id) });
  expect(left).toMatchObject({ updates: [{ _: 'updateMessageReactions', reactions: { results: [{ count: 1 }] } }] });
  expect(await alice.main.call({ _: 'messages.deleteParticipantReactions', peer: ofAlice, participant: alice.main.inputPeer(bob.id) })).toBe(true);
  const reactionsOf = async (): Promise<unknown> => ((await bob.main.call({ _: 'messages.getMessagesReactions', peer: ofBob, id: [msgId, 1] })) as tl.RawUpdates).updates;
  await expect.poll(reactionsOf).toMatchObject([{ msgId, reactions: { results: [] } }]);
});

test('nobody learns who has reacted in a broadcast channel, or in the name of a group or a channel, by any method, update, list or log', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const news = await createChannel(alice, 'broadcast');
  const [anonymous, asChannel] = [await createChannel(alice), await createChannel(alice)];
  const own = await createChannel(carol, 'broadcast');
  for (const [{ main }, id, username] of [[carol, own, 'own_channel_of_carol'], [alice, asChannel, 'group_with_channels']] as const) {
    await main.change({ _: 'channels.updateUsername', channel: main.inputChannel(id), username });
  }
  for (const id of [news, anonymous, asChannel]) await inviteTo(alice, id, [bob, carol]);
  const post = async (id: number): Promise<number> => postIn(alice, id, `post in ${id}`);
  const posts = new Map([[news, await post(news)], [anonymous, await post(anonymous)], [asChannel, await post(asChannel)]]);
  for (const id of posts.keys()) await carol.sees(`post in ${id}`);
  await alice.main.change({ _: 'channels.editAdmin', channel: alice.main.inputChannel(anonymous), userId: alice.main.inputUser(carol.id), adminRights: { _: 'chatAdminRights', anonymous: true }, rank: '' });
  await carol.main.change({ _: 'messages.saveDefaultSendAs', peer: carol.main.inputPeer(asChannel), sendAs: carol.main.inputPeer(own) });
  for (const [id, msgId] of posts) {
    const channel = alice.main.inputChannel(id);
    const logOf = () => alice.main.call({ _: 'channels.getAdminLog', channel, q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 50 });
    const logged = (await logOf()).events.length;
    const { pts } = (await alice.main.call({ _: 'channels.getFullChannel', channel })).fullChat as tl.RawChannelFull;
    await carol.main.change({ _: 'messages.sendReaction', peer: carol.main.inputPeer(id), msgId, reaction: ['🔥', '👍'].map(emoji), big: true });
    for (const actor of [alice, bob]) {
      const { main } = actor;
      const peer = main.inputPeer(id);
      const pushed = await main.seesUpdate('updateMessageReactions', (update) => update.msgId === msgId && update.peer._ === 'peerChannel' && update.peer.channelId === -id - 1_000_000_000_000);
      const windowOf = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 };
      const asked: Record<string, unknown> = {
        pushed,
        history: await main.call({ _: 'messages.getHistory', peer, ...windowOf, offsetDate: 0, hash: Long.ZERO }),
        message: await main.call({ _: 'channels.getMessages', channel: main.inputChannel(id), id: [{ _: 'inputMessageID', id: msgId }] }),
        search: await main.call({ _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, ...windowOf, hash: Long.ZERO }),
        unread: await main.call({ _: 'messages.getUnreadReactions', peer, ...windowOf }),
        reactions: await main.call({ _: 'messages.getMessagesReactions', peer, id: [msgId] }),
        difference: await main.call({ _: 'updates.getChannelDifference', channel: main.inputChannel(id), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 }),
        dialog: await main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] }),
      };
      const list = { _: 'messages.getMessageReactionsList', peer, id: msgId, limit: 10 } as const;
      if (id === news) {
        expect((await main.fails(list)).text).toBe('BROADCAST_FORBIDDEN');
        expect((await main.fails({ _: 'messages.reportReaction', peer, id: msgId, reactionPeer: main.inputPeer(carol.id) })).text).toBe('BROADCAST_FORBIDDEN');
      } else {
        const listed = await main.call(list);
        asked['list'] = listed;
        expect(listed.reactions.map((one) => one.peerId)).toEqual(Array.from({ length: 2 }, () => ({ _: 'peerChannel', channelId: -(id === anonymous ? id : own) - 1_000_000_000_000 })));
        // Whoever is shown can be reported, and whoever is behind it cannot.
        expect((await main.fails({ _: 'messages.reportReaction', peer, id: msgId, reactionPeer: main.inputPeer(carol.id) })).text).toBe('MESSAGE_ID_INVALID');
      }
      // The service message of the invitation is the only one that may name her.
      const json = (value: unknown): string => JSON.stringify(value, (key, one: unknown) => (key === 'users' || key === 'action' ? undefined : one));
      for (const [method, answer] of Object.entries(asked)) expect(json(answer).includes(String(carol.id)), `${method} of ${actor.name} in ${id}`).toBe(false);
    }
    expect((await logOf()).events).toHaveLength(logged);
    expect((await alice.main.call({ _: 'channels.getFullChannel', channel })).fullChat).toMatchObject({ pts });
  }
});
