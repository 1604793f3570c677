import type { tl } from '@mtcute/core';
import Long from 'long';
import { expect, test } from 'vitest';
import type { MessageRow } from '../src/worker/models/message.ts';
import { knownMedia } from '../src/worker/send/known-media.ts';

test('an uploaded file is still known after it was in the database', () => {
  const uploaded: tl.TypeInputMedia = {
    _: 'inputMediaUploadedDocument',
    file: { _: 'inputFileBig', id: Long.fromString('-8070450532247928832'), parts: 3, name: 'plans.zip' },
    mimeType: 'application/zip',
    attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3, waveform: new Uint8Array([1, 2, 3]) }],
  };
  const media = knownMedia(structuredClone({ uploaded }) as unknown as MessageRow);
  expect(media).toEqual(uploaded);
  expect(media?._ === 'inputMediaUploadedDocument' && Long.isLong((media.file as tl.RawInputFileBig).id)).toBe(true);
});
