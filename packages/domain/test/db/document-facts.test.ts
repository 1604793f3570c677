import { randomBytes } from 'node:crypto';
import type { MediaFacts } from '@aerogram/media';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { MediaReader } from './accounts-world.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const FACTS: MediaFacts = { type: 'mp4', video: { width: 320, height: 200 }, hasSound: true, durationS: 3, isStreamable: true, title: undefined, performer: undefined };
const CLAIM: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 99, w: 1, h: 2 };

/** How the lane of the test is, and how many files it has read. */
const state = { outcome: 'read' as 'read' | 'busy' | 'unavailable' | 'unreadable' | 'other', reads: 0, lastBytes: new Uint8Array() as Uint8Array };
const media: MediaReader = {
  async describe(_account, { size, read }) {
    state.reads++;
    state.lastBytes = await read(1, size);
    return state.outcome === 'read' ? { outcome: 'read', facts: FACTS } : { outcome: state.outcome };
  },
};

describe('facts of uploaded files', () => {
  let stage: FileStage;
  let alice: bigint;
  let fileId: bigint;

  beforeAll(async () => {
    stage = await createFileStage({}, { media });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    Object.assign(state, { outcome: 'read', reads: 0 });
    alice = await stage.signUp('Alice');
  });

  const finish = async (attributes: tl.DocumentAttribute[] = [CLAIM], forced = false): Promise<tl.document> => {
    const file: tl.InputFile = { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' };
    const { document } = await stage.world.domain.files.doPrepareMedia(alice, { _: 'inputMediaUploadedDocument', force_file: forced || undefined, file, mime_type: 'video/mp4', attributes });
    return document as tl.document;
  };
  const upload = async (bytes: Uint8Array): Promise<void> => {
    fileId = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId, part: 0, totalParts: undefined }, bytes);
  };

  it('replace what the client says, and are read once', async () => {
    const bytes = randomBytes(5000);
    await upload(bytes);
    const document = await finish();
    expect(document.attributes).toEqual([expect.objectContaining({ duration: 3, w: 320, h: 200, supports_streaming: true })]);
    expect(Buffer.compare(state.lastBytes, bytes.subarray(1))).toBe(0);
    // The answer was lost, and the upload is gone.
    expect((await finish()).id).toBe(document.id);
    expect(state.reads).toBe(1);
  });

  it('are read from the stored file when they were forgotten', async () => {
    const bytes = randomBytes(5000);
    await upload(bytes);
    const document = await finish();
    await stage.world.restart();
    expect((await finish()).id).toBe(document.id);
    expect(state.reads).toBe(2);
    expect(Buffer.compare(state.lastBytes, bytes.subarray(1))).toBe(0);
  });

  it.each(['busy', 'unavailable', 'unreadable', 'other'] as const)('leave what the client says when the lane answers "%s"', async (outcome) => {
    state.outcome = outcome;
    await upload(randomBytes(5000));
    expect((await finish()).attributes).toEqual([expect.objectContaining({ duration: 99, w: 1, h: 2 })]);
  });

  it('of a plain file are not read', async () => {
    await upload(randomBytes(5000));
    expect((await finish([], true)).attributes).toEqual([]);
    expect(state.reads).toBe(0);
  });

  it('a busy lane is asked again by the next call, and an unreadable file is not read again', async () => {
    state.outcome = 'unreadable';
    await upload(randomBytes(5000));
    await finish();
    await finish();
    expect(state.reads).toBe(1);
    state.outcome = 'busy';
    await upload(randomBytes(5000));
    await finish();
    state.outcome = 'read';
    expect((await finish()).attributes).toEqual([expect.objectContaining({ duration: 3 })]);
  });
});
