import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { describeBotFile } from '../src/documents/describe-bot-file.ts';
import { describeDocument, type KnownFacts } from '../src/documents/describe-document.ts';
import { prepareAttributes } from '../src/documents/prepare-document.ts';

const WAVEFORM = new Uint8Array(63).fill(9);
const FACTS: KnownFacts = { type: 'ogg', video: undefined, codec: undefined, soundCodec: 'opus', hasSound: true, durationS: 3.2, isStreamable: false, title: 'In the file', performer: undefined, size: 5000, waveform: undefined };
/** What a browser says about each file with sound. */
const SOUND: tl.documentAttributeAudio = { _: 'documentAttributeAudio', duration: 0 };
/** What it says about its recording. */
const VOICE: tl.documentAttributeAudio = { _: 'documentAttributeAudio', voice: true, duration: 4, waveform: WAVEFORM };

describe('a document with two attributes of a kind', () => {
  test.each([
    ['first', [VOICE, SOUND]],
    ['last', [SOUND, VOICE]],
  ])('is a voice message with its waveform if the %s one says so', (_place, attributes) => {
    expect(describeDocument({ attributes }, FACTS)).toEqual([{ ...VOICE, duration: 3 }]);
    expect(describeDocument({ attributes }, undefined)).toEqual([VOICE]);
  });

  test('has what each of them says, and the first usable one of values that exclude each other', () => {
    const attributes: tl.DocumentAttribute[] = [
      { _: 'documentAttributeVideo', duration: Number.NaN, w: 0, h: 0, supports_streaming: true },
      { _: 'documentAttributeFilename', file_name: 'folder/ ' },
      { _: 'documentAttributeImageSize', w: -1, h: 5 },
      { _: 'documentAttributeVideo', duration: 7, w: 320, h: 240, round_message: true, nosound: true },
      { _: 'documentAttributeVideo', duration: 8, w: 640, h: 480 },
      { _: 'documentAttributeFilename', file_name: 'a.mp4' },
      { _: 'documentAttributeFilename', file_name: 'b.mp4' },
      { _: 'documentAttributeImageSize', w: 30, h: 40 },
      { _: 'documentAttributeSticker', alt: '', stickerset: { _: 'inputStickerSetEmpty' } },
      { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetID', id: 1n, access_hash: 2n } },
      { _: 'documentAttributeAnimated' },
      { _: 'documentAttributeAnimated' },
    ];
    expect(describeDocument({ attributes }, undefined)).toEqual([
      { _: 'documentAttributeVideo', duration: 7, w: 320, h: 240, round_message: true, supports_streaming: true, nosound: true },
      { _: 'documentAttributeFilename', file_name: 'a.mp4' },
      { _: 'documentAttributeImageSize', w: 30, h: 40 },
      { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } },
      { _: 'documentAttributeAnimated' },
    ]);
  });

  test('is a round video, and has the names of its music, whichever attribute says so', () => {
    const round = { ...FACTS, type: 'mp4', video: { width: 400, height: 400 } } as const;
    const videos: tl.DocumentAttribute[] = [{ _: 'documentAttributeVideo', duration: 0, w: 0, h: 0 }, { _: 'documentAttributeVideo', duration: 1, w: 1, h: 1, round_message: true }];
    expect(describeDocument({ attributes: videos }, round)).toMatchObject([{ round_message: true, w: 400, h: 400 }]);
    const music: tl.DocumentAttribute[] = [SOUND, { ...SOUND, title: 'Chosen', performer: ' ' }, { ...SOUND, performer: 'Somebody' }];
    expect(describeDocument({ attributes: music }, FACTS)).toEqual([{ _: 'documentAttributeAudio', duration: 3, title: 'Chosen', performer: 'Somebody' }]);
  });
});

describe('a file that a bot sends', () => {
  const NAME: tl.documentAttributeFilename = { _: 'documentAttributeFilename', file_name: 'a.txt' };
  const VIDEO: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 0, w: 0, h: 0 };
  const said = (mime_type: string, ...attributes: tl.DocumentAttribute[]): { mime_type: string; attributes: tl.DocumentAttribute[] } => ({ mime_type, attributes: [NAME, ...attributes] });

  test.each([
    ['a text as a voice message', said('text/plain', VOICE), { kind: 'other' }, { mimeType: 'text/plain', kinds: ['documentAttributeFilename'] }],
    ['a text that is called a video', said('video/mp4', VIDEO), { kind: 'other' }, { mimeType: 'application/octet-stream', kinds: ['documentAttributeFilename'] }],
    ['a picture as a video', said('video/mp4', VIDEO), { kind: 'picture', mimeType: 'image/jpeg' }, { mimeType: 'image/jpeg', kinds: ['documentAttributeFilename'] }],
    ['a picture as an animation', said('image/png', { _: 'documentAttributeAnimated' }), { kind: 'picture', mimeType: 'image/png' }, { mimeType: 'image/png', kinds: ['documentAttributeFilename'] }],
    ['Opus as a voice message', said('text/plain', VOICE), { kind: 'media', facts: FACTS }, { mimeType: 'audio/ogg', kinds: ['documentAttributeAudio'] }],
    ['sound as a video', said('video/mp4', VIDEO), { kind: 'media', facts: FACTS }, { mimeType: 'audio/ogg', kinds: ['documentAttributeAudio', 'documentAttributeFilename'] }],
    ['a voice message into which nobody has looked', said('text/plain', VOICE), { kind: 'unknown' }, { mimeType: 'audio/ogg', kinds: ['documentAttributeAudio'] }],
  ] as const)('%s', (_case, claims, content, { mimeType, kinds }) => {
    const described = describeBotFile(claims, content);
    expect([described.mimeType, described.attributes.map(({ _ }) => _)]).toEqual([mimeType, kinds]);
  });

  test.each(['vorbis', 'flac', undefined])('sound that clients cannot play as a voice message is music: %s', (soundCodec) => {
    expect(describeBotFile(said('audio/ogg', VOICE), { kind: 'media', facts: { ...FACTS, soundCodec } }).attributes).toEqual([{ _: 'documentAttributeAudio', duration: 3, title: 'In the file' }, NAME]);
  });
});

describe('the name of a file', () => {
  const cleaned = (file_name: string): string | undefined => prepareAttributes([{ _: 'documentAttributeFilename', file_name }]).find((one) => one._ === 'documentAttributeFilename')?.file_name;
  test.each([
    ['keeps its extension if it is too long', `${'a'.repeat(300)}.tar`, `${'a'.repeat(251)}.tar`],
    ['keeps it behind a path', `folder/${'ä'.repeat(255)}.jpeg`, `${'ä'.repeat(250)}.jpeg`],
    ['is not cut within a pair of surrogates', `${'🙂'.repeat(200)}.mp4`, `${'🙂'.repeat(125)}.mp4`],
    ['is cut if what comes behind its dot is no extension', `a.${'b'.repeat(300)}`, `a.${'b'.repeat(253)}`],
    ['stays if it is short', 'a.b.c', 'a.b.c'],
  ])('%s', (_case, name, expected) => {
    expect(cleaned(name)).toBe(expected);
  });
});
