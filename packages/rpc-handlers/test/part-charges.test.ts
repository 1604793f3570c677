import { expect, it } from 'vitest';

import { saveBigFilePart } from '../src/upload/saveBigFilePart.ts';
import { saveFilePart } from '../src/upload/saveFilePart.ts';

const KIB = 1024;

it.each([
  [512 * KIB, 512 * KIB],
  [128 * KIB, 128 * KIB],
  [64 * KIB, 128 * KIB],
  [KIB, 2 * KIB],
])('a part of %d bytes is charged as %d, because short parts are read again when their upload is finished', (length, charged) => {
  const bytes = new Uint8Array(length);
  expect(saveFilePart.part?.bytes({ _: 'upload.saveFilePart', file_id: 1n, file_part: 0, bytes })).toBe(charged);
  expect(saveBigFilePart.part?.bytes({ _: 'upload.saveBigFilePart', file_id: 1n, file_part: 0, file_total_parts: 1, bytes })).toBe(charged);
});
