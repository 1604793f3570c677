import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyUpdates, type Actor } from '@aerogram/dev-env';
import { RawAccount } from '@aerogram/dev-env/load';
import { channelStage } from './channel-stage.ts';
import { makeFile, uploadedDocument } from './file-stage.ts';
import { makePicture, photoIn, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';
import { SyncDevice } from './sync-device.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** What the long answer to a send says of each message. */
function sentIn(answer: tl.TypeUpdates): object[] {
  if (answer._ !== 'updates') throw new Error(answer._);
  const named = answer.updates.filter((update) => update._ === 'updateMessageID');
  const news = answer.updates.filter((update) => update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage');
  expect(news).toHaveLength(named.length);
  return named.map(({ id, randomId }, at) => ({ id, randomId: String(randomId), message: news[at]!.message.id, pts: news[at]!.pts, ptsCount: news[at]!.ptsCount }));
}

describe('a repeated send', () => {
  test('rule P13: gets the same ids, pts and pts_count, and nobody gets the message twice', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.meet(bob);
    await verifyUpdates([alice, bob], async () => {
      const request = { _: 'messages.sendMessage' as const, peer: alice.main.inputPeer(bob.id), message: 'once', randomId: randomLong() };
      const first = await alice.main.change(request);
      const second = await alice.main.change(request);
      if (first._ !== 'updateShortSentMessage') throw new Error(first._);
      expect(sentIn(second)).toEqual([{ randomId: String(request.randomId), id: first.id, pts: first.pts, ptsCount: first.ptsCount, message: first.id }]);
      await bob.sees('once');
    });
    const copies = (await bob.main.loadHistory(alice.id)).filter((message) => message.text === 'once');
    expect(copies).toHaveLength(1);
  });

  test('rule S3: in a new session, is followed by no push that this session has had', async () => {
    const [alice, bob] = [await SyncDevice.logIn(scenario.server.info, { name: 'Alice', phone: '9996612001', code: '11111' }), await RawAccount.signUp(scenario.server.info, { name: 'Bob', phone: '9996612002', code: '11111' })];
    await alice.account.meet(bob);
    await bob.meet(alice.account);
    alice.state = await alice.load([]);
    const again = randomLong();
    await alice.account.send(bob, 'sent twice', BigInt(again.toString()));
    alice.goOffline();
    for (const text of ['one', 'two']) await bob.send(alice.account, text);
    await alice.goOnline(scenario.server.info);
    await bob.send(alice.account, 'three');
    await alice.waitUntil(() => alice.state.pushedPts.length > 0, 5000);
    await alice.account.send(bob, 'sent twice', BigInt(again.toString()));
    const { pts } = await alice.account.call<'updates.getState'>({ _: 'updates.getState' });
    await bob.send(alice.account, 'four');
    await alice.waitUntil(() => alice.state.pts > pts, 5000);
    expect(alice.state.pushedPts).toEqual([pts, pts + 1]);
    for (const device of [alice.account, bob]) device.disconnect();
  });

  test('rule P13: after a restart is answered with random ids and messages, for texts, forwards and albums, in private chats and channels', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const first = await alice.send(bob, 'to be forwarded');
    const uploaded = async (): Promise<tl.RawInputMediaPhoto> => {
      const media = await uploadedPhoto(alice.main, await makePicture(60, 40));
      const { id: photoId, accessHash, fileReference } = photoIn(await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media }));
      return { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id: photoId, accessHash, fileReference } };
    };
    const photos = [await uploaded(), await uploaded()];
    const requests = [bob.id, id].flatMap((peerId) => {
      const peer = alice.main.inputPeer(peerId);
      return [
        { _: 'messages.sendMessage' as const, peer, message: `text for ${peerId}`, randomId: randomLong() },
        { _: 'messages.forwardMessages' as const, fromPeer: alice.main.inputPeer(bob.id), toPeer: peer, id: [first.id], randomId: [randomLong()] },
        { _: 'messages.sendMultiMedia' as const, peer, multiMedia: photos.map((media) => ({ _: 'inputSingleMedia' as const, media, message: '', randomId: randomLong() })) },
      ];
    });
    await verifyUpdates([alice, bob], async () => {
      const answers: tl.TypeUpdates[] = [];
      for (const request of requests) answers.push(await alice.main.change(request));
      await scenario.server.restart();
      for (const [at, request] of requests.entries()) {
        const again = sentIn(await alice.main.change(request));
        const answer = answers[at]!;
        if (answer._ === 'updateShortSentMessage') expect(again).toMatchObject([{ id: answer.id, message: answer.id, pts: answer.pts, ptsCount: 1 }]);
        else expect(again).toEqual(sentIn(answer));
      }
    });
  });

  test('of an upload makes no second document or photo, also for what is scheduled; another one of a deleted message is refused', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const countFiles = async (): Promise<number> => (await scenario.server.db.q.selectFrom('documents').select('document_id').execute()).length;
    const photo = await uploadedPhoto(alice.main, await makePicture(200, 150));
    const cover = (await uploadedPhoto(alice.main, await makePicture(90, 90))).file;
    const file = await uploadedDocument(alice.main, makeFile(3000));
    const later = await uploadedDocument(alice.main, makeFile(2000));
    await verifyUpdates([alice, bob], async () => {
      const base = { _: 'messages.sendMedia' as const, message: 'sent once' };
      const requests = [
        { ...base, peer: alice.main.inputPeer(bob.id), media: photo, randomId: randomLong() },
        { ...base, peer: alice.main.inputPeer(id), media: { ...file, thumb: cover }, randomId: randomLong() },
        { ...base, peer: alice.main.inputPeer(bob.id), media: later, randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + 3600 },
      ];
      for (const request of requests) {
        await alice.main.change(request);
        const before = await countFiles();
        await alice.main.change(request);
        await Promise.all([alice.main.change(request), alice.main.change(request)]);
        expect(await countFiles()).toBe(before);
      }
      const [gone] = requests;
      const sent = (await alice.main.loadHistory(bob.id)).find(({ text }) => text === 'sent once')!;
      await alice.delete([sent]);
      const before = await countFiles();
      expect((await alice.main.fails(gone!)).text).toBe('RANDOM_ID_DUPLICATE');
      expect(await countFiles()).toBe(before);
    });
  });

  test('at the same time results in one message', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.meet(bob);
    const { pts } = await alice.main.call({ _: 'updates.getState' });
    await verifyUpdates([alice, bob], async () => {
      const randomId = randomLong();
      await Promise.all(Array.from({ length: 8 }, () => alice.send(bob, 'race', { randomId })));
      await bob.sees('race');
    });
    expect((await bob.main.loadHistory(alice.id)).filter((message) => message.text === 'race')).toHaveLength(1);
    expect(alice.main.state.pts).toBe(pts + 1);
  });

  test('rule P18: after the message was deleted is answered with RANDOM_ID_DUPLICATE', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const randomId = randomLong();
    const sent = await alice.send(bob, 'gone soon', { randomId });
    await alice.delete([sent]);
    await bob.seesGone('gone soon');
    expect(await alice.main.fails({ _: 'messages.sendMessage', peer: alice.main.inputPeer(bob.id), message: 'gone soon', randomId })).toEqual({ code: 400, text: 'RANDOM_ID_DUPLICATE' });
    expect((await bob.main.loadHistory(alice.id)).filter((message) => message.text === 'gone soon')).toHaveLength(0);
  });

  test('of a forward results in one forward', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const sent = await alice.send(bob, 'again');
    await verifyUpdates([alice, bob], async () => {
      const request = { _: 'messages.forwardMessages' as const, fromPeer: alice.main.inputPeer(bob.id), toPeer: alice.main.inputPeer(bob.id), id: [sent.id], randomId: [randomLong()] };
      await alice.main.change(request);
      await alice.main.change(request);
    });
    expect((await alice.main.loadHistory(bob.id)).filter((message) => message.forwarded_from !== undefined)).toHaveLength(1);
  });

  test('rule P23: sends of one session to one peer are numbered in the order of their msg_id', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.meet(bob);
    const texts = Array.from({ length: 40 }, (_, i) => `burst ${i}`);
    await verifyUpdates([alice, bob], async () => {
      await Promise.all(texts.map((text) => alice.send(bob, text)));
      await bob.sees('burst 39');
    });
    for (const [actor, peer] of [[alice, bob.id], [bob, alice.id]] as const) {
      const history = await actor.main.loadHistory(peer);
      expect(history.map((message) => message.text).reverse()).toEqual(texts);
    }
  });

  test('many senders to one recipient and back get pts without gaps', async () => {
    const receiver = await scenario.world.user('Receiver');
    const senders: Actor[] = [];
    for (let i = 0; i < 12; i++) senders.push(await scenario.world.user(`Sender ${i}`));
    for (const sender of senders) await sender.meet(receiver);
    await verifyUpdates([receiver, ...senders], async () => {
      await Promise.all(senders.flatMap((sender, i) => Array.from({ length: 5 }, (_, k) => sender.send(receiver, `m${i}.${k}`))));
      await receiver.main.waitUntil('60 messages', () => [...receiver.main.state.messages.values()].filter((message) => message.text.startsWith('m')).length === 60);
    });
    const ids = [...receiver.main.state.messages.keys()].sort((a, b) => a - b);
    expect(ids.at(-1)! - ids[0]! + 1).toBe(ids.length);
  });
});
