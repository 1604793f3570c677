import { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

/** How often each race is run, because the winner is random. */
const ROUNDS = 12;
const HOUR_S = 3600;

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
let phone: Device;
let tablet: Device;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  phone = alice.main;
  tablet = await alice.device();
  for (const device of alice.devices) await alice.meet(bob, device);
  await bob.meet(alice);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Runs all at once. @returns for each the text of its error, or undefined */
async function race(...calls: (() => Promise<unknown>)[]): Promise<(string | undefined)[]> {
  return Promise.all(calls.map((call) => call().then(() => undefined, (error: unknown) => {
    if (error instanceof tl.RpcError) return error.text;
    throw error;
  })));
}

/** Runs a race repeatedly on new messages; every device must end with the same state, however it learns it. */
async function inRounds(round: (id: number, text: string) => Promise<void>): Promise<void> {
  await verifyUpdates([alice, bob], async () => {
    for (let n = 0; n < ROUNDS; n++) {
      const text = `round ${randomLong()}`;
      const { id } = await alice.send(bob, text);
      await tablet.sees(text);
      await bob.sees(text);
      await round(id, text);
    }
  });
}

const edit = (device: Device, id: number, message: string) => () =>
  device.change({ _: 'messages.editMessage', peer: device.inputPeer(bob.id), id, message });

const remove = (actor: Actor, device: Device, id: number) => () => actor.delete([device.state.messages.get(id)!], {}, device);

describe('two devices of one user at the same time', () => {
  test('edit and delete a message: it is deleted for all', async () => {
    await inRounds(async (id, text) => {
      const [edited, deleted] = await race(edit(phone, id, `${text} edited`), remove(alice, tablet, id));
      expect([undefined, 'MESSAGE_ID_INVALID']).toContain(edited);
      expect(deleted).toBeUndefined();
      for (const gone of [text, `${text} edited`]) {
        await alice.seesGone(gone);
        await bob.seesGone(gone);
      }
    });
  });

  test('edit a message in two ways: one of them wins, the same for all', async () => {
    await inRounds(async (id, text) => {
      expect(await race(edit(phone, id, `${text} one`), edit(tablet, id, `${text} two`))).toEqual([undefined, undefined]);
      const found = await phone.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
      if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
      const [message] = found.messages;
      if (message?._ !== 'message') throw new Error(message?._);
      expect([`${text} one`, `${text} two`]).toContain(message.message);
      await alice.sees(message.message);
      await bob.sees(message.message);
    });
  });

  test('pin and delete a message: nothing is pinned', async () => {
    await inRounds(async (id, text) => {
      const peer = phone.inputPeer(bob.id);
      const [pinned, deleted] = await race(() => phone.change({ _: 'messages.updatePinnedMessage', peer, id }), remove(alice, tablet, id));
      expect([undefined, 'MESSAGE_ID_INVALID']).toContain(pinned);
      expect(deleted).toBeUndefined();
      await bob.seesGone(text);
      const { fullUser } = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
      expect(fullUser.pinnedMsgId).toBeUndefined();
    });
  });

  test('delete the same message: both succeed, and it counts once', async () => {
    await inRounds(async (id, text) => {
      const { pts } = await phone.call({ _: 'updates.getState' });
      expect(await race(remove(alice, phone, id), remove(alice, tablet, id))).toEqual([undefined, undefined]);
      await bob.seesGone(text);
      expect((await phone.call({ _: 'updates.getState' })).pts).toBe(pts + 1);
    });
  });

  test('send with one random_id: there is one message', async () => {
    await inRounds(async () => {
      const text = `once ${randomLong()}`;
      const randomId = randomLong();
      const outcomes = await race(() => alice.send(bob, text, { randomId }, phone), () => alice.send(bob, text, { randomId }, tablet));
      expect(outcomes).toEqual([undefined, undefined]);
      await bob.sees(text);
      for (const device of [phone, tablet, bob.main]) expect([...device.state.messages.values()].filter((message) => message.text === text)).toHaveLength(1);
    });
  });

  test('send a scheduled message now: it is sent once', async () => {
    await verifyUpdates([alice, bob], async () => {
      const peer = phone.inputPeer(bob.id);
      for (let n = 0; n < ROUNDS; n++) {
        const message = `put off ${randomLong()}`;
        const scheduleDate = Math.floor(Date.now() / 1000) + HOUR_S;
        await phone.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), scheduleDate });
        const { message: { id } } = await tablet.seesUpdate('updateNewScheduledMessage', (update) => update.message._ === 'message' && update.message.message === message);
        const outcomes = await race(...[phone, tablet].map((device) => () => device.change({ _: 'messages.sendScheduledMessages', peer: device.inputPeer(bob.id), id: [id] })));
        expect(outcomes.filter((outcome) => outcome === undefined).length).toBeGreaterThan(0);
        await bob.sees(message);
        expect([...bob.main.state.messages.values()].filter((one) => one.text === message)).toHaveLength(1);
      }
    });
  });
});

describe('two users at the same time', () => {
  test('react and delete: no reaction without its message', async () => {
    await inRounds(async (id, text) => {
      const theirs = await bob.sees(text);
      const peer = bob.main.inputPeer(alice.id);
      const [reacted, deleted] = await race(
        () => bob.main.change({ _: 'messages.sendReaction', peer, msgId: theirs.id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] }),
        remove(alice, phone, id),
      );
      expect([undefined, 'MESSAGE_ID_INVALID']).toContain(reacted);
      expect(deleted).toBeUndefined();
      await bob.seesGone(text);
      const { dialogs } = await phone.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: phone.inputPeer(bob.id) }] });
      expect(dialogs[0]).toMatchObject({ unreadReactionsCount: 0 });
    });
  });

  test('delete a message and clear the whole chat: both are empty', async () => {
    await inRounds(async (id, text) => {
      await bob.sees(text);
      const clear = async (): Promise<void> => {
        await bob.main.call({ _: 'messages.deleteHistory', peer: bob.main.inputPeer(alice.id), maxId: 0, revoke: true });
      };
      expect(await race(remove(alice, tablet, id), clear)).toEqual([undefined, undefined]);
      await alice.seesGone(text);
      await bob.seesGone(text);
    });
  });
});
