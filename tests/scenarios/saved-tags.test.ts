import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Actor, type BoxMessage, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF = { _: 'inputPeerSelf' } as const;
const emoji = (emoticon: string): tl.RawReactionEmoji => ({ _: 'reactionEmoji', emoticon });

async function tag(owner: Actor, note: BoxMessage, emoticons: string[]): Promise<tl.TypeUpdates> {
  return owner.main.change({ _: 'messages.sendReaction', peer: SELF, msgId: note.id, reaction: emoticons.map(emoji) });
}

/** `emoji×count name` of each tag. */
async function listTags(device: Device, peer?: tl.TypeInputPeer): Promise<string[]> {
  const found = await device.call({ _: 'messages.getSavedReactionTags', hash: Long.ZERO, ...(peer ? { peer } : {}) });
  if (found._ !== 'messages.savedReactionTags') throw new Error('not modified');
  const again = await device.call({ _: 'messages.getSavedReactionTags', hash: found.hash, ...(peer ? { peer } : {}) });
  expect(again._).toBe(found.hash.isZero() ? 'messages.savedReactionTags' : 'messages.savedReactionTagsNotModified');
  return found.tags.map(({ reaction, count, title }) => `${reaction._ === 'reactionEmoji' ? reaction.emoticon : '?'}×${count} ${title ?? ''}`.trim());
}

async function findTagged(device: Device, emoticons: string[], q = '', more: { savedPeerId?: tl.TypeInputPeer } = {}): Promise<number[]> {
  const found = await device.call({
    _: 'messages.search', peer: SELF, q, savedReaction: emoticons.map(emoji), filter: { _: 'inputMessagesFilterEmpty' },
    minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO, ...more,
  });
  if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
  return found.messages.map((message) => message.id);
}

test('messages in Saved Messages have tags and are found by them, on every device', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const notes = [await alice.send(alice, 'buy milk'), await alice.send(alice, 'read a book'), await alice.send(alice, 'buy a book')];
  await bob.send(alice, 'keep this');
  await alice.forward([await alice.sees('keep this')], alice);
  expect(await listTags(tablet)).toEqual([]);
  await verifyUpdates([alice], async () => {
    const answer = await tag(alice, notes[0]!, ['🔥']);
    expect(answer).toMatchObject({ updates: [{ _: 'updateMessageReactions', msgId: notes[0]!.id, reactions: { reactionsAsTags: true, results: [{ chosenOrder: 0, count: 1 }] } }] });
    await tag(alice, notes[1]!, ['❤', '🔥']);
    await tag(alice, notes[2]!, ['❤']);
    const pushed = await tablet.seesUpdate('updateMessageReactions', (update) => update.msgId === notes[1]!.id);
    expect(pushed.reactions).toMatchObject({ reactionsAsTags: true, results: [{ chosenOrder: 0, reaction: emoji('❤') }, { chosenOrder: 1, reaction: emoji('🔥') }] });
    expect(pushed.reactions.recentReactions).toBeUndefined();
  });
  const saved = [...alice.main.state.messages.values()].find((message) => message.peer === alice.id && message.text === 'keep this')!;
  await tag(alice, saved, ['❤']);
  expect(await listTags(tablet)).toEqual(['❤×3', '🔥×2']);
  expect(await listTags(tablet, (await alice.meet(bob, tablet), tablet.inputPeer(bob.id)))).toEqual(['❤×1']);
  expect(await findTagged(tablet, ['❤'])).toEqual([saved.id, notes[2]!.id, notes[1]!.id]);
  expect(await findTagged(tablet, ['❤', '🔥'])).toEqual([notes[1]!.id]);
  expect(await findTagged(tablet, ['❤'], 'buy')).toEqual([notes[2]!.id]);
  expect(await findTagged(tablet, ['❤'], '', { savedPeerId: tablet.inputPeer(bob.id) })).toEqual([saved.id]);

  await tag(alice, notes[1]!, ['🔥']);
  expect(await listTags(tablet)).toEqual(['❤×2', '🔥×2']);
  await alice.delete([notes[0]!]);
  await tag(alice, notes[2]!, []);
  expect(await listTags(tablet)).toEqual(['❤×1', '🔥×1']);
  expect(await findTagged(tablet, ['🔥'])).toEqual([notes[1]!.id]);
});

test('tags have names', async () => {
  const alice = await scenario.world.user('Alice');
  const tablet = await alice.device();
  await tag(alice, await alice.send(alice, 'note'), ['🎉']);
  const name = (title?: string, reaction: tl.TypeReaction = emoji('🎉')): Promise<boolean> =>
    alice.main.call({ _: 'messages.updateSavedReactionTag', reaction, ...(title === undefined ? {} : { title }) });
  await name('party');
  await tablet.seesUpdate('updateSavedReactionTags');
  expect(await listTags(tablet)).toEqual(['🎉×1 party']);
  expect(await listTags(tablet, SELF)).toEqual(['🎉×1']);
  await name('feast');
  expect(await listTags(tablet)).toEqual(['🎉×1 feast']);
  await name();
  expect(await listTags(tablet)).toEqual(['🎉×1']);
  expect(await alice.main.fails({ _: 'messages.updateSavedReactionTag', reaction: emoji('🎉'), title: 'much too long a name' })).toEqual({ code: 400, text: 'TITLE_INVALID' });
  expect(await alice.main.fails({ _: 'messages.updateSavedReactionTag', reaction: emoji('x'), title: 'x' })).toEqual({ code: 400, text: 'REACTION_INVALID' });
});

test('only Saved Messages can be searched by tags', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  const search = {
    _: 'messages.search' as const, q: '', filter: { _: 'inputMessagesFilterEmpty' as const },
    minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
  };
  expect(await alice.main.fails({ ...search, peer: alice.main.inputPeer(bob.id), savedReaction: [emoji('🔥')] })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  expect(await alice.main.fails({ ...search, peer: SELF, savedReaction: [emoji('x')] })).toEqual({ code: 400, text: 'REACTION_INVALID' });
  const offered = await alice.main.call({ _: 'messages.getDefaultTagReactions', hash: Long.ZERO });
  expect(offered).toMatchObject({ reactions: expect.arrayContaining([emoji('🔥')]) as unknown });
});
