import type { UsableFile } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { createFileIds, type NamedFile } from '../src/files/file-ids.ts';
import { keepSentFile, prepareAlbumMedia, prepareMedia } from '../src/files/input-file.ts';
import { type MediaKind, type MediaParam, readMediaDetails } from '../src/files/media-details.ts';
import { Params, type UploadedFile } from '../src/params/params.ts';

const idsOf = createFileIds(new Map([[0, new Uint8Array(32).fill(7)]]));
const FILE: tl.InputFile = { _: 'inputFile', id: 5n, parts: 1, name: 'a', md5_checksum: '' };
const PHOTO: NamedFile = { kind: 'photo', dcId: 2, id: 8n, size: 'x' };
const VIDEO: NamedFile = { kind: 'video', dcId: 2, id: 9n, size: '' };
const NAMED = { id: 0n, access_hash: 1n, file_reference: Uint8Array.of(1) };
const MADE_PHOTO: tl.photo = { _: 'photo', ...NAMED, id: 80n, date: 1, sizes: [], dc_id: 2 };
const MADE_DOCUMENT: tl.document = { _: 'document', ...NAMED, id: 90n, date: 1, mime_type: 'video/mp4', size: 1n, dc_id: 2, attributes: [] };
const upload = (name = '', mimeType = 'application/octet-stream'): UploadedFile => ({ file: FILE, name, mimeType, size: 100 });

/** A bot for which some documents and photos exist. It notes what is kept, and what is made by messages.uploadMedia. */
function makeCall(existing: readonly bigint[] = [PHOTO.id, VIDEO.id], fetches = true) {
  const [kept, made]: [bigint[], tl.InputMedia[]] = [[], []];
  const doUse = async (_botId: bigint, id: bigint): Promise<UsableFile | undefined> => {
    if (!existing.includes(id)) return undefined;
    return id === PHOTO.id ? { kind: 'photo', id: { _: 'inputPhoto', ...NAMED, id } } : { kind: 'document', id: { _: 'inputDocument', ...NAMED, id } };
  };
  const doKeep = async (_botId: bigint, ids: readonly bigint[]): Promise<void> => void kept.push(...ids);
  const invoke = async (request: { media: tl.InputMedia }): Promise<tl.MessageMedia> => {
    made.push(request.media);
    return request.media._.includes('Photo') ? { _: 'messageMediaPhoto', photo: MADE_PHOTO } : { _: 'messageMediaDocument', document: MADE_DOCUMENT };
  };
  return { kept, made, call: { botId: 1n, fileIds: idsOf(1n), domain: { botFiles: { doUse, doKeep }, urlUploads: { isOn: fetches } }, invoke } as never };
}

/** What sends a file of a request with these parameters; `file` is the name of the parameter of the file itself. */
function prepare(kind: MediaKind, raw: Record<string, unknown>, files: Record<string, UploadedFile> = {}, call = makeCall().call) {
  const params = new Params(new Map(Object.entries(raw)), new Map(Object.entries(files)));
  return prepareMedia(call, { kind, file: params.file('file'), details: readMediaDetails(params) });
}

/** The error of a file of a kind that is given as text. */
const errorOf = (kind: MediaKind, file: string): Promise<string> => prepare(kind, { file }).then((media) => media._, (error: Error) => error.message);

describe('a file that a bot uploads', () => {
  it('is sent with what the bot says about it', async () => {
    expect(await prepare('photo', { has_spoiler: true }, { file: upload('a.jpg') })).toEqual({ _: 'inputMediaUploadedPhoto', file: FILE, spoiler: true });
    const thumbnail = { ...upload('t.jpg'), file: { ...FILE, id: 6n } };
    expect(await prepare('video', { duration: '7', width: 640, height: 360, supports_streaming: 'true', start_timestamp: 3 }, { file: upload('a.mov'), thumbnail })).toMatchObject({
      mime_type: 'video/quicktime', thumb: { id: 6n }, nosound_video: true, video_timestamp: 3,
      attributes: [{ _: 'documentAttributeFilename', file_name: 'a.mov' }, { _: 'documentAttributeVideo', duration: 7, w: 640, h: 360, supports_streaming: true }],
    });
    expect(await prepare('audio', { duration: 7, title: 'Song', performer: 'Alice' }, { file: upload('a.mp3'), thumb: thumbnail })).toMatchObject({
      mime_type: 'audio/mpeg', thumb: { id: 6n }, attributes: [{}, { _: 'documentAttributeAudio', duration: 7, title: 'Song', performer: 'Alice' }],
    });
    expect(await prepare('voice', { duration: 7 }, { file: upload('a.txt') })).toMatchObject({ mime_type: 'text/plain', attributes: [{ file_name: 'a.txt' }, { _: 'documentAttributeAudio', voice: true, duration: 7 }] });
    expect(await prepare('video_note', { length: 240 }, { file: upload() })).toMatchObject({ attributes: [{ _: 'documentAttributeVideo', round_message: true, w: 240, h: 240 }] });
    expect(await prepare('animation', {}, { file: upload('a.gif') })).toMatchObject({ mime_type: 'image/gif', attributes: [{}, { _: 'documentAttributeAnimated' }] });
    expect(await prepare('sticker', { emoji: '🎈' }, { file: upload('a.webp') })).toMatchObject({ mime_type: 'image/webp', attributes: [{}, { _: 'documentAttributeSticker', alt: '🎈' }, { _: 'documentAttributeImageSize' }] });
    expect(await prepare('document', { disable_content_type_detection: true }, { file: upload('a.pdf') })).toMatchObject({ mime_type: 'application/pdf', force_file: true });
  });

  it('has the type that its name says, then what its client says, then that of its kind', async () => {
    expect(await prepare('document', {}, { file: upload('a.PDF', 'text/plain') })).toMatchObject({ mime_type: 'application/pdf' });
    expect(await prepare('document', {}, { file: upload('a', 'text/plain') })).toMatchObject({ mime_type: 'text/plain' });
    expect(await prepare('video', {}, { file: upload('a') })).toMatchObject({ mime_type: 'video/mp4' });
  });

  it('takes nothing out of range', async () => {
    expect(await prepare('video', { duration: -5, width: 9e9, height: 'x' }, { file: upload() })).toMatchObject({ attributes: [{ duration: 0, w: 10_000, h: 0 }] });
  });
});

describe('a file that a bot names', () => {
  it('is sent again by its id', async () => {
    const [photo, video] = [idsOf(1n).fileId(PHOTO), idsOf(1n).fileId(VIDEO)];
    expect(await prepare('photo', { file: photo, has_spoiler: 1 })).toEqual({ _: 'inputMediaPhoto', id: { _: 'inputPhoto', ...NAMED, id: 8n }, spoiler: true });
    expect(await prepare('video', { file: video, cover: photo })).toMatchObject({ _: 'inputMediaDocument', id: { id: 9n }, video_cover: { _: 'inputPhoto', id: 8n } });
    // Documents of all kinds stay what they are.
    expect(await prepare('document', { file: video })).toMatchObject({ _: 'inputMediaDocument', id: { id: 9n } });
  });

  it('is refused as something else, if it is gone, and if the id is another bot’s or none', async () => {
    const ids = idsOf(1n);
    expect(await errorOf('photo', ids.fileId(VIDEO))).toBe("Bad Request: can't use file of type Video as Photo");
    expect(await errorOf('document', ids.fileId(PHOTO))).toBe("Bad Request: can't use file of type Photo as Document");
    expect(await errorOf('photo', ids.fileId({ ...VIDEO, kind: 'thumbnail', size: 'm' }))).toBe("Bad Request: can't use file of type Thumbnail as Photo");
    expect(await errorOf('video_note', ids.fileId({ ...PHOTO, kind: 'chat_photo' }))).toBe("Bad Request: can't use file of type ProfilePhoto as VideoNote");
    expect(await errorOf('photo', ids.fileId({ ...PHOTO, id: 1000n }))).toBe('Bad Request: wrong file identifier/HTTP URL specified');
    expect(await errorOf('photo', idsOf(2n).fileId(PHOTO))).toMatch(/^Bad Request: wrong remote file identifier specified: /);
    expect(await errorOf('photo', 'a b')).toBe('Bad Request: wrong remote file identifier specified: Wrong character in the string');
    expect(await errorOf('photo', 'ABCDE')).toBe('Bad Request: wrong remote file identifier specified: Wrong string length');
    expect(await errorOf('photo', 'ABCD')).toBe("Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol");
  });

  it('is missed by its kind', async () => {
    expect(await errorOf('video_note', '')).toBe('Bad Request: there is no video note in the request');
    expect(await errorOf('photo', '')).toBe('Bad Request: there is no photo in the request');
  });

  it('is fetched from its address', async () => {
    expect(await prepare('photo', { file: 'https://example.org/a.jpg', has_spoiler: true })).toEqual({ _: 'inputMediaPhotoExternal', url: 'https://example.org/a.jpg', spoiler: true });
    expect(await prepare('document', { file: 'example.org/a.pdf' })).toMatchObject({ _: 'inputMediaDocumentExternal', url: 'http://example.org/a.pdf' });
    expect(await prepare('photo', { file: 'http://localhost/a' })).toMatchObject({ url: 'http://localhost/a' });
    expect(await errorOf('photo', 'file:///etc/passwd.txt')).toBe('Bad Request: invalid file HTTP URL specified: Unsupported URL protocol');
    for (const file of ['/etc/passwd', '/etc/host.conf', '\\\\host\\a.jpg', 'file:/etc/host.conf']) expect(await errorOf('document', file)).toBe('Bad Request: wrong file identifier/HTTP URL specified');
    expect(await errorOf('photo', 'http://.[')).toBe('Bad Request: invalid file HTTP URL specified: URL host is invalid');
    for (const file of ['a.b c', `http://example.org/${'a'.repeat(3000)}.jpg`]) expect(await errorOf('photo', file)).toBe('Bad Request: wrong file identifier/HTTP URL specified');
    expect(await errorOf('video_note', 'http://example.org/a.mp4')).toBe('Bad Request: wrong file identifier/HTTP URL specified');
  });

  it('is not fetched if the server fetches nothing; the error names the setting', async () => {
    const { call } = makeCall([], false);
    const file = { kind: 'text', text: 'https://example.org/a.jpg' } as const;
    await expect(prepareMedia(call, { kind: 'photo', file, details: readMediaDetails(new Params(new Map())) })).rejects.toThrow('Bad Request: failed to get HTTP URL content: this server fetches no files (AEROGRAM_FILES_BY_URL)');
  });
});

describe('a file that is new', () => {
  const PEER: tl.InputPeer = { _: 'inputPeerUser', user_id: 3n, access_hash: 0n };
  const details = (raw: Record<string, unknown>) => readMediaDetails(new Params<MediaParam>(new Map(Object.entries(raw))));

  it('is made before the album with it is sent, and kept', async () => {
    const { call, kept, made } = makeCall();
    const media = await prepareAlbumMedia(call, { kind: 'video', file: { kind: 'upload', upload: upload('a.mp4') }, details: details({ has_spoiler: true, cover: 'https://example.org/a.jpg' }) }, PEER);
    expect(media).toEqual({ _: 'inputMediaDocument', id: { _: 'inputDocument', ...NAMED, id: 90n }, spoiler: true, video_cover: { _: 'inputPhoto', ...NAMED, id: 80n }, video_timestamp: undefined });
    expect(made.map(({ _ }) => _)).toEqual(['inputMediaPhotoExternal', 'inputMediaUploadedDocument']);
    expect(kept).toEqual([80n, 90n]);
    expect(await prepareAlbumMedia(call, { kind: 'photo', file: { kind: 'text', text: idsOf(1n).fileId(PHOTO) }, details: details({}) }, PEER)).toMatchObject({ _: 'inputMediaPhoto', id: { id: 8n } });
    expect(made.length).toBe(2);
  });

  it('is kept when it was sent; one that the bot has named is kept by that', async () => {
    const { call, kept } = makeCall();
    const sent: tl.MessageMedia = { _: 'messageMediaDocument', document: MADE_DOCUMENT, video_cover: MADE_PHOTO };
    await keepSentFile(call, { _: 'inputMediaDocument', id: { _: 'inputDocumentEmpty' } }, sent);
    expect(kept).toEqual([]);
    await keepSentFile(call, { _: 'inputMediaDocumentExternal', url: '' }, sent);
    expect(kept).toEqual([90n, 80n]);
  });
});

it('an object of an album is read as the parameters of a request, with the files of the request', () => {
  const params = new Params(new Map(), new Map([['file0', upload('a.jpg')]]));
  const inside = params.inside<MediaParam | 'media'>({ media: 'attach://file0', thumb: 'attach://file0', duration: 5, cover: 'abc' });
  expect(inside.file('media')).toEqual({ kind: 'upload', upload: upload('a.jpg') });
  expect(readMediaDetails(inside)).toMatchObject({ duration: 5, thumbnail: { name: 'a.jpg' }, cover: { kind: 'text', text: 'abc' } });
});
