import { describe, expect, it } from 'vitest';

import { createFileIds, type NamedFile } from '../src/files/file-ids.ts';

const KEYS = new Map([[0, new Uint8Array(32).fill(7)]]);
const NEWER_KEYS = new Map([...KEYS, [1, new Uint8Array(32).fill(9)] as const]);
const idsOf = createFileIds(KEYS);
const VIDEO: NamedFile = { kind: 'video', dcId: 2, id: 0x1234_5678_9abc_def0n, size: '' };
const SIZE: NamedFile = { kind: 'photo', dcId: 2, id: 77n, size: 'x' };

describe('the ids of files for bots', () => {
  it('name the file to the bot that they were given to, also after a restart', () => {
    for (const file of [VIDEO, SIZE, { ...SIZE, kind: 'thumbnail' as const, size: 'm' }]) {
      expect(createFileIds(new Map(KEYS))(1n).read(idsOf(1n).fileId(file))).toEqual(file);
    }
  });

  it('are refused if another bot presents them', () => {
    expect(idsOf(2n).read(idsOf(1n).fileId(VIDEO))).toBeUndefined();
  });

  it('are refused if any byte is changed, or the text is longer, shorter or written otherwise', () => {
    const fileId = idsOf(1n).fileId(SIZE);
    const bytes = Buffer.from(fileId, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect([at, idsOf(1n).read(changed.toString('base64url'))]).toEqual([at, undefined]);
    }
    const lastLetters = ['A', 'B', 'C', 'D'].map((letter) => fileId.slice(0, -1) + String.fromCharCode(fileId.charCodeAt(fileId.length - 1) + letter.charCodeAt(0) - 64));
    for (const text of ['', 'A', fileId.slice(0, -1), `${fileId}A`, `${fileId.slice(0, -1)}=`, ...lastLetters]) expect([text, idsOf(1n).read(text)]).toEqual([text, undefined]);
  });

  it('are still read after a new key was made, and unique ids do not change', () => {
    const [older, newer] = [idsOf(1n), createFileIds(NEWER_KEYS)(1n)];
    expect(newer.read(older.fileId(VIDEO))).toEqual(VIDEO);
    expect(newer.fileId(VIDEO)).not.toBe(older.fileId(VIDEO));
    expect(older.read(newer.fileId(VIDEO))).toBeUndefined();
    expect(newer.uniqueId(VIDEO)).toBe(older.uniqueId(VIDEO));
  });

  it('have unique ids that are the same for all bots and differ by file and size', () => {
    expect(idsOf(1n).uniqueId(VIDEO)).toBe(idsOf(2n).uniqueId({ ...VIDEO, kind: 'document' }));
    expect(new Set([VIDEO, SIZE, { ...SIZE, size: 'm' }, { ...SIZE, size: '' }, { ...SIZE, id: 78n }].map((file) => idsOf(1n).uniqueId(file))).size).toBe(5);
    expect(idsOf(1n).uniqueId(VIDEO)).toMatch(/^[\w-]{16}$/);
  });
});
