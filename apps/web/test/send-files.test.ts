import { expect, test } from 'vitest';
import type { LocalFile } from '../src/protocol/index.ts';
import { groupFiles } from '../src/page/files/prepare-file.ts';
import { readSides } from '../src/page/files/read-sides.ts';
import { unpackWaveform } from '../src/worker/models/attached.ts';
import { packWaveform } from '../src/worker/send/upload.ts';

const file = (as: LocalFile['as'], name = ''): LocalFile => ({ as, name, file: new Blob() });

test('divides files into albums of what may stand together, in order', () => {
  const files = [file('photo', 'a'), file('file', 'b'), file('video', 'c'), file('gif', 'd'), file('audio', 'e'), file('gif', 'f'), file('file', 'g'), file('audio', 'h')];
  expect(groupFiles(files).map((group) => group.map(({ name }) => name).join(''))).toEqual(['ac', 'bg', 'd', 'eh', 'f']);
});

test('an album has ten files at most', () => {
  expect(groupFiles(Array.from({ length: 23 }, () => file('photo'))).map(({ length }) => length)).toEqual([10, 10, 3]);
});

const bytes = (...parts: (string | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (character) => character.charCodeAt(0)) : part)));
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

test.each([
  ['PNG', bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 0x75, 0x30, 0, 0, 0x4e, 0x20]), { width: 30_000, height: 20_000 }],
  ['GIF', bytes('GIF89a', [0x31, 0, 0x21, 0]), { width: 49, height: 33 }],
  ['JPEG', bytes([0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, 0xc2, 0, 17, 8, 1, 0, 2, 0], zeros(8)), { width: 512, height: 256 }],
  ['WebP with transparency', bytes('RIFF', zeros(4), 'WEBPVP8X', zeros(8), [0xff, 1, 0, 0x7f, 0, 0]), { width: 512, height: 128 }],
  ['lossless WebP', bytes('RIFF', zeros(4), 'WEBPVP8L', zeros(4), [0x2f, 0xff, 0xc1, 0x1f, 0], zeros(5)), { width: 512, height: 128 }],
  ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg">'), undefined],
  ['truncated JPEG', bytes([0xff, 0xd8, 0xff, 0xe1, 0xff]), undefined],
  ['JPEG without a frame', bytes([0xff, 0xd8], ...Array.from({ length: 20 }, () => [0xff, 0xe0, 0, 2])), undefined],
  ['nothing', bytes(), undefined],
])('reads the sides of a picture from its beginning: %s', (_, head, sides) => {
  expect(readSides(head)).toEqual(sides);
});

test('a waveform comes back as it was sent', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index * 7) % 32);
  const packed = packWaveform(values);
  expect(packed).toHaveLength(63);
  expect(unpackWaveform(packed)).toEqual(values);
});
