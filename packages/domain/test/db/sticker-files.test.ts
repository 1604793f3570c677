import { randomBytes } from 'node:crypto';
import type { ShapeLaneResult } from '@aerogram/media';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createFileStage, type FileStage } from './file-stage.ts';

/** What the lane of the test answers, and how many files it has looked into. */
const state = { result: { outcome: 'allowed', shape: { width: 512, height: 512 } } as ShapeLaneResult, looks: 0 };

let stage: FileStage;
let alice: bigint;
beforeAll(async () => {
  stage = await createFileStage({}, { photos: { make: () => Promise.resolve({ outcome: 'unavailable' }), readShape: () => Promise.resolve((state.looks++, state.result)) } });
  alice = await stage.signUp('Alice');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Uploads an animation that its client says to have sides of 512 pixels. @returns what sends it, and tells the sides of the sticker; undefined if it went as a file */
async function upload(): Promise<() => Promise<number[] | undefined>> {
  const fileId = stage.nextId();
  await stage.world.domain.files.doSavePart({ userId: alice, fileId, part: 0, totalParts: undefined }, randomBytes(500));
  const attributes: tl.DocumentAttribute[] = [{ _: 'documentAttributeImageSize', w: 512, h: 512 }, { _: 'documentAttributeSticker', alt: '', stickerset: { _: 'inputStickerSetEmpty' } }];
  return async () => {
    const file: tl.InputFile = { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' };
    const { document } = await stage.world.domain.files.doPrepareMedia(alice, { _: 'inputMediaUploadedDocument', file, mime_type: 'application/x-tgsticker', attributes });
    const { attributes: made } = document as tl.document;
    const sides = made.find((one) => one._ === 'documentAttributeImageSize');
    return made.some(({ _ }) => _ === 'documentAttributeSticker') ? [sides!.w, sides!.h] : undefined;
  };
}

it.each([
  [[512, 100], { outcome: 'allowed', shape: { width: 512, height: 100 } }],
  [undefined, { outcome: 'allowed', shape: { width: 513, height: 100 } }],
  [undefined, { outcome: 'allowed', shape: { width: 0, height: 100 } }],
  [undefined, { outcome: 'refused', reason: 'unreadable' }],
  [undefined, { outcome: 'unavailable' }],
] as const)('an animation is a sticker of the sides %s by what the lane says, which is asked once', async (sides, result) => {
  Object.assign(state, { result, looks: 0 });
  const send = await upload();
  expect(await send()).toEqual(sides);
  expect(await send()).toEqual(sides);
  expect(state.looks).toBe(1);
});

it('an animation waits while the lane has too many files, and is not forgotten', async () => {
  Object.assign(state, { result: { outcome: 'busy', waitS: 7 } });
  const send = await upload();
  await expect(send()).rejects.toMatchObject({ text: 'FLOOD_WAIT_7' });
  Object.assign(state, { result: { outcome: 'allowed', shape: { width: 512, height: 512 } } });
  expect(await send()).toEqual([512, 512]);
});
