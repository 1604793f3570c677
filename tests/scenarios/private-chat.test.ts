import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyUpdates } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('a chat between two users', () => {
  test('a message reaches the other side and both devices of the sender', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.device();
    await verifyUpdates([alice, bob], async () => {
      const sent = await alice.send(bob, 'hi');
      const seen = await bob.sees('hi');
      expect(seen).toMatchObject({ out: false, peer: alice.id, from: alice.id, date: sent.date });
      expect(sent).toMatchObject({ out: true, peer: bob.id, from: alice.id });
      await alice.sees('hi');
    });
  });

  test('rule P17: a reply points to each reader’s own copy', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    // Carol writes to Bob first, so that the same message has different ids in the two boxes.
    const carol = await scenario.world.user('Carol');
    await carol.send(bob, 'earlier');
    await bob.sees('earlier');
    await verifyUpdates([alice, bob], async () => {
      const question = await alice.send(bob, 'question');
      const asked = await bob.sees('question');
      expect(asked.id).not.toBe(question.id);
      await bob.send(alice, 'answer', { replyTo: asked });
      expect((await alice.sees('answer')).reply_to).toBe(question.id);
      expect((await bob.sees('answer')).reply_to).toBe(asked.id);
    });
  });

  test('rule P17: a reply to a message that the recipient does not have loses its header', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const lost = await alice.send(bob, 'lost');
    const seen = await bob.sees('lost');
    await bob.delete([seen], { forBoth: false });
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'about that', { replyTo: lost });
      expect((await alice.sees('about that')).reply_to).toBe(lost.id);
      expect((await bob.sees('about that')).reply_to).toBeUndefined();
    });
  });

  test('entities are delivered and survive an edit', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await verifyUpdates([alice, bob], async () => {
      const sent = await alice.send(bob, 'bold and code', {
        entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }, { _: 'messageEntityCode', offset: 9, length: 4 }],
      });
      const seen = await bob.sees('bold and code');
      expect(JSON.parse(seen.entities)).toEqual([
        { _: 'messageEntityBold', offset: 0, length: 4 }, { _: 'messageEntityCode', offset: 9, length: 4 },
      ]);
      await alice.edit(sent, 'plain');
      const edited = await bob.sees('plain');
      expect(edited).toMatchObject({ id: seen.id, entities: '' });
      expect(edited.edit_date).toBeGreaterThanOrEqual(edited.date);
    });
  });

  test('the server adds entities that clients leave to it: links, mentions, hashtags and numbers', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await verifyUpdates([alice, bob], async () => {
      const text = 'see example.org, call +1 213 373 4253, pay from 4111 1111 1111 1111 #now';
      await alice.send(bob, text);
      for (const seen of [await alice.sees(text), await bob.sees(text)]) {
        expect((JSON.parse(seen.entities) as { _: string; offset: number; length: number }[]).map(({ _, offset, length }) => `${_}:${text.slice(offset, offset + length)}`)).toEqual([
          'messageEntityUrl:example.org', 'messageEntityPhone:+1 213 373 4253', 'messageEntityBankCard:4111 1111 1111 1111', 'messageEntityHashtag:#now',
        ]);
      }
    });
  });

  test('rule P12: a mentioned user is in the answer', async () => {
    const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
    await alice.meet(carol);
    await verifyUpdates([alice, bob], async () => {
      const { userId, accessHash } = alice.main.inputUser(carol.id);
      await alice.send(bob, 'ask Carol', {
        entities: [{ _: 'inputMessageEntityMentionName', offset: 4, length: 5, userId: { _: 'inputUser', userId, accessHash } }],
      });
      const seen = await bob.sees('ask Carol');
      expect(JSON.parse(seen.entities)).toMatchObject([{ _: 'messageEntityMentionName', user_id: String(carol.id) }]);
      expect(bob.main.accessHashes.has(carol.id)).toBe(true);
    });
  });

  test('an edit is shown on both sides, and others’ messages cannot be edited', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const sent = await alice.send(bob, 'first');
    const seen = await bob.sees('first');
    await verifyUpdates([alice, bob], async () => {
      await alice.edit(sent, 'second');
      expect((await bob.sees('second')).id).toBe(seen.id);
      await alice.sees('second');
    });
    const peer = bob.main.inputPeer(alice.id);
    expect(await bob.main.fails({ _: 'messages.editMessage', peer, id: seen.id, message: 'mine now' })).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
    expect(await alice.main.fails({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id: sent.id, message: 'second' })).toEqual({ code: 400, text: 'MESSAGE_NOT_MODIFIED' });
    expect(await alice.main.fails({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id: 2_000_000, message: 'x' })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  });

  test('rule P14: a deletion counts what it removed, for both or for one side', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const [one, two, three] = [await alice.send(bob, 'one'), await alice.send(bob, 'two'), await alice.send(bob, 'three')];
    await bob.sees('three');
    await verifyUpdates([alice, bob], async () => {
      expect((await alice.delete([one, two])).ptsCount).toBe(2);
      await bob.seesGone('one');
      await bob.seesGone('two');
    });
    await verifyUpdates([alice, bob], async () => {
      expect((await alice.delete([three], { forBoth: false })).ptsCount).toBe(1);
      await alice.seesGone('three');
      expect(bob.main.find('three')).toBeDefined();
    });
    const again = await alice.delete([one, two, three]);
    expect(again.ptsCount).toBe(0);
  });

  test('a forward names its author, also when it is forwarded again', async () => {
    const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
    await alice.send(bob, 'news');
    const news = await bob.sees('news');
    await verifyUpdates([bob, carol], async () => {
      await bob.forward([news], carol);
      expect((await carol.sees('news')).forwarded_from).toBe(String(alice.id));
    });
    await verifyUpdates([alice, carol], async () => {
      await carol.forward([await carol.sees('news')], alice);
      await alice.main.waitUntil('the forward', () => [...alice.main.state.messages.values()].some((message) => message.peer === carol.id && message.forwarded_from === String(alice.id)));
    });
  });

  test('typing is shown and never stored', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.send(bob, 'hello');
    await bob.sees('hello');
    const { pts } = bob.main.state;
    await alice.type(bob);
    await bob.main.seesUpdate('updateUserTyping', (update) => update.userId === alice.id);
    expect(bob.main.state.pts).toBe(pts);
  });

  test('rule P17: Saved Messages has one row, one pts and saved_peer_id', async () => {
    const alice = await scenario.world.user('Alice');
    await alice.device();
    const { pts } = alice.main.state;
    await verifyUpdates([alice], async () => {
      const note = await alice.send(alice, 'note to self');
      expect(note).toMatchObject({ peer: alice.id, from: alice.id });
      await alice.sees('note to self');
    });
    expect(alice.main.state.pts).toBe(pts + 1);
    const { Long } = await import('@mtcute/node');
    const history = await alice.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
    if (history._ === 'messages.messagesNotModified') throw new Error('not modified');
    expect(history.messages[0]).toMatchObject({ savedPeerId: { _: 'peerUser', userId: alice.id } });
  });
});
