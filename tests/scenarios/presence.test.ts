import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const TIMEOUT_MS = 60_000;
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, TIMEOUT_MS);
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Two contacts, the second of whom sees the first. */
async function meet(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await bob.send(alice, 'hello');
  await alice.sees('hello');
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

async function findStatus(viewer: Actor, user: Actor): Promise<string | undefined> {
  const [seen] = await viewer.main.call({ _: 'users.getUsers', id: [viewer.main.inputUser(user.id)] });
  return seen?._ === 'user' ? seen.status?._ : undefined;
}

/** Actions of users who never call account.updateStatus. */
const SIGNS: Record<string, (alice: Actor, bob: Actor) => Promise<unknown>> = {
  'who sends': (alice, bob) => alice.send(bob, 'a message'),
  'who types': ({ main }, bob) => main.call({ _: 'messages.setTyping', peer: main.inputPeer(bob.id), action: { _: 'sendMessageTypingAction' } }),
  'who reads': async (alice) => alice.read(await alice.sees('hello')),
  'who reacts': ({ main }, bob) =>
    main.change({ _: 'messages.sendReaction', peer: main.inputPeer(bob.id), msgId: main.find('hello')!.id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] }),
};

describe('a user is shown online', () => {
  // Each waits for statuses, which are told some seconds later.
  test.concurrent.each(Object.entries(SIGNS))('%s', async (_name, act) => {
    const [alice, bob] = await meet();
    await bob.main.call({ _: 'account.updateStatus', offline: false });
    expect(await findStatus(bob, alice)).not.toBe('userStatusOnline');
    await act(alice, bob);
    const pushed = await bob.main.seesUpdate('updateUserStatus', (update) => update.userId === alice.id);
    expect(pushed.status._).toBe('userStatusOnline');
    expect(await findStatus(bob, alice)).toBe('userStatusOnline');
    await alice.main.call({ _: 'account.updateStatus', offline: true });
    await bob.main.seesUpdate('updateUserStatus', (update) => update.userId === alice.id && update.status._ === 'userStatusOffline');
    expect(await findStatus(bob, alice)).toBe('userStatusOffline');
  });

  test('but not one who only reads, fails to send, or sends in the background', async () => {
    const [alice, bob] = await meet();
    const { main } = alice;
    const peer = main.inputPeer(bob.id);
    await main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
    const empty: tl.messages.RawSendMessageRequest = { _: 'messages.sendMessage', peer, message: ' ', randomId: randomLong() };
    expect(await main.fails(empty)).toEqual({ code: 400, text: 'MESSAGE_EMPTY' });
    await main.change({ ...empty, message: 'by a timer', background: true });
    await bob.sees('by a timer');
    expect(await findStatus(bob, alice)).not.toBe('userStatusOnline');
  });
});

test('a user who hides the last seen time is hidden at once from those who see it', async () => {
  const [alice, bob] = await meet();
  await alice.send(bob, 'here I am');
  await bob.main.seesUpdate('updateUserStatus', ({ userId, status }) => userId === alice.id && status._ === 'userStatusOnline');
  await alice.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  await bob.main.seesUpdate('updateUserStatus', ({ userId, status }) => userId === alice.id && status._ === 'userStatusRecently');
  expect(await findStatus(bob, alice)).toBe('userStatusRecently');
});

test('who is blocked no longer sees when the owner is online, at once, and sees it again when the block ends', async () => {
  const [alice, bob] = await meet();
  await alice.send(bob, 'here I am');
  /** What Bob was told of Alice, oldest first. */
  const told = (): string[] =>
    bob.main.events.flatMap((event) => (event._ === 'updateUserStatus' && event.userId === alice.id ? [event.status._] : []));
  const isTold = (...statuses: string[]): Promise<void> =>
    bob.main.waitUntil(statuses.join(', '), () => told().join() === statuses.join());
  await isTold('userStatusOnline');
  const peer = alice.main.inputPeer(bob.id);
  await alice.main.call({ _: 'contacts.block', id: peer, myStoriesFrom: true });
  await alice.main.call({ _: 'contacts.block', id: peer });
  await isTold('userStatusOnline', 'userStatusEmpty');
  expect(await findStatus(bob, alice)).toBe('userStatusEmpty');
  await alice.main.call({ _: 'contacts.unblock', id: peer });
  await isTold('userStatusOnline', 'userStatusEmpty', 'userStatusOnline');
});
