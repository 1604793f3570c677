import { encode, LAYER, TlError, type tl } from '@aerogram/tl';
import { codecFor, readRequest, servedLayer, STORED_LAYER, storedDecode, storedEncode } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { writeBySchema } from './schema-writer.ts';
import { loadSchema } from './schemas.ts';

const message: tl.message = { _: 'message', id: 1, peer_id: { _: 'peerUser', user_id: 7n }, date: 2, message: 'kept' };

describe('codecFor', () => {
  it('uses the nearest known layer that is not higher than the client’s', () => {
    expect([1, 144, 150, 152, 164, 180, 181, 182, 192, 198, 203, 215, 219, 222, 224, 226, 227, 228, 229, 230, 999].map(servedLayer)).toEqual([144, 144, 144, 152, 152, 152, 181, 181, 189, 198, 198, 214, 218, 221, 224, 225, 227, 228, 229, 229, 229]);
    expect(codecFor(150)).toBe(codecFor(144));
    expect(codecFor(999).layer).toBe(LAYER);
  });

  it('writes the newest layer unchanged', () => {
    expect(codecFor(LAYER).encode(message)).toEqual(encode(message));
  });

  it('reports what a layer cannot express, and continues with the next object', () => {
    const codec = codecFor(144);
    expect(() => codec.encode({ _: 'updateSavedReactionTags' })).toThrow(TlError);
    expect(() => codec.encode({ _: 'updateSavedReactionTags' })).toThrow('not_representable: updateSavedReactionTags at layer 144');
    expect(codec.encode({ _: 'updateConfig' })).toEqual(encode({ _: 'updateConfig' }));
  });
});

describe('readRequest', () => {
  it('reads a removed method completely, with its old key', () => {
    const bytes = writeBySchema(loadSchema(144), { _: 'messages.getAllChats', except_ids: [1n] });
    expect(readRequest(bytes)).toEqual({ _: 'messages.getAllChats#875f74be', except_ids: [1n] });
  });
});

describe('stored objects', () => {
  it('can be read back, and start with the layer of their form, which the last release knows', () => {
    const bytes = storedEncode(message);
    expect(bytes[0]! | (bytes[1]! << 8)).toBe(STORED_LAYER);
    expect(storedDecode(bytes)).toEqual(message);
  });

  it('are refused if a newer program wrote them, or if they are truncated', () => {
    const bytes = storedEncode(message);
    const newer = Uint8Array.from(bytes);
    newer[0] = (LAYER + 1) & 0xff;
    expect(() => storedDecode(newer)).toThrow(/stored at layer 230/);
    expect(() => storedDecode(bytes.subarray(0, -4))).toThrow(TlError);
    expect(() => storedDecode(bytes.subarray(0, 1))).toThrow(TlError);
  });
});
