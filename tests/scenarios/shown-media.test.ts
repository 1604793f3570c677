import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomBytes } from 'node:crypto';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from './channel-stage.ts';
import { documentIn, upload } from './file-stage.ts';
import { people } from './group-stage.ts';
import { makePicture, mediaNow, photoIn, postedMedia, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** How a message is shown: is its picture blurred, and is its caption above. */
type Shown = { spoiler: boolean; above: boolean };

async function shownNow(device: Device, id: number): Promise<Shown> {
  const found = await device.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const message = (found as tl.messages.RawMessages).messages[0] as tl.RawMessage;
  return { spoiler: message.media !== undefined && 'spoiler' in message.media && message.media.spoiler === true, above: message.invertMedia === true };
}

async function video(device: Device): Promise<tl.RawInputMediaUploadedDocument> {
  const attributes: tl.TypeDocumentAttribute[] = [{ _: 'documentAttributeVideo', duration: 3, w: 320, h: 240 }];
  return { _: 'inputMediaUploadedDocument', file: await upload(device, { bytes: randomBytes(3000), name: 'a.mp4' }), mimeType: 'video/mp4', attributes };
}

async function pair(): Promise<[Actor, Actor, Device]> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob, await bob.device()];
}

test.each(['photo', 'video'] as const)('a %s is sent with a spoiler and its caption above, edited to show both otherwise, and forwarded as it is', async (kind) => {
  const [alice, bob, tablet] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const made = kind === 'photo' ? await uploadedPhoto(alice.main, await makePicture(300, 200)) : await video(alice.main);
  await verifyUpdates([alice, bob], async () => {
    const send: tl.messages.RawSendMediaRequest = { _: 'messages.sendMedia', peer, media: { ...made, spoiler: true }, message: 'careful', invertMedia: true, randomId: randomLong() };
    await alice.main.change(send);
    const { id } = await bob.sees('careful');
    await tablet.sees('careful');
    expect(await shownNow(tablet, id)).toEqual({ spoiler: true, above: true });
    const own = (await alice.main.sees('careful')).id;
    await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), toPeer: { _: 'inputPeerSelf' }, id: [id], randomId: [randomLong()] });
    const kept = [...bob.main.state.messages.values()].at(-1)!;
    expect(await shownNow(bob.main, kept.id)).toEqual({ spoiler: true, above: true });
    const media = await mediaNow(alice.main, own);
    const same: tl.TypeInputMedia = kind === 'photo' ? { _: 'inputMediaPhoto', id: { ...photoIn(media), _: 'inputPhoto' } } : { _: 'inputMediaDocument', id: { ...documentIn(media), _: 'inputDocument' } };
    await alice.main.change({ _: 'messages.editMessage', peer, id: own, media: same, message: 'all clear' });
    await bob.sees('all clear');
    expect(await shownNow(bob.main, id)).toEqual({ spoiler: false, above: false });
    await alice.main.change({ _: 'messages.editMessage', peer, id: own, message: 'all clear, above', invertMedia: true });
    await bob.sees('all clear, above');
    expect(await shownNow(bob.main, id)).toEqual({ spoiler: false, above: true });
  });
});

test('an album has its captions above, and spoilers on those of its photos that were sent with them', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const single = async (spoiler: boolean, message: string): Promise<tl.RawInputSingleMedia> => {
      const made = photoIn(await alice.main.call({ _: 'messages.uploadMedia', peer, media: await uploadedPhoto(alice.main, await makePicture(200, 150)) }));
      return { _: 'inputSingleMedia', media: { _: 'inputMediaPhoto', id: { ...made, _: 'inputPhoto' }, spoiler }, message, randomId: randomLong() };
    };
    await alice.main.change({ _: 'messages.sendMultiMedia', peer, multiMedia: [await single(true, 'one'), await single(false, 'two')], invertMedia: true });
    const [one, two] = [await bob.sees('one'), await bob.sees('two')];
    expect([await shownNow(bob.main, one.id), await shownNow(bob.main, two.id)]).toEqual([{ spoiler: true, above: true }, { spoiler: false, above: true }]);
  });
});

test('in a channel whose content is protected, a post is edited to show its own photo with a spoiler, but no other post', async () => {
  const [alice] = await pair();
  const id = await createChannel(alice, 'broadcast', 'Secrets');
  const peer = alice.main.inputPeer(id);
  await alice.main.change({ _: 'messages.toggleNoForwards', peer, enabled: true });
  const post = async (message: string): Promise<number> => {
    const { updates } = (await alice.main.change({ _: 'messages.sendMedia', peer, media: await uploadedPhoto(alice.main, await makePicture(200, 150)), message, randomId: randomLong() })) as tl.RawUpdates;
    return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
  };
  await verifyUpdates([alice], async () => {
    const [first, second] = [await post('first'), await post('second')];
    const own = photoIn(await postedMedia(alice.main, id, first));
    const media: tl.RawInputMediaPhoto = { _: 'inputMediaPhoto', id: { ...own, _: 'inputPhoto' }, spoiler: true };
    await alice.main.change({ _: 'messages.editMessage', peer, id: first, media });
    expect(await postedMedia(alice.main, id, first)).toMatchObject({ spoiler: true, photo: { id: own.id } });
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: second, media })).text).toBe('CHAT_FORWARDS_RESTRICTED');
    expect((await alice.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', randomId: randomLong() })).text).toBe('CHAT_FORWARDS_RESTRICTED');
  });
});
