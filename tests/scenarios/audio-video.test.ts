import { verifyUpdates, type Actor } from '@aerogram/dev-env';
import { findFfmpeg } from '@aerogram/media';
import { Long, type tl } from '@mtcute/node';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBehind, readSample } from '../../packages/media/test/samples.ts';
import { checkMessageFiles, documentIn, documentOf, download, hashOf, locationOf, makeFile, sendMedia, upload } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { loadSizes, makePicture, mediaNow, photoIn, sizeLocation, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
afterEach(() => checkMessageFiles(scenario.server.db));

type Claims = Partial<Pick<tl.RawInputMediaUploadedDocument, 'mimeType' | 'attributes' | 'forceFile' | 'nosoundVideo'>>;

const NAME: tl.RawDocumentAttributeFilename = { _: 'documentAttributeFilename', fileName: 'a file' };
/** What a client says that knows nothing of its file, or lies. */
const LIE: tl.RawDocumentAttributeVideo = { _: 'documentAttributeVideo', duration: 7777, w: 11, h: 22, supportsStreaming: true };
const VOICE: tl.RawDocumentAttributeAudio = { _: 'documentAttributeAudio', voice: true, duration: 999, waveform: Buffer.alloc(63, 0x21) };

/** Uploads a file, and says something about it. */
async function media(actor: Actor, bytes: Buffer, { mimeType = 'video/mp4', attributes = [], ...claims }: Claims = {}): Promise<tl.RawInputMediaUploadedDocument> {
  return { _: 'inputMediaUploadedDocument', file: await upload(actor.main, { bytes, name: 'a' }), mimeType, attributes: [NAME, ...attributes], ...claims };
}

/** The attributes that the server gives a file, by their names without `documentAttribute`. */
async function describeFile(actor: Actor, bytes: Buffer, claims: Claims = {}): Promise<Record<string, tl.TypeDocumentAttribute>> {
  const answer = await actor.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: await media(actor, bytes, claims) });
  return Object.fromEntries(documentIn(answer).attributes.map((attribute) => [attribute._.replace('documentAttribute', ''), attribute]));
}

/** A sample that no other test uploads: bytes behind the end of the last box say nothing. */
function fresh(name: string): Buffer {
  const free = Buffer.from(`\0\0\0\x18free${Math.random().toFixed(14)}`.slice(0, 24).padEnd(24, '0'), 'latin1');
  return name.endsWith('.mp4') ? Buffer.concat([readSample(name), free]) : readSample(name);
}

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  return [alice, bob];
}

/** Each kind of message, how it is sent, and what the other side sees. */
const KINDS: { kind: string; sample: string; claims: Claims; filter: tl.TypeMessagesFilter; flags: object; attribute: object }[] = [
  { kind: 'a video', sample: 'film.mp4', claims: { attributes: [LIE] }, filter: { _: 'inputMessagesFilterVideo' }, flags: { video: true, round: false, voice: false }, attribute: { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64, supportsStreaming: true, roundMessage: false } },
  { kind: 'a round video', sample: 'round.mp4', claims: { attributes: [{ ...LIE, roundMessage: true }] }, filter: { _: 'inputMessagesFilterRoundVideo' }, flags: { video: true, round: true, voice: false }, attribute: { _: 'documentAttributeVideo', duration: 2, w: 96, h: 96, roundMessage: true } },
  { kind: 'an animation', sample: 'silent.mp4', claims: { attributes: [LIE] }, filter: { _: 'inputMessagesFilterGif' }, flags: { video: false }, attribute: { _: 'documentAttributeAnimated' } },
  { kind: 'a voice message', sample: 'voice.ogg', claims: { mimeType: 'audio/ogg', attributes: [VOICE] }, filter: { _: 'inputMessagesFilterVoice' }, flags: { voice: true, video: false }, attribute: { _: 'documentAttributeAudio', voice: true, duration: 3, waveform: Buffer.alloc(63, 0x21) } },
  { kind: 'music', sample: 'music.mp3', claims: { mimeType: 'audio/mpeg' }, filter: { _: 'inputMessagesFilterMusic' }, flags: { voice: false, video: false }, attribute: { _: 'documentAttributeAudio', voice: false, duration: 3, title: 'A tune', performer: 'Somebody' } },
];

/** ffmpeg makes pictures of videos, and waveforms. */
const HAS_FFMPEG = (await findFfmpeg()).isThere;

/** Loads a thumbnail. @returns width and height of the picture */
async function loadThumb(actor: Actor, document: tl.RawDocument, thumbSize: string): Promise<string> {
  const file = (await actor.main.call({ _: 'upload.getFile', location: { ...locationOf(document), thumbSize }, offset: 0, limit: 1_048_576 })) as tl.upload.RawFile;
  const { format, width, height } = await sharp(file.bytes).metadata();
  return `${format} ${width}x${height}`;
}

const FILTERS = KINDS.map(({ filter }) => filter);

test.each(KINDS)('$kind arrives as what it is, and is found by its kind only', async ({ kind, sample, claims, filter, flags, attribute }) => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    const bytes = readSample(sample);
    await sendMedia(alice.main, await media(alice, bytes, claims), { peer: alice.main.inputPeer(bob.id), caption: kind });
    const { id } = await bob.sees(kind);
    expect(await mediaNow(bob.main, id)).toMatchObject(flags);
    const document = await documentOf(bob.main, id);
    expect(document.attributes).toContainEqual(expect.objectContaining(attribute));
    expect(document.attributes).toContainEqual(NAME);
    expect(hashOf(await download(bob.main, document))).toBe(hashOf(bytes));
    const counters = await bob.main.call({ _: 'messages.getSearchCounters', peer: bob.main.inputPeer(alice.id), filters: FILTERS });
    expect(counters.filter(({ count }) => count > 0).map((counter) => counter.filter._)).toEqual([filter._]);
  });
});

describe('what a client leaves out', () => {
  test.skipIf(!HAS_FFMPEG)('the first frame of a video is its thumbnail, which the receiver loads and forwards', async () => {
    const [alice, bob] = await pair();
    await verifyUpdates([alice, bob], async () => {
      await sendMedia(alice.main, await media(alice, fresh('film.mp4'), { attributes: [LIE] }), { peer: alice.main.inputPeer(bob.id), caption: 'a film' });
      const { id } = await bob.sees('a film');
      const document = await documentOf(bob.main, id);
      expect(document.thumbs).toMatchObject([{ _: 'photoStrippedSize' }, { _: 'photoSize', type: 's', w: 96, h: 64 }]);
      expect(await loadThumb(bob, document, 's')).toBe('jpeg 96x64');
      const forwarded = await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), id: [id], randomId: [Long.fromNumber(77)], toPeer: { _: 'inputPeerSelf' } });
      const own = (forwarded as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
      expect(await loadThumb(bob, await documentOf(bob.main, own), 's')).toBe('jpeg 96x64');
    });
  });

  test('the cover of music is its thumbnail', async () => {
    const [alice] = await pair();
    const id = await sendMedia(alice.main, await media(alice, readSample('covered.mp3'), { mimeType: 'audio/mpeg' }), { peer: { _: 'inputPeerSelf' } });
    expect(await loadThumb(alice, await documentOf(alice.main, id), 's')).toBe('jpeg 64x64');
  });

  test.skipIf(!HAS_FFMPEG)('a voice message without a waveform gets one', async () => {
    const [alice] = await pair();
    const id = await sendMedia(alice.main, await media(alice, readSample('voice.ogg'), { mimeType: 'audio/ogg', attributes: [{ ...VOICE, waveform: undefined }] }), { peer: { _: 'inputPeerSelf' } });
    const voice = (await documentOf(alice.main, id)).attributes.find((attribute) => attribute._ === 'documentAttributeAudio')!;
    expect(voice.waveform).toHaveLength(63);
    expect(Math.max(...Buffer.from(voice.waveform!))).toBeGreaterThan(0);
  });

  test.skipIf(!HAS_FFMPEG)('a GIF file becomes an animation, unless it is sent as a file', async () => {
    const [alice, bob] = await pair();
    await verifyUpdates([alice, bob], async () => {
      const gif = await media(alice, readSample('dance.gif'), { mimeType: 'image/gif' });
      await sendMedia(alice.main, gif, { peer: alice.main.inputPeer(bob.id), caption: 'dance' });
      const { id } = await bob.sees('dance');
      const document = await documentOf(bob.main, id);
      expect(document).toMatchObject({ mimeType: 'video/mp4' });
      expect(document.attributes).toEqual([
        expect.objectContaining({ _: 'documentAttributeVideo', w: 48, h: 32, duration: 2, supportsStreaming: true }),
        { _: 'documentAttributeAnimated' },
        { _: 'documentAttributeFilename', fileName: 'a file.mp4' },
      ]);
      expect(await loadThumb(bob, document, 's')).toBe('jpeg 48x32');
      expect(Buffer.from(await download(bob.main, document)).toString('latin1', 4, 8)).toBe('ftyp');
      // It can be kept with the other animations.
      const { accessHash, fileReference } = document;
      await bob.main.change({ _: 'messages.saveGif', id: { _: 'inputDocument', id: document.id, accessHash, fileReference }, unsave: false });
    });
    const plain = await sendMedia(alice.main, await media(alice, readSample('dance.gif'), { mimeType: 'image/gif', forceFile: true }), { peer: { _: 'inputPeerSelf' } });
    expect(await documentOf(alice.main, plain)).toMatchObject({ mimeType: 'image/gif', attributes: [NAME, { _: 'documentAttributeImageSize', w: 49, h: 33 }] });
  });

  test('a thumbnail of the client stays', async () => {
    const [alice] = await pair();
    const thumb = await upload(alice.main, { bytes: await makePicture(300, 200), name: 'thumb.jpg' });
    const id = await sendMedia(alice.main, { ...(await media(alice, fresh('film.mp4'), { attributes: [LIE] })), thumb }, { peer: { _: 'inputPeerSelf' } });
    expect(await loadThumb(alice, await documentOf(alice.main, id), 'm')).toBe('jpeg 300x200');
  });
});

describe('the cover of a video', () => {
  /** Uploads a picture. @returns it as the cover of a video */
  async function cover(actor: Actor): Promise<tl.RawInputPhoto> {
    const answer = await actor.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: await uploadedPhoto(actor.main, await makePicture(400, 300)) });
    const { id, accessHash, fileReference } = photoIn(answer);
    return { _: 'inputPhoto', id, accessHash, fileReference };
  }

  /** The cover of media. */
  const coverIn = (shown: tl.TypeMessageMedia | undefined): tl.RawPhoto | undefined => (shown?._ === 'messageMediaDocument' && shown.videoCover?._ === 'photo' ? shown.videoCover : undefined);

  test('reaches the receiver, who loads it as long as the message is there', async () => {
    const [alice, bob] = await pair();
    await verifyUpdates([alice, bob], async () => {
      const film = { ...(await media(alice, fresh('film.mp4'), { attributes: [LIE] })), videoCover: await cover(alice), videoTimestamp: 1 };
      const sent = await sendMedia(alice.main, film, { peer: alice.main.inputPeer(bob.id), caption: 'covered' });
      const { id } = await bob.sees('covered');
      const seen = await mediaNow(bob.main, id);
      expect(seen).toMatchObject({ video: true, videoTimestamp: 1 });
      const photo = coverIn(seen)!;
      expect(await loadSizes(bob.main, photo)).toEqual(['s 100x75', 'm 320x240', 'x 400x300']);
      const forwarded = await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), id: [id], randomId: [Long.fromNumber(78)], toPeer: { _: 'inputPeerSelf' } });
      const own = (forwarded as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
      await alice.main.change({ _: 'messages.deleteMessages', id: [sent], revoke: true });
      const load = (): Promise<unknown> => bob.main.call({ _: 'upload.getFile', location: sizeLocation(photo, 'm'), offset: 0, limit: 4096 });
      await expect.poll(() => load().then(() => 'loaded', (error: Error) => error.message), { timeout: 5000, interval: 200 }).toContain('FILE_REFERENCE_EXPIRED');
      expect(await loadSizes(bob.main, coverIn(await mediaNow(bob.main, own))!)).toHaveLength(3);
    });
  });

  test('can be added to a video that was uploaded before, and must be a photo that the sender may read', async () => {
    const [alice, bob] = await pair();
    const film = documentIn(await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: await media(alice, fresh('film.mp4'), { attributes: [LIE] }) }));
    const { id, accessHash, fileReference } = film;
    const again: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } };
    const sent = await sendMedia(alice.main, { ...again, videoCover: await cover(alice) }, { peer: { _: 'inputPeerSelf' } });
    expect(coverIn(await mediaNow(alice.main, sent))).toBeDefined();
    const others = await cover(bob);
    const fails = (videoCover: tl.TypeInputPhoto): Promise<{ text: string }> => alice.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { ...again, videoCover }, message: '', randomId: Long.fromNumber(79) });
    expect((await fails(others)).text).toBe('FILE_REFERENCE_EXPIRED');
    expect((await fails({ ...others, accessHash: Long.ONE })).text).toBe('MEDIA_INVALID');
  });

  test('belongs to videos only', async () => {
    const [alice] = await pair();
    const song = { ...(await media(alice, readSample('music.mp3'))), videoCover: await cover(alice), videoTimestamp: 1 };
    const sent = await sendMedia(alice.main, song, { peer: { _: 'inputPeerSelf' } });
    const shown = await mediaNow(alice.main, sent);
    expect(coverIn(shown)).toBeUndefined();
    expect(shown).not.toHaveProperty('videoTimestamp', 1);
  });
});

describe('what a client says', () => {
  let alice: Actor;
  beforeAll(async () => {
    alice = await scenario.world.user('Alice');
  });

  test('is believed of a file that the server cannot read, and bounded', async () => {
    expect(await describeFile(alice, makeFile(500).bytes, { attributes: [LIE] })).toMatchObject({ Video: { duration: 7777, w: 11, h: 22, supportsStreaming: true } });
    expect(await describeFile(alice, makeFile(500).bytes, { attributes: [{ ...LIE, w: 100_000 }] })).toEqual({ Filename: NAME });
  });

  test('does not make sound of a video, or a video of sound', async () => {
    const film = await describeFile(alice, fresh('film.mp4'), { attributes: [VOICE] });
    expect(Object.keys(film).toSorted()).toEqual(['Filename', 'Video']);
    const sound = await describeFile(alice, readSample('voice.ogg'), { attributes: [LIE, { _: 'documentAttributeAnimated' }] });
    expect(Object.keys(sound).toSorted()).toEqual(['Audio', 'Filename']);
  });

  test('decides whether a file stays a plain file', async () => {
    expect(await describeFile(alice, fresh('film.mp4'), { forceFile: true })).toEqual({ Filename: NAME });
    expect(await describeFile(alice, fresh('film.mp4'))).toMatchObject({ Video: { duration: 2 } });
    // Clients play only MP4 in the chat.
    expect(await describeFile(alice, readSample('film.webm'), { mimeType: 'video/webm' })).toEqual({ Filename: NAME });
    expect(await describeFile(alice, readSample('film.webm'), { mimeType: 'video/webm', attributes: [LIE] })).toMatchObject({ Video: { w: 96, supportsStreaming: false } });
  });

  test('a video without sound is an animation, unless its client says that it is a video', async () => {
    expect(await describeFile(alice, fresh('silent.mp4'), { attributes: [LIE] })).toMatchObject({ Animated: {}, Video: { nosound: false } });
    const video = await describeFile(alice, fresh('silent.mp4'), { attributes: [LIE], nosoundVideo: true });
    expect(video).toMatchObject({ Video: { nosound: true } });
    expect(video).not.toHaveProperty('Animated');
    expect(await describeFile(alice, fresh('film.mp4'), { attributes: [LIE, { _: 'documentAttributeAnimated' }] })).not.toHaveProperty('Animated');
  });

  test('only a square is a round video', async () => {
    expect(await describeFile(alice, fresh('film.mp4'), { attributes: [{ ...LIE, roundMessage: true }] })).toMatchObject({ Video: { roundMessage: false } });
  });

  test('the index of a streamable video comes first', async () => {
    expect(await describeFile(alice, readSample('film-late-index.mp4'), { attributes: [LIE] })).toMatchObject({ Video: { supportsStreaming: false } });
  });

  test('names of music that the sender has chosen come before those in the file', async () => {
    const named: tl.RawDocumentAttributeAudio = { _: 'documentAttributeAudio', duration: 1, title: 'My tune' };
    expect(await describeFile(alice, readSample('music.mp3'), { attributes: [named] })).toMatchObject({ Audio: { duration: 3, title: 'My tune', performer: 'Somebody' } });
    expect(await describeFile(alice, readSample('music.mp3'), { attributes: [{ ...named, title: '', performer: ' ' }] })).toMatchObject({ Audio: { title: 'A tune', performer: 'Somebody' } });
  });

  test('a repeated call gives the same document', async () => {
    const film = await media(alice, fresh('film.mp4'), { attributes: [LIE] });
    const call = async (): Promise<Long> => documentIn(await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: film })).id;
    expect(await call()).toEqual(await call());
  });
});

test('a right to send files of a kind holds for what is in the file, whatever the client says', async () => {
  const [alice, bob] = await pair();
  const { peer } = await createGroup(alice, [bob]);
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendVideos: true, sendVoices: true, sendRoundvideos: true, sendGifs: true, sendAudios: true } });
  const sending = async (bytes: Buffer, claims: Claims): Promise<string> =>
    (await bob.main.fails({ _: 'messages.sendMedia', peer, media: await media(bob, bytes, claims), message: '', randomId: Long.fromNumber(Math.floor(Math.random() * 1e15)) })).text;
  expect(await sending(fresh('film.mp4'), { attributes: [VOICE] })).toBe('CHAT_SEND_VIDEOS_FORBIDDEN');
  expect(await sending(fresh('film.mp4'), {})).toBe('CHAT_SEND_VIDEOS_FORBIDDEN');
  expect(await sending(fresh('round.mp4'), { attributes: [{ ...LIE, roundMessage: true }] })).toBe('CHAT_SEND_ROUNDVIDEOS_FORBIDDEN');
  expect(await sending(fresh('silent.mp4'), { attributes: [LIE] })).toBe('CHAT_SEND_GIFS_FORBIDDEN');
  expect(await sending(readSample('voice.ogg'), { attributes: [VOICE] })).toBe('CHAT_SEND_VOICES_FORBIDDEN');
  expect(await sending(readSample('music.mp3'), { attributes: [LIE] })).toBe('CHAT_SEND_AUDIOS_FORBIDDEN');
  await sendMedia(bob.main, await media(bob, fresh('film.mp4'), { forceFile: true }), { peer, caption: 'a file' });
});

describe('hostile files go as plain documents', () => {
  const film = readSample('film-late-index.mp4');
  const huge = readSample('film.mp4');
  // The sides in the header of the track, which are fixed-point numbers, and those in the description of the samples.
  huge.writeUInt32BE(0xffff_ffff, findBehind(huge, 'tkhd') + 76);
  huge.writeUInt32BE(0xffff_ffff, findBehind(huge, 'tkhd') + 80);
  const description = huge.indexOf('avc1', findBehind(huge, 'stsd')) + 4;
  huge.writeUInt32BE(0xffff_ffff, description + 24);
  test.each<[string, Buffer]>([
    ['a truncated video', film.subarray(0, findBehind(film, 'mdat') + 500)],
    ['a list of other files', Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n')],
    ['a video with huge sides', huge],
    ['a page that goes on as a video', Buffer.concat([Buffer.from('<html>'), film])],
  ])('%s', async (_name, bytes) => {
    const alice = await scenario.world.user('Alice');
    const id = await sendMedia(alice.main, await media(alice, bytes), { peer: { _: 'inputPeerSelf' } });
    const document = await documentOf(alice.main, id);
    expect(document.attributes).toEqual([NAME]);
    expect(hashOf(await download(alice.main, document))).toBe(hashOf(bytes));
  });
});
