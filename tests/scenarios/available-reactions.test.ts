import { gunzipSync } from 'node:zlib';
import { FileLocation, Long, type tl } from '@mtcute/node';
import { downloadAsBuffer } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

function locate(document: tl.TypeDocument | undefined, thumbSize = '', size?: number): FileLocation {
  if (document?._ !== 'document') throw new Error('no document');
  const { id, accessHash, fileReference, dcId } = document;
  return new FileLocation({ _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize }, size ?? Number(document.size), dcId);
}

test('a client downloads all files of a reaction, and reacts with it', async () => {
  const alice = await scenario.world.user('Alice');
  const { main } = alice;
  const list = await main.call({ _: 'messages.getAvailableReactions', hash: 0 });
  if (list._ !== 'messages.availableReactions') throw new Error(list._);

  const [first] = list.reactions;
  const { staticIcon, appearAnimation, selectAnimation, activateAnimation, effectAnimation, aroundAnimation, centerIcon } = first!;
  const icon = Buffer.from(await downloadAsBuffer(main.client, locate(staticIcon)));
  expect([icon.toString('latin1', 0, 4), icon.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
  for (const animation of [appearAnimation, selectAnimation, activateAnimation, effectAnimation, aroundAnimation, centerIcon]) {
    const bytes = await downloadAsBuffer(main.client, locate(animation));
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ tgs: 1, fr: 60, w: 512, h: 512 });
    // Clients that show an animation as a picture use its thumbnail.
    const thumb = animation?._ === 'document' ? animation.thumbs?.[0] : undefined;
    expect(thumb).toMatchObject({ _: 'photoSize', type: 'm', w: 128, h: 128, size: icon.length });
    expect(Buffer.from(await downloadAsBuffer(main.client, locate(animation, 'm', icon.length)))).toEqual(icon);
  }

  // The list is the same everywhere.
  const emoji = list.reactions.map(({ reaction }) => reaction);
  for (const method of ['messages.getTopReactions', 'messages.getDefaultTagReactions'] as const) {
    const others = await main.call({ _: method, limit: 100, hash: 0 } as unknown as tl.messages.RawGetTopReactionsRequest);
    expect(others).toMatchObject({ reactions: emoji.map((emoticon) => ({ emoticon })) });
  }
  const config = await main.call({ _: 'help.getConfig' });
  expect(emoji).toContain((config.reactionsDefault as tl.RawReactionEmoji).emoticon);
  const bob = await scenario.world.user('Bob');
  const { id: msgId } = await alice.send(bob, 'react!');
  for (const emoticon of emoji) {
    await main.change({ _: 'messages.sendReaction', peer: main.inputPeer(bob.id), msgId, reaction: [{ _: 'reactionEmoji', emoticon }] });
  }
});

test('the sets of emoji animations have those of the reactions, and names of sets are found in any case', async () => {
  const { main } = await scenario.world.user('Alice');
  const find = async (stickerset: tl.TypeInputStickerSet, hash = 0): Promise<tl.messages.TypeStickerSet> => main.call({ _: 'messages.getStickerSet', stickerset, hash });
  for (const purpose of ['inputStickerSetAnimatedEmojiAnimations', 'inputStickerSetEmojiGenericAnimations'] as const) {
    const found = (await find({ _: purpose })) as tl.messages.RawStickerSet;
    expect(found.documents).toHaveLength(found.set.count);
    expect(found.packs.map(({ documents }) => String(documents[0]))).toEqual(found.documents.map(({ id }) => String(id)));
    const [first] = found.documents as tl.RawDocument[];
    expect(first!.attributes).toContainEqual(expect.objectContaining({ _: 'documentAttributeSticker', alt: found.packs[0]!.emoticon, stickerset: expect.objectContaining({ id: found.set.id }) }));
    expect(JSON.parse(gunzipSync(await downloadAsBuffer(main.client, locate(first))).toString())).toMatchObject({ tgs: 1 });
    expect(await find({ _: 'inputStickerSetShortName', shortName: found.set.shortName.toLowerCase() }, found.set.hash)).toEqual({ _: 'messages.stickerSetNotModified' });
  }
  // One browser requests a set by this name at each start.
  expect(await find({ _: 'inputStickerSetShortName', shortName: 'RestrictedEmoji' })).toMatchObject({ set: { emojis: true } });
});

test('an icon that is built into a client is a custom emoji', async () => {
  const { main } = await scenario.world.user('Alice');
  const [icon, other] = await main.call({ _: 'messages.getCustomEmojiDocuments', documentId: [Long.fromString('5269590556232664327'), Long.fromInt(7)] });
  expect(icon).toMatchObject({ attributes: expect.arrayContaining([expect.objectContaining({ _: 'documentAttributeCustomEmoji', free: true, alt: '⭐' })]) });
  expect(other).toMatchObject({ _: 'documentEmpty' });
  const bytes = Buffer.from(await downloadAsBuffer(main.client, locate(icon)));
  expect(bytes.toString('latin1', 8, 12)).toBe('WEBP');
});
