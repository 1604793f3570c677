import { describe, expect, test } from 'vitest';

import { createFileReferences, type FileOrigin } from '../src/documents/file-reference.ts';

const HOUR_S = 3600;
const DOCUMENT = 82n;
const KEYS = new Map([[3, Buffer.alloc(32, 7)]]);
const ORIGINS: FileOrigin[] = [
  { kind: 'message', msgId: 2 ** 31 - 1 },
  { kind: 'post', channelId: 1_000_000_002n, msgId: 5 },
  { kind: 'scheduled', peerId: -1_001_000_000_002n, msgId: 262_143 },
  { kind: 'log', channelId: 1_000_000_002n, msgId: 5 },
  { kind: 'invite', hash: 'Qx-_0123456789Az' },
  { kind: 'inline', setId: 2n ** 62n + 2n },
  { kind: 'bot', fileId: 2n ** 62n + 3n },
  { kind: 'upload' },
];

function referencesAt(date: number, keys: ReadonlyMap<number, Uint8Array> = KEYS) {
  return createFileReferences({ now: () => date }, keys);
}

describe('a file reference', () => {
  test.each(ORIGINS)('names its origin: $kind', (origin) => {
    const references = referencesAt(1_750_000_000);
    expect(references.open(DOCUMENT, references.of(DOCUMENT, origin))).toEqual({ state: 'valid', origin });
  });

  test('has bytes that clients may keep for a day', () => {
    const bytes = Buffer.from('030300076adf00000005000000003b9aca0275f7769fda2c0664', 'hex');
    expect(Buffer.from(referencesAt(1_750_000_000).of(DOCUMENT, ORIGINS[1]!))).toEqual(bytes);
    expect(referencesAt(1_750_000_000 + 24 * HOUR_S).open(DOCUMENT, bytes)).toEqual({ state: 'valid', origin: ORIGINS[1] });
    expect(referencesAt(1_750_000_000 + 25 * HOUR_S).open(DOCUMENT, bytes)).toEqual({ state: 'expired' });
  });

  test('is valid for its document only, and is worth nothing if a bit of it is changed or a byte is missing', () => {
    const references = referencesAt(1_750_000_000);
    const reference = references.of(DOCUMENT, ORIGINS[0]!);
    expect(references.open(DOCUMENT + 8n, reference)).toEqual({ state: 'invalid' });
    expect(references.open(DOCUMENT, new Uint8Array())).toEqual({ state: 'empty' });
    for (let at = 0; at < reference.length; at++) {
      const changed = Uint8Array.from(reference);
      changed[at]! ^= 1 << (at % 8);
      expect(references.open(DOCUMENT, changed)).toEqual({ state: 'invalid' });
    }
    for (const other of [reference.slice(1), reference.slice(0, -1), Buffer.concat([reference, Buffer.of(0)]), Buffer.of(2)]) {
      expect(references.open(DOCUMENT, other)).toEqual({ state: 'invalid' });
    }
  });

  test('is made with the newest key and accepted with older ones', () => {
    const old = referencesAt(1_750_000_000).of(DOCUMENT, ORIGINS[0]!);
    const rotated = referencesAt(1_750_000_000, new Map([...KEYS, [4, Buffer.alloc(32, 8)]]));
    expect(rotated.open(DOCUMENT, old)).toMatchObject({ state: 'valid' });
    expect(rotated.of(DOCUMENT, ORIGINS[0]!)[1]).toBe(4);
  });
});
