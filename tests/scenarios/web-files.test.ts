import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Actor } from '@aerogram/dev-env';
import { loadWebFileSigner, type WebFileSigner } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { Long, type tl } from '@mtcute/node';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSample } from '../../packages/media/test/samples.ts';
import { documentOf, makeFile, sendMedia, upload, uploadedDocument } from './file-stage.ts';
import { type PageSite, pourForEver, startPageSite } from './page-site.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let site: PageSite;
let signer: WebFileSigner;
let alice: Actor;
/** What the site has, by path. */
const answers = new Map<string, (response: ServerResponse) => void>();
beforeAll(async () => {
  site = await startPageSite((path, response) => {
    const answer = answers.get(path);
    answer?.(response);
    return answer !== undefined;
  });
  scenario = await startScenario({ env: site.env });
  signer = await loadWebFileSigner({ db: scenario.server.db, random: systemRandom, clock: systemClock });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  alice = await scenario.world.user('Alice');
});

/** A location that the server has signed. */
function signed(path: string): tl.RawInputWebFileLocation {
  const { url, access_hash } = signer.sign({ url: `${site.base}${path}`, size: 0, mimeType: 'image/gif', attributes: [] });
  return { _: 'inputWebFileLocation', url, accessHash: Long.fromString(access_hash.toString()) };
}

const get = (location: tl.TypeInputWebFileLocation, offset = 0, limit = 4096): tl.upload.RawGetWebFileRequest => ({ _: 'upload.getWebFile', location, offset, limit });
const failure = async (request: tl.upload.RawGetWebFileRequest): Promise<string> => (await alice.main.fails(request)).text;

describe('a file of another site', () => {
  test('is loaded in parts through the server, which fetches it once', async () => {
    const bytes = randomBytes(10_000);
    answers.set('/whole.gif', (response) => response.writeHead(200, { 'content-type': 'image/gif' }).end(bytes));
    const location = signed('/whole.gif');
    const parts: Uint8Array[] = [];
    for (const offset of [0, 4096, 8192, 12_288]) {
      const part = await alice.main.call(get(location, offset));
      expect(part).toMatchObject({ _: 'upload.webFile', size: 10_000, mimeType: 'image/gif', fileType: { _: 'storage.fileGif' } });
      expect(Math.abs(part.mtime - Date.now() / 1000)).toBeLessThan(60);
      parts.push(part.bytes);
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(site.asked.get('/whole.gif')).toBe(1);
  });

  test('is refused without the signature of the server, whatever the client says', async () => {
    const location = signed('/signed');
    for (const wrong of [{ ...location, accessHash: location.accessHash.add(1) }, { ...location, accessHash: Long.ZERO }, { ...location, url: `${site.base}/other` }]) {
      expect(await failure(get(wrong))).toBe('LOCATION_INVALID');
    }
    expect(site.asked.get('/signed')).toBeUndefined();
    expect(site.asked.get('/other')).toBeUndefined();
  });

  test('is refused when it leads inside, is too long, never ends or is not there', async () => {
    answers.set('/endless', (response) => pourForEver(response, 'video/mp4'));
    answers.set('/long', (response) => response.writeHead(200, { 'content-length': '6000000' }).end());
    for (const path of ['/inside', '/endless', '/long', '/missing']) {
      expect(await failure(get(signed(path))), path).toBe('LOCATION_INVALID');
      expect(site.asked.get(path), path).toBe(1);
    }
    expect(await failure(get({ ...signed(''), ...insideLocation() }))).toBe('LOCATION_INVALID');
  });

  test('is read in the parts that other files are read in', async () => {
    const location = signed('/parts');
    expect(await failure(get(location, 0, 5000))).toBe('LIMIT_INVALID');
    expect(await failure(get(location, 0, 0))).toBe('LIMIT_INVALID');
    expect(await failure(get(location, 100))).toBe('OFFSET_INVALID');
    expect(await failure(get(location, -4096))).toBe('OFFSET_INVALID');
    expect(site.asked.get('/parts')).toBeUndefined();
  });
});

/** A signed address of this machine's network, to which the guard leads nowhere. */
function insideLocation(): Pick<tl.RawInputWebFileLocation, 'url' | 'accessHash'> {
  const { url, access_hash } = signer.sign({ url: 'http://169.254.169.254/latest/meta-data/', size: 0, mimeType: '', attributes: [] });
  return { url, accessHash: Long.fromString(access_hash.toString()) };
}

describe('other locations', () => {
  const coverOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputWebFileAudioAlbumThumbLocation => ({
    _: 'inputWebFileAudioAlbumThumbLocation', document: { _: 'inputDocument', id, accessHash, fileReference },
  });
  async function sendMusic(): Promise<tl.RawDocument> {
    const file = await upload(alice.main, { bytes: readSample('covered.mp3'), name: 'music.mp3' });
    const id = await sendMedia(alice.main, { _: 'inputMediaUploadedDocument', file, mimeType: 'audio/mpeg', attributes: [] }, { peer: { _: 'inputPeerSelf' } });
    return documentOf(alice.main, id);
  }

  test('the cover of music is what the server has made of the file, for those who may read it', async () => {
    const music = await sendMusic();
    const cover = await alice.main.call(get(coverOf(music)));
    expect(cover).toMatchObject({ mimeType: 'image/jpeg', fileType: { _: 'storage.fileJpeg' }, size: cover.bytes.length });
    expect(await sharp(cover.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 64 });
    expect(await failure(get(coverOf({ ...music, accessHash: Long.ONE })))).toBe('DOCUMENT_INVALID');
    const bob = await scenario.world.user('Bob');
    expect((await bob.main.fails(get(coverOf(music)))).text).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('covers of other files, covers by title, and maps are refused', async () => {
    const id = await sendMedia(alice.main, await uploadedDocument(alice.main, makeFile(1000)), { peer: { _: 'inputPeerSelf' } });
    expect(await failure(get(coverOf(await documentOf(alice.main, id))))).toBe('LOCATION_INVALID');
    expect(await failure(get({ _: 'inputWebFileAudioAlbumThumbLocation', title: 'Song', performer: 'Band' }))).toBe('LOCATION_INVALID');
    const point: tl.RawInputGeoPoint = { _: 'inputGeoPoint', lat: 1, long: 2 };
    expect(await failure(get({ _: 'inputWebFileGeoPointLocation', geoPoint: point, accessHash: Long.ONE, w: 100, h: 100, zoom: 15, scale: 1 }))).toBe('LOCATION_INVALID');
  });
});
