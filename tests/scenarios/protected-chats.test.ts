import { type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShiftedClock, verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const TOGGLE = 'action:messageActionNoForwardsToggle';
const REQUEST = 'action:messageActionNoForwardsRequest';

async function two(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  await bob.meet(alice);
  await bob.sees('hello');
  return [alice, bob];
}

const toggle = (from: Actor, to: Actor, enabled: boolean, requestMsgId?: number): Promise<tl.TypeUpdates> =>
  from.main.change({ _: 'messages.toggleNoForwards', peer: from.main.inputPeer(to.id), enabled, ...(requestMsgId === undefined ? {} : { requestMsgId }) });

/** Who has disabled forwarding in the chat, according to the profile. */
async function protectors(from: Actor, to: Actor): Promise<string> {
  const { fullUser } = await from.main.call({ _: 'users.getFullUser', id: from.main.inputUser(to.id) });
  return [...(fullUser.noforwardsMyEnabled ? ['me'] : []), ...(fullUser.noforwardsPeerEnabled ? ['peer'] : [])].join(' and ');
}

const forward = (from: Actor, to: Actor, id: number) => ({
  _: 'messages.forwardMessages' as const, fromPeer: from.main.inputPeer(to.id), toPeer: { _: 'inputPeerSelf' as const }, id: [id], randomId: [randomLong()],
});

test('nothing can be forwarded out of a chat that either user protects; the only one who does may end it', async () => {
  const [alice, bob] = await two();
  const tablet = await bob.device();
  await verifyUpdates([alice, bob], async () => {
    const answer = await toggle(alice, bob, true);
    expect(answer).toMatchObject({ updates: [{ _: 'updateNewMessage', message: { action: { _: 'messageActionNoForwardsToggle', prevValue: false, newValue: true } } }] });
    await bob.sees(TOGGLE);
    await tablet.sees(TOGGLE);
  });
  expect([await protectors(alice, bob), await protectors(bob, alice)]).toEqual(['me', 'peer']);
  for (const [from, to] of [[alice, bob], [bob, alice]] as const) {
    expect(await from.main.fails(forward(from, to, from.main.find('hello')!.id))).toEqual({ code: 400, text: 'CHAT_FORWARDS_RESTRICTED' });
  }
  const peer = alice.main.inputPeer(bob.id);
  expect(await alice.main.fails({ _: 'messages.toggleNoForwards', peer, enabled: true })).toEqual({ code: 400, text: 'CHAT_NOT_MODIFIED' });
  await toggle(alice, bob, false);
  expect([await protectors(alice, bob), await protectors(bob, alice)]).toEqual(['', '']);
  await alice.main.change(forward(alice, bob, alice.main.find('hello')!.id));
  expect(await alice.main.fails({ _: 'messages.toggleNoForwards', peer, enabled: false })).toEqual({ code: 400, text: 'CHAT_NOT_MODIFIED' });
  expect(await alice.main.fails({ _: 'messages.toggleNoForwards', peer: { _: 'inputPeerSelf' }, enabled: true })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
});

test('a user can ask the other side to end its protection, which is refused or granted once', async () => {
  const [alice, bob] = await two();
  await toggle(alice, bob, true);
  await toggle(bob, alice, true);
  expect([await protectors(alice, bob), await protectors(bob, alice)]).toEqual(['me and peer', 'me and peer']);
  const ask = async (): Promise<number> => {
    const before = alice.main.find(REQUEST)?.id ?? 0;
    const answer = await toggle(bob, alice, false);
    expect(answer).toMatchObject({ updates: [{ message: { out: true, action: { _: 'messageActionNoForwardsRequest', prevValue: true, newValue: false } } }] });
    await alice.main.waitUntil('the request', () => (alice.main.find(REQUEST)?.id ?? 0) > before);
    return alice.main.find(REQUEST)!.id;
  };
  await verifyUpdates([alice, bob], async () => {
    const request = await ask();
    expect(await protectors(bob, alice)).toBe('me and peer');
    const refused = await toggle(alice, bob, true, request);
    expect(refused).toMatchObject({ updates: [{ _: 'updateEditMessage', message: { action: { expired: true } } }, { message: { replyTo: { replyToMsgId: request }, action: { prevValue: true, newValue: true } } }] });
    await bob.main.seesUpdate('updateEditMessage', ({ message }) => message._ === 'messageService' && message.action._ === 'messageActionNoForwardsRequest' && message.action.expired === true);
    expect(await alice.main.fails({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(bob.id), enabled: false, requestMsgId: request })).toEqual({ code: 400, text: 'REQUEST_MSG_EXPIRED' });
  });
  expect(await protectors(alice, bob)).toBe('me and peer');
  await verifyUpdates([alice, bob], async () => {
    await toggle(alice, bob, false, await ask());
    await bob.main.waitUntil('the end of it', () => [...bob.main.state.messages.values()].filter((message) => message.text === TOGGLE).length === 4);
  });
  expect([await protectors(alice, bob), await protectors(bob, alice)]).toEqual(['', '']);

  await toggle(alice, bob, true);
  const late = await ask();
  const own = bob.main.find(REQUEST)!.id;
  const answer = (actor: Actor, other: Actor, requestMsgId: number): Promise<{ code: number; text: string }> =>
    actor.main.fails({ _: 'messages.toggleNoForwards', peer: actor.main.inputPeer(other.id), enabled: false, requestMsgId });
  expect(await answer(bob, alice, own)).toEqual({ code: 400, text: 'MSG_ID_INVALID' });
  expect(await answer(alice, bob, alice.main.find('hello')!.id)).toEqual({ code: 400, text: 'MSG_ID_INVALID' });
  clock.shift(25 * 3_600_000);
  expect(await answer(alice, bob, late)).toEqual({ code: 400, text: 'REQUEST_MSG_EXPIRED' });
  expect(await protectors(bob, alice)).toBe('peer');
});
