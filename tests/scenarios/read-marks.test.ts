import { Long } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyUpdates } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('read marks', () => {
  test('reading notifies the author and the reader’s other devices', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await bob.device();
    const last = await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'one');
      await alice.send(bob, 'two');
      return bob.sees('two');
    });
    await verifyUpdates([alice, bob], async () => {
      const affected = await bob.read(last);
      expect(affected.ptsCount).toBe(1);
      const theirs = await alice.main.seesUpdate('updateReadHistoryOutbox');
      expect(theirs.maxId).toBe(alice.main.find('two')!.id);
      const own = await tablet.seesUpdate('updateReadHistoryInbox');
      expect(own).toMatchObject({ maxId: last.id, stillUnreadCount: 0 });
    });
  });

  test('rule P14: reading again changes nothing', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.send(bob, 'one');
    const one = await bob.sees('one');
    await bob.read(one);
    const { pts } = bob.main.state;
    const again = await bob.read(one);
    expect(again).toMatchObject({ pts, ptsCount: 0 });
  });

  test('reading half leaves the rest unread, also in the dialog', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const texts = ['a', 'b', 'c', 'd', 'e'];
    for (const text of texts) await alice.send(bob, text);
    await bob.sees('e');
    await verifyUpdates([alice, bob], async () => bob.read(await bob.sees('b')));
    const answer = await bob.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: bob.main.inputPeer(alice.id) }] });
    expect(answer.dialogs[0]).toMatchObject({ unreadCount: 3, readInboxMaxId: bob.main.find('b')!.id, topMessage: bob.main.find('e')!.id });
    const theirs = await alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: alice.main.inputPeer(bob.id) }] });
    expect(theirs.dialogs[0]).toMatchObject({ unreadCount: 0, readOutboxMaxId: alice.main.find('b')!.id });
  });

  test('writing back marks earlier messages as read', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.send(bob, 'question');
    await bob.sees('question');
    await bob.send(alice, 'answer');
    await alice.sees('answer');
    const dialogs = await alice.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 10, hash: Long.ZERO });
    if (dialogs._ === 'messages.dialogsNotModified') throw new Error('not modified');
    const row = dialogs.dialogs.find((dialog) => dialog.peer._ === 'peerUser' && dialog.peer.userId === bob.id);
    expect(row).toMatchObject({ unreadCount: 1 });
  });

  test('rule P19: dialogs come with their top message, without pts, without duplicates, and with a count', async () => {
    const alice = await scenario.world.user('Alice');
    const friends = [];
    for (let i = 0; i < 5; i++) {
      const friend = await scenario.world.user(`Friend ${i}`);
      await friend.send(alice, `from ${i}`);
      friends.push(friend);
    }
    await alice.sees('from 4');
    const seen: number[] = [];
    let offset: { offsetDate: number; offsetId: number; peer: number | undefined } = { offsetDate: 0, offsetId: 0, peer: undefined };
    for (;;) {
      const page = await alice.main.call({
        _: 'messages.getDialogs', offsetDate: offset.offsetDate, offsetId: offset.offsetId,
        offsetPeer: offset.peer === undefined ? { _: 'inputPeerEmpty' } : alice.main.inputPeer(offset.peer), limit: 2, hash: Long.ZERO,
      });
      if (page._ === 'messages.dialogsNotModified') throw new Error('not modified');
      expect('count' in page ? page.count : page.dialogs.length).toBeGreaterThanOrEqual(page.dialogs.length);
      for (const dialog of page.dialogs) {
        if (dialog._ !== 'dialog' || dialog.peer._ !== 'peerUser') throw new Error(`a dialog of an odd kind: ${dialog._}`);
        const { userId } = dialog.peer;
        expect(dialog.topMessage).toBeGreaterThan(0);
        expect(dialog.pts).toBeUndefined();
        expect(page.users.filter((user) => user.id === userId)).toHaveLength(1);
        const top = page.messages.find((message) => message.id === dialog.topMessage);
        if (top?._ !== 'message') throw new Error(`the top message of ${userId} does not come along`);
        seen.push(userId);
        offset = { offsetDate: top.date, offsetId: top.id, peer: userId };
      }
      if (page._ === 'messages.dialogs' || page.dialogs.length < 2) break;
    }
    const people = seen.filter((id) => id !== 777000);
    expect(people).toEqual(friends.map((friend) => friend.id).reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });
});
