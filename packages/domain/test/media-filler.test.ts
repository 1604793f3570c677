import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { createMediaFiller } from '../src/documents/index.ts';

const filler = createMediaFiller({ of: () => new Uint8Array([1]) } as unknown as Parameters<typeof createMediaFiller>[0], { of: () => 7n } as unknown as Parameters<typeof createMediaFiller>[1]);

const STICKER: tl.DocumentAttribute = { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } };
const SIDES: tl.DocumentAttribute = { _: 'documentAttributeImageSize', w: 512, h: 512 };

test.each<[string, Partial<tl.document>, boolean]>([
  ['is shown as one', {}, true],
  ['of another type is shown as a file', { mime_type: 'text/html' }, false],
  ['that is too long is shown as a file', { size: 5_000_000n }, false],
  ['that is too large is shown as a file', { attributes: [{ ...SIDES, w: 16_000 }, STICKER] }, false],
  ['without sides is shown as a file', { attributes: [STICKER] }, false],
])('a sticker in a message of an earlier version, %s', (_what, more, isSticker) => {
  const document: tl.document = { _: 'document', id: 5n, access_hash: 0n, file_reference: new Uint8Array(), date: 1, mime_type: 'image/webp', size: 1000n, dc_id: 1, attributes: [SIDES, STICKER], ...more };
  const message: tl.message = { _: 'message', id: 3, peer_id: { _: 'peerUser', user_id: 9n }, date: 1, message: '', media: { _: 'messageMediaDocument', document } };
  filler.fill([message]);
  const shown = (message.media as tl.messageMediaDocument).document as tl.document;
  expect(shown.access_hash).toBe(7n);
  expect(shown.attributes).toEqual(isSticker ? document.attributes : document.attributes.filter((attribute) => attribute !== STICKER));
});
