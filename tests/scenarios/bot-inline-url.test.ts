import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Actor, type BotClient, findSentId } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSample } from '../../packages/media/test/samples.ts';
import { readMessage } from './bot-stage.ts';
import { checkMessageFiles, documentIn, locationOf } from './file-stage.ts';
import { answering, ask, asking, seesQuery, sending, startInline } from './inline-stage.ts';
import { type PageSite, pourForEver, startPageSite } from './page-site.ts';
import { bomb, loadSizes, makePicture, photoIn } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let site: PageSite;
/** What the site has, by path. */
const answers = new Map<string, (response: ServerResponse) => void>();
beforeAll(async () => {
  site = await startPageSite((path, response) => {
    const answer = answers.get(path);
    answer?.(response);
    return answer !== undefined;
  });
  scenario = await startScenario({ env: site.env });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});
afterEach(() => checkMessageFiles(scenario.server.db));

/** Puts a file on the site. @returns its path */
function put(name: string, type: string, body: Uint8Array | string): string {
  const path = `/${randomBytes(6).toString('hex')}/${name}`;
  answers.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(body));
  return path;
}

const webDocument = (path: string, mimeType: string, attributes: tl.TypeDocumentAttribute[] = []): tl.RawInputWebDocument => ({
  _: 'inputWebDocument', url: path.startsWith('/') ? `${site.base}${path}` : path, size: 0, mimeType, attributes,
});

/** A result that is a file of the site. */
const fileResult = (id: string, type: string, content: tl.RawInputWebDocument, message = `this is ${id}`): tl.RawInputBotInlineResult => ({
  _: 'inputBotInlineResult', id, type, title: id, content, thumb: webDocument('/thumb.jpg', 'image/jpeg'), sendMessage: { _: 'inputBotInlineMessageMediaAuto', message },
});

const SELF: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };

/** Sends a result to oneself. @returns the message, as the sender reads it then */
async function send(person: Actor, queryId: tl.Long, id: string): Promise<tl.RawMessage> {
  return readMessage(person, findSentId(await person.main.change(sending(SELF, queryId, id))));
}

const refusedSend = async (person: Actor, queryId: tl.Long, id: string): Promise<string> => (await person.main.fails(sending(SELF, queryId, id))).text;

describe('a result that is a file at a URL', () => {
  test('is shown from its site through the server, and sent as a file that the server has fetched', async () => {
    const { bot, person } = await startInline(scenario, 'Kinds_bot');
    await using _ = bot;
    const paths = {
      photo: put('photo.jpg', 'image/jpeg', await makePicture(900, 600)),
      gif: put('dance.gif', 'image/gif', readSample('dance.gif')),
      mpeg4: put('silent.mp4', 'video/mp4', readSample('silent.mp4')),
      video: put('film.mp4', 'video/mp4', readSample('film.mp4')),
      audio: put('music.mp3', 'audio/mpeg', readSample('music.mp3')),
      voice: put('voice.ogg', 'audio/ogg', readSample('voice.ogg')),
      file: put('a%20paper.pdf', 'application/pdf', '%PDF-1.4 a paper'),
      sticker: put('sticker.webp', 'image/webp', await makePicture(512, 300, 'webp')),
    };
    const claimed: tl.TypeDocumentAttribute[] = [
      { _: 'documentAttributeVideo', w: 9999, h: 9999, duration: 7777 },
      { _: 'documentAttributeVideo', w: 1, h: 1, duration: 1 },
      { _: 'documentAttributeHasStickers' },
      { _: 'documentAttributeCustomEmoji', alt: 'x', stickerset: { _: 'inputStickerSetID', id: Long.ONE, accessHash: Long.ONE } },
    ];
    const found = await ask({ person, bot }, 'kinds', [
      fileResult('photo', 'photo', webDocument(paths.photo, 'image/jpeg')),
      fileResult('gif', 'gif', webDocument(paths.gif, 'image/gif')),
      fileResult('mpeg4', 'gif', webDocument(paths.mpeg4, 'video/mp4')),
      fileResult('video', 'video', webDocument(paths.video, 'video/mp4', claimed)),
      fileResult('audio', 'audio', webDocument(paths.audio, 'audio/mpeg', [{ _: 'documentAttributeAudio', duration: 999, title: 'Chosen' }])),
      fileResult('voice', 'voice', webDocument(paths.voice, 'audio/ogg')),
      fileResult('file', 'file', webDocument(paths.file, 'application/pdf')),
      fileResult('sticker', 'sticker', webDocument(paths.sticker, 'image/webp'), ''),
    ]);
    expect(site.asked.get(paths.photo)).toBeUndefined();
    const shown = found.results[3] as tl.RawBotInlineResult;
    // One attribute of each kind that says something about a file is left.
    expect(shown).toMatchObject({ type: 'video', content: { _: 'webDocument', mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', w: 9999, duration: 7777 }] }, thumb: { _: 'webDocument' } });
    expect(shown.content!.attributes).toHaveLength(1);
    const { url, accessHash } = shown.content as tl.RawWebDocument;
    const loaded = await person.main.call({ _: 'upload.getWebFile', location: { _: 'inputWebFileLocation', url, accessHash }, offset: 0, limit: 65_536 });
    expect(Buffer.from(loaded.bytes).equals(readSample('film.mp4').subarray(0, 65_536))).toBe(true);

    for (const [id, document] of [
      ['gif', { mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo' }, { _: 'documentAttributeAnimated' }, { fileName: 'dance.gif.mp4' }] }],
      ['mpeg4', { mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', w: 96, h: 64 }, { _: 'documentAttributeAnimated' }, { fileName: 'silent.mp4' }] }],
      // What the bot said about the video is not what the file is.
      ['video', { mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', w: 96, h: 64, duration: 2 }, { fileName: 'film.mp4' }] }],
      ['audio', { mimeType: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', duration: 3, title: 'Chosen', performer: 'Somebody' }, { fileName: 'music.mp3' }] }],
      ['voice', { mimeType: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3 }] }],
      ['file', { mimeType: 'application/pdf', attributes: [{ fileName: 'a paper.pdf' }] }],
      ['sticker', { mimeType: 'image/webp', attributes: [{ fileName: 'sticker.webp' }, { _: 'documentAttributeImageSize', w: 512, h: 300 }, { _: 'documentAttributeSticker' }] }],
    ] as const) {
      const message = await send(person, found.queryId, id);
      expect(message, id).toMatchObject({ viaBotId: bot.id, message: id === 'sticker' ? '' : `this is ${id}` });
      expect(documentIn(message.media), id).toMatchObject(document);
    }
    const photo = await send(person, found.queryId, 'photo');
    expect(photo).toMatchObject({ viaBotId: bot.id, message: 'this is photo' });
    expect(await loadSizes(person.main, photoIn(photo.media))).toContain('x 800x533');
  });

  test('is fetched once for everybody who sends it, and then is a file of the server', async () => {
    const { bot, person } = await startInline(scenario, 'Once_bot');
    await using _ = bot;
    const others = await Promise.all([1, 2].map(() => scenario.world.user('Other')));
    for (const other of others) await other.main.call({ _: 'contacts.resolveUsername', username: 'Once_bot' });
    const path = put('paper.pdf', 'application/pdf', '%PDF-1.4 for all');
    const { queryId } = await ask({ person, bot }, 'paper', [fileResult('1', 'file', webDocument(path, 'application/pdf'))], { cacheTime: 300 });
    const sent = await Promise.all([person, ...others, person].map((who) => send(who, queryId, '1')));
    expect(new Set(sent.map(({ media }) => documentIn(media).id.toString())).size).toBe(1);
    expect(site.asked.get(path)).toBe(1);
    const again = await others[0]!.main.call(asking(others[0]!, bot, 'paper'));
    const document = (again.results[0] as tl.RawBotInlineMediaResult).document as tl.RawDocument;
    expect(again.results).toMatchObject([{ _: 'botInlineMediaResult', id: '1', type: 'file', title: '1' }]);
    const file = await others[0]!.main.call({ _: 'upload.getFile', location: locationOf(document), offset: 0, limit: 4096 });
    expect(Buffer.from((file as tl.upload.RawFile).bytes).toString()).toBe('%PDF-1.4 for all');
    await send(others[1]!, again.queryId, '1');
    expect(site.asked.get(path)).toBe(1);
  });

  test('sent twice with one random id is one message', async () => {
    const { bot, person } = await startInline(scenario, 'Repeat_bot');
    await using _ = bot;
    const path = put('paper.pdf', 'application/pdf', '%PDF-1.4 twice');
    const { queryId } = await ask({ person, bot }, 'twice', [fileResult('1', 'file', webDocument(path, 'application/pdf'))]);
    const request = sending(SELF, queryId, '1');
    const ids = (await Promise.all([person.main.call(request), person.main.call(request)])).map(findSentId);
    ids.push(findSentId(await person.main.call(request)));
    expect(new Set(ids).size).toBe(1);
    expect(site.asked.get(path)).toBe(1);
  });

  test('is refused if it is none that can be shown', async () => {
    const { bot, person } = await startInline(scenario, 'Wrong_bot');
    await using _ = bot;
    const answer = person.main.call(asking(person, bot, 'wrong'));
    const { queryId } = await seesQuery(bot, 'wrong');
    const photo = fileResult('1', 'photo', webDocument('/x', 'image/jpeg'));
    for (const [error, result] of [
      ['PHOTO_CONTENT_URL_EMPTY', { ...photo, content: undefined }],
      ['PHOTO_THUMB_URL_EMPTY', { ...photo, thumb: undefined }],
      ['PHOTO_CONTENT_TYPE_INVALID', fileResult('1', 'photo', webDocument('/x', 'image/svg+xml'))],
      ['GIF_CONTENT_TYPE_INVALID', fileResult('1', 'gif', webDocument('/x', 'image/png'))],
      ['VIDEO_CONTENT_TYPE_INVALID', fileResult('1', 'video', webDocument('/x', 'video/webm'))],
      ['FILE_CONTENT_TYPE_INVALID', fileResult('1', 'file', webDocument('/x', 'application/x-msdownload'))],
      ['FILE_TITLE_EMPTY', { ...fileResult('1', 'file', webDocument('/x', 'application/pdf')), title: undefined }],
      ['AUDIO_CONTENT_URL_EMPTY', { ...photo, type: 'audio', content: undefined }],
      ['WEBDOCUMENT_MIME_INVALID', fileResult('1', 'voice', webDocument('/x', 'text/html'))],
      ['WEBDOCUMENT_URL_INVALID', fileResult('1', 'photo', webDocument('ftp://example.org/x', 'image/jpeg'))],
      ['WEBDOCUMENT_SIZE_TOO_BIG', fileResult('1', 'photo', { ...webDocument('/x', 'image/jpeg'), size: 6_000_000 })],
      // A page is played by clients; the bot has to say what is sent.
      ['SEND_MESSAGE_MEDIA_INVALID', fileResult('1', 'video', webDocument('/x', 'text/html'))],
      ['RESULT_TYPE_INVALID', { ...photo, type: 'article' }],
    ] as [string, tl.RawInputBotInlineResult][]) {
      expect(await bot.refusal(answering(queryId, [result])), error).toBe(error);
    }
    const pages = ['video', 'article'].map((type) => ({ ...fileResult(type, type, webDocument('https://example.org/page', 'text/html')), sendMessage: { _: 'inputBotInlineMessageText', message: 'look' } as const }));
    await bot.call(answering(queryId, pages));
    expect((await answer).results).toMatchObject(['video', 'article'].map((type) => ({ type, content: { _: 'webDocumentNoProxy', url: 'https://example.org/page' } })));
  });
});

/** What the bots say of the files. */
const TYPES = { photo: 'image/jpeg', file: 'application/pdf', video: 'video/mp4', sticker: 'image/webp' };

describe('a result cannot be sent', () => {
  const status = (path: string, code: number, headers: Record<string, string> = {}): void => void answers.set(path, (response) => response.writeHead(code, headers).end());
  const hostile: [string, keyof typeof TYPES, string, (path: string) => void][] = [
    ['leads to an address that is not public', 'photo', 'WEBPAGE_CURL_FAILED', (path) => status(path, 302, { location: 'http://169.254.169.254/latest/meta-data/' })],
    ['leads to a port that is closed', 'file', 'WEBPAGE_CURL_FAILED', (path) => status(path, 302, { location: 'http://127.0.0.1:1/' })],
    ['leads to itself', 'video', 'WEBPAGE_CURL_FAILED', (path) => status(path, 302, { location: path })],
    ['never ends', 'photo', 'WEBPAGE_CURL_FAILED', (path) => answers.set(path, (response) => pourForEver(response, 'image/jpeg'))],
    ['never ends either', 'video', 'WEBPAGE_CURL_FAILED', (path) => answers.set(path, (response) => pourForEver(response, 'video/mp4'))],
    ['says that it is too long', 'video', 'WEBPAGE_CURL_FAILED', (path) => status(path, 200, { 'content-length': '21000000' })],
    ['is not there', 'photo', 'WEBPAGE_CURL_FAILED', (path) => status(path, 404)],
    ['is empty', 'photo', 'WEBPAGE_MEDIA_EMPTY', (path) => status(path, 200)],
    ['is a page that says it is a photo', 'photo', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<title>no photo</title>'))],
    ['is a page that says it is a paper', 'file', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => response.end('<title>no paper</title>'))],
    ['is a drawing', 'photo', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => response.end('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['has too many pixels', 'photo', 'PHOTO_INVALID_DIMENSIONS', (path) => answers.set(path, (response) => response.end(bomb(60_000)))],
    ['is a damaged picture', 'photo', 'IMAGE_PROCESS_FAILED', (path) => answers.set(path, (response) => response.end(bomb(300)))],
    ['is a damaged video', 'video', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => response.end(Buffer.from('\0\0\0\x18ftypisom and nothing else')))],
    ['is music and not a video', 'video', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => response.end(readSample('music.mp3')))],
    ['is a picture that is too large for a sticker', 'sticker', 'WEBPAGE_MEDIA_EMPTY', (path) => answers.set(path, (response) => void makePicture(600, 600, 'webp').then((bytes) => response.end(bytes)))],
  ];
  let bot: BotClient;
  let person: Actor;
  beforeAll(async () => {
    ({ bot, person } = await startInline(scenario, 'Hostile_bot'));
  });
  afterAll(() => bot?.[Symbol.asyncDispose]());

  test.each(hostile)('if its file %s', async (what, type, error, serve) => {
    const path = `/hostile-${randomBytes(6).toString('hex')}`;
    serve(path);
    const { queryId } = await ask({ person, bot }, what, [fileResult('1', type, webDocument(path, TYPES[type]))]);
    expect(await refusedSend(person, queryId, '1')).toBe(error);
    const times = site.asked.get(path);
    expect(times).toBeGreaterThan(0);
    // It is not asked for again at once.
    expect(await refusedSend(person, queryId, '1')).toBe(error);
    expect(site.asked.get(path)).toBe(times);
  });

  test('if its address is not public', async () => {
    const { queryId } = await ask({ person, bot }, 'inside', ['http://169.254.169.254/a.jpg', 'http://[::1]/a.jpg', 'http://localhost/a.jpg'].map((url, at) => fileResult(String(at), 'photo', webDocument(url, 'image/jpeg'))));
    for (const id of ['0', '1', '2']) expect(await refusedSend(person, queryId, id)).toBe('WEBPAGE_CURL_FAILED');
  });

  test('if its site does not answer, and meanwhile others can', async () => {
    const path = `/slow-${randomBytes(6).toString('hex')}`;
    const paper = put('paper.pdf', 'application/pdf', '%PDF-1.4 quick');
    const results = [fileResult('1', 'photo', webDocument(path, 'image/jpeg')), fileResult('2', 'file', webDocument(paper, 'application/pdf'))];
    const { queryId } = await ask({ person, bot }, 'slow', results, { cacheTime: 300 });
    const other = await scenario.world.user('Other');
    const ended: string[] = [];
    const refusal = refusedSend(person, queryId, '1').then((error) => ended.push(error));
    await site.isAsked(path);
    const message = await send(other, queryId, '2');
    expect(ended).toEqual([]);
    expect(message.viaBotId).toBe(bot.id);
    await refusal;
    expect(ended).toEqual(['WEBPAGE_CURL_FAILED']);
  });
});

describe('media at a URL', () => {
  test('are sent by bots and people, and are not fetched again for the same sender', async () => {
    const { bot, person } = await startInline(scenario, 'External_bot');
    await using _ = bot;
    await person.main.call({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: '/start', randomId: randomLong() });
    await bot.sees('/start');
    const [photo, voice] = [put('photo.png', 'image/png', await makePicture(300, 200, 'png')), put('voice.ogg', 'application/octet-stream', readSample('voice.ogg'))];
    const sendingTo = (media: tl.TypeInputMedia, peer: tl.TypeInputPeer = bot.peerOf(person)): tl.messages.RawSendMediaRequest => ({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong() });
    const external: tl.RawInputMediaPhotoExternal = { _: 'inputMediaPhotoExternal', url: `${site.base}${photo}`, spoiler: true };
    const mediaOf = (updates: tl.TypeUpdates): tl.TypeMessageMedia | undefined => {
      for (const update of updates._ === 'updates' ? updates.updates : []) if (update._ === 'updateNewMessage' && update.message._ === 'message') return update.message.media;
      return undefined;
    };
    const first = sendingTo(external);
    expect(mediaOf(await bot.call(first))).toMatchObject({ _: 'messageMediaPhoto', spoiler: true, photo: { _: 'photo' } });
    // The same call again is the same message; another one is another message with the same photo.
    const id = findSentId(await bot.call(first));
    expect(findSentId(await bot.call(first))).toBe(id);
    expect(findSentId(await bot.call(sendingTo(external)))).toBeGreaterThan(id);
    expect(site.asked.get(photo)).toBe(1);
    const uploaded = await bot.call({ _: 'messages.uploadMedia', peer: bot.peerOf(person), media: { _: 'inputMediaDocumentExternal', url: `${site.base}${voice}` } });
    expect(uploaded).toMatchObject({ _: 'messageMediaDocument', voice: true, document: { mimeType: 'audio/ogg', attributes: [{ duration: 3 }] } });
    expect(mediaOf(await person.main.change(sendingTo(external, SELF)))).toMatchObject({ _: 'messageMediaPhoto' });
    expect(site.asked.get(photo)).toBe(2);

    const other = put('other.jpg', 'image/jpeg', await makePicture(400, 100));
    await bot.call({ _: 'messages.editMessage', peer: bot.peerOf(person), id, media: { _: 'inputMediaPhotoExternal', url: `${site.base}${other}` } });
    const edited = await bot.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
    expect(edited).toMatchObject({ messages: [{ media: { photo: { sizes: expect.arrayContaining([expect.objectContaining({ w: 400, h: 100 })]) as unknown } } }] });

    expect(await bot.refusal(sendingTo({ _: 'inputMediaDocumentExternal', url: `${site.base}${photo}` }))).toBe('WEBPAGE_MEDIA_EMPTY');
    expect(await bot.refusal(sendingTo({ _: 'inputMediaPhotoExternal', url: `${site.base}/inside` }))).toBe('WEBPAGE_CURL_FAILED');
    expect(await bot.refusal(sendingTo({ _: 'inputMediaPhotoExternal', url: 'file:///etc/passwd' }))).toBe('WEBDOCUMENT_URL_INVALID');
  });
});
