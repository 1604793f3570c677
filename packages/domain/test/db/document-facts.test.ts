import { randomBytes } from 'node:crypto';
import type { MadePhoto, MediaFacts } from '@aerogram/media';
import type { tl } from '@aerogram/tl';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { MediaReader } from './accounts-world.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const FACTS: MediaFacts = { type: 'mp4', video: { width: 320, height: 200 }, codec: 'avc', soundCodec: 'aac', hasSound: true, durationS: 3, isStreamable: true, title: undefined, performer: undefined };
const WAVEFORM = new Uint8Array(63).fill(7);
const CLAIM: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 99, w: 1, h: 2 };

/** How the lane of the test is, and how many files it has read. */
const state = { outcome: 'read' as 'read' | 'busy' | 'unavailable' | 'unreadable' | 'other', reads: 0, lastBytes: new Uint8Array() as Uint8Array, picture: undefined as MadePhoto | undefined, animation: undefined as Uint8Array | undefined };
/** What a lane says that has too many files. */
const BUSY = { outcome: 'busy', waitS: 5 } as const;
const media: MediaReader = {
  makeAvatar: () => Promise.resolve({ outcome: 'unreadable' }),
  async describe(_account, { size, read, wants }) {
    state.reads++;
    state.lastBytes = await read(1, size);
    if (state.outcome === 'busy') return BUSY;
    return state.outcome === 'read' ? { outcome: 'read', facts: FACTS, picture: wants.picture ? state.picture : undefined, waveform: wants.waveform ? WAVEFORM : undefined, animation: wants.animation ? state.animation : undefined } : { outcome: state.outcome };
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
    Object.assign(state, { outcome: 'read', reads: 0, picture: undefined, animation: undefined });
    alice = await stage.signUp('Alice');
  });

  const finish = async (attributes: tl.DocumentAttribute[] = [CLAIM], forced = false, mime_type = 'video/mp4'): Promise<tl.document> => {
    const file: tl.InputFile = { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' };
    const { document } = await stage.world.domain.files.doPrepareMedia(alice, { _: 'inputMediaUploadedDocument', force_file: forced || undefined, file, mime_type, attributes });
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

  describe('what is made of them', () => {
    /** A picture with one size that has these bytes. */
    const pictureOf = (bytes: Uint8Array): MadePhoto => ({ stripped: Uint8Array.of(1, 20, 40), sizes: [{ type: 's', width: 100, height: 50, bytes, prefixes: [] }] });

    it('a picture becomes the thumbnail, which is loaded with the document, also when the call was repeated', async () => {
      const jpeg = randomBytes(700);
      state.picture = pictureOf(jpeg);
      await upload(randomBytes(5000));
      const first = await finish();
      const again = await finish();
      expect(again.id).toBe(first.id);
      expect(again.thumbs).toMatchObject([{ _: 'photoStrippedSize' }, { _: 'photoSize', type: 's', w: 100, h: 50, size: 700 }]);
      const { document } = await stage.world.domain.files.doUploadMedia(alice, { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'video/mp4', attributes: [CLAIM] });
      const { id, access_hash, file_reference } = document as tl.document;
      const file = await stage.world.domain.files.accessLocation(alice, { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: 's' });
      expect(Buffer.compare(await file.read(0, 1000), jpeg)).toBe(0);
    });

    it('a document can do without its picture when the uploader has too many files', async () => {
      const picture = pictureOf(randomBytes(200_000));
      await using small = await createFileStage({ unsentFilesMax: 1 }, { media });
      state.picture = picture;
      const bob = await small.signUp('Bob');
      const { document } = await small.upload(bob, randomBytes(100));
      expect(document).toMatchObject({ thumbs: undefined });
    });

    describe('a GIF file', () => {
      const NAME: tl.DocumentAttribute = { _: 'documentAttributeFilename', file_name: 'dance.gif' };
      const finishGif = (forced = false): Promise<tl.document> => finish([NAME], forced, 'image/gif');
      beforeEach(() => {
        Object.assign(FACTS, { hasSound: false });
      });
      afterEach(() => {
        Object.assign(FACTS, { hasSound: true });
      });

      it('becomes the video that was made of it, also when the call is repeated', async () => {
        [state.animation, state.picture] = [randomBytes(900), pictureOf(randomBytes(300))];
        await upload(randomBytes(5000));
        const document = await finishGif();
        expect(document).toMatchObject({ mime_type: 'video/mp4', size: 900n, thumbs: [{ _: 'photoStrippedSize' }, { size: 300 }] });
        expect(document.attributes).toEqual([
          expect.objectContaining({ _: 'documentAttributeVideo', w: 320, h: 200, duration: 3 }),
          { _: 'documentAttributeAnimated' },
          { _: 'documentAttributeFilename', file_name: 'dance.gif.mp4' },
        ]);
        expect(await finishGif()).toEqual(document);
        expect(state.reads).toBe(1);
        const { media } = { media: await stage.world.domain.files.doUploadMedia(alice, { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'image/gif', attributes: [NAME] }) };
        const { id, access_hash, file_reference } = media.document as tl.document;
        const file = await stage.world.domain.files.accessLocation(alice, { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' });
        expect(Buffer.compare(await file.read(0, 1000), state.animation)).toBe(0);
        expect(await stage.world.files.uploads.count()).toMatchObject({ uploads: 0 });
      });

      it('that was converted before shares the bytes of the video', async () => {
        state.animation = randomBytes(900);
        const gif = randomBytes(5000);
        await upload(gif);
        await finishGif();
        const before = (await stage.world.db.q.selectFrom('blobs').selectAll().execute()).length;
        alice = await stage.signUp('Alice');
        await upload(gif);
        await finishGif();
        expect(await stage.world.db.q.selectFrom('blobs').selectAll().execute()).toHaveLength(before);
      });

      it('stays what it is if it is sent as a plain file or cannot be converted', async () => {
        state.animation = randomBytes(900);
        await upload(randomBytes(5000));
        expect(await finishGif(true)).toMatchObject({ mime_type: 'image/gif', size: 5000n, attributes: [NAME] });
        state.outcome = 'unreadable';
        await upload(randomBytes(5000));
        expect(await finishGif()).toMatchObject({ mime_type: 'image/gif', size: 5000n, attributes: [NAME] });
        // A repeated call finds the file.
        expect(await finishGif()).toMatchObject({ size: 5000n });
      });

      it('whose video finds no room is not converted again until there is room', async () => {
        await using small = await createFileStage({ unsentFileBytes: 10_000 }, { media });
        const [bob, carol] = [await small.signUp('Bob'), await small.signUp('Carol')];
        const other = await small.upload(bob, randomBytes(6000));
        state.animation = randomBytes(5000);
        const id = small.nextId();
        await small.world.domain.files.doSavePart({ userId: bob, fileId: id, part: 0, totalParts: undefined }, randomBytes(3000));
        const before = state.reads;
        const send = () => small.world.domain.files.doPrepareMedia(bob, { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'image/gif', attributes: [NAME] });
        for (let call = 0; call < 2; call++) await expect(send()).rejects.toThrow('FLOOD_WAIT_600');
        expect(state.reads).toBe(before + 1);
        await small.send(bob, carol, other);
        expect(await send()).toMatchObject({ document: { mime_type: 'video/mp4', size: 5000n } });
      });

      it('that became a video is asked for again if the client then sends it as a plain file', async () => {
        state.animation = randomBytes(900);
        await upload(randomBytes(5000));
        await finishGif();
        await expect(finishGif(true)).rejects.toThrow('FILE_PART_0_MISSING');
      });
    });

    it('a voice message without a waveform gets one, and others keep theirs', async () => {
      const voice: tl.documentAttributeAudio = { _: 'documentAttributeAudio', voice: true, duration: 1 };
      Object.assign(FACTS, { video: undefined, type: 'ogg' });
      try {
        await upload(randomBytes(5000));
        expect((await finish([voice])).attributes).toEqual([expect.objectContaining({ voice: true, duration: 3, waveform: WAVEFORM })]);
        const own = new Uint8Array(63).fill(9);
        expect((await finish([{ ...voice, waveform: own }])).attributes).toEqual([expect.objectContaining({ waveform: own })]);
        // A browser says first that the file has sound.
        expect((await finish([{ _: 'documentAttributeAudio', duration: 0 }, { ...voice, waveform: own }])).attributes).toEqual([expect.objectContaining({ voice: true, waveform: own })]);
      } finally {
        Object.assign(FACTS, { video: { width: 320, height: 200 }, type: 'mp4' });
      }
    });
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
