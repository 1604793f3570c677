import type { Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
let carol: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const open = { minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };

function textsOf(answer: tl.messages.TypeMessages): string[] {
  if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
  return answer.messages.map((message) => (message._ === 'message' ? message.message : message._));
}

/** What a user finds in the chat with another. */
async function finds(who: Actor, other: Actor, q: string, filter: tl.TypeMessagesFilter = { _: 'inputMessagesFilterEmpty' }): Promise<string[]> {
  return textsOf(await who.main.call({ _: 'messages.search', peer: who.main.inputPeer(other.id), q, filter, ...open }));
}

test('a message is found at once, by both, in any language, from its first character', async () => {
  await alice.send(bob, 'Завтра едем на море');
  await alice.send(bob, '明日は海へ行く');
  await bob.sees('明日は海へ行く');
  for (const [who, other] of [[alice, bob], [bob, alice]] as const) {
    for (const q of ['з', 'за', 'мор', 'море едем']) expect(await finds(who, other, q)).toEqual(['Завтра едем на море']);
    for (const q of ['海', '明日', '海へ行']) expect(await finds(who, other, q)).toEqual(['明日は海へ行く']);
    expect(await finds(who, other, 'орe')).toEqual([]);
  }
});

test('search follows edits and deletions at once', async () => {
  const sent = await alice.send(bob, 'the old wording');
  const copy = await bob.sees('the old wording');
  await alice.edit(sent, 'a new wording');
  await bob.sees('a new wording');
  expect(await finds(bob, alice, 'old')).toEqual([]);
  expect(await finds(bob, alice, 'new word')).toEqual(['a new wording']);
  await bob.delete([copy]);
  await alice.seesGone('a new wording');
  for (const [who, other] of [[alice, bob], [bob, alice]] as const) expect(await finds(who, other, 'wording')).toEqual([]);
});

test('a global search returns pages without gaps or duplicates', async () => {
  for (let n = 0; n < 7; n++) await alice.send(n % 2 === 0 ? bob : carol, `needle ${n}`);
  const all: string[] = [];
  for (let offsetId = 0, offsetRate = 0; ; ) {
    const answer = await alice.main.call({
      _: 'messages.searchGlobal', q: 'needle', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0,
      offsetRate, offsetPeer: { _: 'inputPeerEmpty' }, offsetId, limit: 3,
    });
    if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
    all.push(...textsOf(answer));
    if (answer._ !== 'messages.messagesSlice' || answer.nextRate === undefined || answer.messages.length < 3) break;
    expect(answer.count).toBe(7);
    offsetId = answer.messages.at(-1)!.id;
    offsetRate = answer.nextRate;
  }
  expect(all).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `needle ${n}`));
});

test('kinds are counted and found', async () => {
  const text = 'see https://example.org';
  await alice.send(carol, text, { entities: [{ _: 'messageEntityUrl', offset: 4, length: 19 }] });
  const filters: tl.TypeMessagesFilter[] = [{ _: 'inputMessagesFilterUrl' }, { _: 'inputMessagesFilterPhotos' }];
  const counters = await alice.main.call({ _: 'messages.getSearchCounters', peer: alice.main.inputPeer(carol.id), filters });
  expect(counters.map(({ filter, count }) => [filter._, count])).toEqual([['inputMessagesFilterUrl', 1], ['inputMessagesFilterPhotos', 0]]);
  expect(await finds(alice, carol, '', { _: 'inputMessagesFilterUrl' })).toEqual([text]);
  expect(await finds(alice, carol, 'example', { _: 'inputMessagesFilterPhotos' })).toEqual([]);
});
