import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Device } from '@aerogram/dev-env';
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
  expect(await fails(sent.id, [{ _: 'reactionCustomEmoji', documentId: Long.ONE }])).toEqual({ code: 400, text: 'REACTION_INVALID' });
  expect(await fails(sent.id, [emoji('👍'), emoji('🔥')])).toEqual({ code: 400, text: 'REACTIONS_TOO_MANY' });
  expect(await fails(other.id, [emoji('👍')])).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  expect(await fails(note.id, ['👍', '🔥', '❤', '🎉'].map(emoji), { _: 'inputPeerSelf' })).toEqual({ code: 400, text: 'REACTIONS_TOO_MANY' });
});
