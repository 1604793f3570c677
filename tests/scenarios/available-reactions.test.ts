import { gunzipSync } from 'node:zlib';
import { FileLocation, type tl } from '@mtcute/node';
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
