import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMtcuteClient, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
let mallory: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  mallory = await scenario.world.user('Mallory');
  await alice.send(bob, 'secret');
  await bob.sees('secret');
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const history = (peer: tl.TypeInputPeer): tl.messages.RawGetHistoryRequest => ({
  _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
});

describe('access hashes', () => {
  test('another account’s hash of the same user gives no access', async () => {
    const stolen = alice.main.inputPeer(bob.id);
    expect(await mallory.main.fails(history(stolen))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    expect(await mallory.main.fails({ _: 'messages.sendMessage', peer: stolen, message: 'boo', randomId: randomLong() })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    expect(await mallory.main.fails({ _: 'messages.setTyping', peer: stolen, action: { _: 'sendMessageTypingAction' } })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    expect(await mallory.main.fails({ _: 'messages.readHistory', peer: stolen, maxId: 0 })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  });

  test('a zero, random or neighbouring hash gives no access', async () => {
    const real = alice.main.accessHashes.get(bob.id)!;
    for (const accessHash of [Long.ZERO, Long.ONE, real.add(1), real.negate(), randomLong()]) {
      expect(await alice.main.fails(history({ _: 'inputPeerUser', userId: bob.id, accessHash }))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    }
  });

  test('a hash of one user gives no access to another', async () => {
    await alice.meet(mallory);
    const accessHash = alice.main.accessHashes.get(bob.id)!;
    expect(await alice.main.fails(history({ _: 'inputPeerUser', userId: mallory.id, accessHash }))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  });

  test('users.getUsers returns a user with a wrong hash as empty or not at all', async () => {
    const users = await mallory.main.call({ _: 'users.getUsers', id: [{ _: 'inputUser', userId: bob.id, accessHash: Long.ONE }] });
    expect(users.filter((user) => user._ === 'user')).toEqual([]);
  });

  test('every account gets a different hash of a user', async () => {
    await mallory.meet(bob);
    expect(mallory.main.accessHashes.get(bob.id)!.toString()).not.toBe(alice.main.accessHashes.get(bob.id)!.toString());
    // The right hash opens an empty chat of her own, with nothing of what Alice and Bob wrote.
    const answer = await mallory.main.call(history(mallory.main.inputPeer(bob.id)));
    if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
    expect(answer.messages).toEqual([]);
  });

  test('message ids of other boxes cannot be used', async () => {
    const secret = alice.main.find('secret')!;
    const answer = await mallory.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: secret.id }, { _: 'inputMessageID', id: bob.main.find('secret')!.id }] });
    if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
    expect(answer.messages.map((message) => (message._ === 'message' ? message.message : message._))).not.toContain('secret');
    await mallory.meet(alice);
    const stolen = await mallory.main.fails({
      _: 'messages.forwardMessages', fromPeer: mallory.main.inputPeer(alice.id), toPeer: { _: 'inputPeerSelf' }, id: [secret.id], randomId: [randomLong()],
    });
    expect(stolen).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
    const deleted = await mallory.main.call({ _: 'messages.deleteMessages', id: [secret.id], revoke: true });
    expect(deleted.ptsCount).toBe(0);
    expect(alice.main.find('secret')).toBeDefined();
  });

  test('a channel or chat id in place of a user is refused', async () => {
    const accessHash = alice.main.accessHashes.get(bob.id)!;
    const asChannel = await alice.main.fails(history({ _: 'inputPeerChannel', channelId: bob.id, accessHash }));
    expect(asChannel.code).toBe(400);
    const asChat = await alice.main.fails(history({ _: 'inputPeerChat', chatId: bob.id }));
    expect(asChat.code).toBe(400);
  });
});

describe('before log-in', () => {
  test('methods for users are answered with 401 AUTH_KEY_UNREGISTERED, methods for guests are not', async () => {
    const guest = await createMtcuteClient(scenario.server.info);
    try {
      await guest.connect();
      for (const request of [{ _: 'updates.getState' as const }, { _: 'messages.deleteMessages' as const, id: [1] }]) {
        await expect(guest.call(request)).rejects.toMatchObject({ code: 401, text: 'AUTH_KEY_UNREGISTERED' });
      }
      const config = await guest.call({ _: 'help.getConfig' });
      expect(config._).toBe('config');
      expect((await guest.call({ _: 'help.getNearestDc' })).thisDc).toBe(scenario.server.info.dc_id);
    } finally {
      await guest.destroy();
    }
  });
});
