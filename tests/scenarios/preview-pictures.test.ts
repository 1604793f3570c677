import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findSentId, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { createChannel } from './channel-stage.ts';
import { checkMessageFiles } from './file-stage.ts';
import { createGroup, write } from './group-stage.ts';
import { type PageSite, pourForEver, startPageSite } from './page-site.ts';
import { bomb, failsAt, inputPhotoOf, loadAt, loadSizes, makePicture, mediaNow, postedMedia, sizeLocation } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let site: PageSite;
/** What the site has besides its plain pages, by path. */
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

let alice: Actor;
let bob: Actor;
beforeEach(async () => {
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
});

const serve = (path: string, type: string, body: Uint8Array | string): void => void answers.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(body));

/** A new path of the site, of whose page this is the head. */
function page(head: string): string {
  const path = `/page-${randomBytes(6).toString('hex')}`;
  serve(path, 'text/html', `<meta property="og:title" content="Page ${path}">${head}`);
  return path;
}

/** A page with a picture on the same site. */
async function pageWithPicture(width = 1000, height = 700): Promise<string> {
  const picture = `/picture-${randomBytes(6).toString('hex')}.jpg`;
  serve(picture, 'image/jpeg', await makePicture(width, height));
  return page(`<meta property="og:image" content="${picture}">`);
}

function pageIn(media: tl.TypeMessageMedia | undefined): tl.RawWebPage | undefined {
  return media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPage' ? media.webpage : undefined;
}

function photoIn(media: tl.TypeMessageMedia | undefined): tl.RawPhoto {
  const photo = pageIn(media)?.photo;
  if (photo?._ !== 'photo') throw new Error(`no photo in ${JSON.stringify(media)}`);
  return photo;
}

/** Waits until a device shows the fetched page of a message. */
const sees = (device: Device, text: string): Promise<void> =>
  device.waitUntil(`the page of "${text}"`, () => {
    const media = device.find(text)?.media ?? '';
    return media !== '' && (JSON.parse(media) as tl.RawMessageMediaWebPage).webpage._ === 'webPage';
  });

const send = async (from: Actor, to: Actor, message: string): Promise<number> =>
  findSentId(await from.main.change({ _: 'messages.sendMessage', peer: from.main.inputPeer(to.id), message, randomId: randomLong() }));

/** The preview of a link that nobody has sent. */
async function preview(device: Device, message: string): Promise<tl.TypeMessageMedia> {
  return (await device.call({ _: 'messages.getWebPagePreview', message })).media;
}

/** The preview, once the page was fetched. */
async function fetchedPreview(device: Device, url: string): Promise<tl.TypeMessageMedia> {
  const media = await preview(device, url);
  if (media._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending') return media;
  await device.seesUpdate('updateWebPage', ({ webpage }) => webpage._ !== 'webPageNotModified' && webpage.url === url);
  return preview(device, url);
}

const SIZES = ['s 100x70', 'm 320x224', 'x 800x560', 'y 1000x700'];

describe('the picture of a page', () => {
  test('is in the preview of a link in a private chat: pending, when it was read, in an edit and in a forward', async () => {
    const url = `${site.base}${await pageWithPicture()}`;
    const text = `look at ${url}`;
    let id = 0;
    await verifyUpdates([alice, bob], async () => {
      id = await send(alice, bob, text);
      await bob.sees(text);
      for (const { main } of [alice, bob]) await sees(main, text);
      const update = await bob.main.seesUpdate('updateWebPage');
      expect(await loadSizes(bob.main, (update.webpage as tl.RawWebPage).photo as tl.RawPhoto)).toEqual(SIZES);
    });
    const media = await mediaNow(alice.main, id);
    const photo = photoIn(media);
    expect(pageIn(media)).toMatchObject({ type: 'article', hasLargeMedia: true });
    expect(photo.sizes[0]).toMatchObject({ _: 'photoStrippedSize' });
    expect(await loadSizes(alice.main, photo)).toEqual(SIZES);
    const { id: bobsId } = await bob.sees(text);
    expect(await loadSizes(bob.main, photoIn(await mediaNow(bob.main, bobsId)))).toEqual(SIZES);

    const other = `${site.base}${await pageWithPicture(200, 300)}`;
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id, message: `now ${other}` });
      await sees(bob.main, `now ${other}`);
      await sees(alice.main, `now ${other}`);
      await alice.forward([alice.main.find(`now ${other}`)!], alice);
    });
    const edited = await mediaNow(bob.main, bobsId);
    expect(pageIn(edited)?.hasLargeMedia).toBeFalsy();
    expect(await loadSizes(bob.main, photoIn(edited))).toEqual(['s 67x100', 'm 200x300']);
    // The message shows the former photo no longer. The server may remember for two seconds that it did.
    await expect.poll(() => failsAt(alice.main, sizeLocation(photo, 'm')).catch(() => 'loaded'), { timeout: 5000 }).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('is there at once when the page is known, in groups and channels', async () => {
    const url = `${site.base}${await pageWithPicture()}`;
    const group = await createGroup(alice, [bob]);
    const channel = await createChannel(alice, 'broadcast');
    const text = `group ${url}`;
    await verifyUpdates([alice, bob], async () => {
      await write(alice, group, text);
      await bob.sees(text);
      for (const { main } of [alice, bob]) await sees(main, text);
    });
    expect(await loadSizes(bob.main, photoIn(await mediaNow(bob.main, (await bob.sees(text)).id)))).toEqual(SIZES);
    const fresh = `${site.base}${await pageWithPicture(500, 500)}`;
    await verifyUpdates([alice], async () => {
      for (const link of [url, fresh]) await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(channel), message: `post ${link}`, randomId: randomLong() });
      await sees(alice.main, `post ${fresh}`);
    });
    const { id: first } = alice.main.find(`post ${url}`)!;
    const { id: second } = alice.main.find(`post ${fresh}`)!;
    expect(await loadSizes(alice.main, photoIn(await postedMedia(alice.main, channel, first)))).toEqual(SIZES);
    expect(await loadSizes(alice.main, photoIn(await postedMedia(alice.main, channel, second)))).toEqual(['s 100x100', 'm 320x320', 'x 500x500']);
    // Bob is not in the channel.
    expect(await failsAt(bob.main, sizeLocation(photoIn(await postedMedia(alice.main, channel, second)), 'm'))).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('is in the preview that a client asks for, can be loaded from there by the page, and be sent as a photo', async () => {
    const url = `${site.base}${await pageWithPicture()}`;
    const photo = photoIn(await fetchedPreview(alice.main, url));
    expect(await loadSizes(alice.main, photo)).toEqual(SIZES);
    const { webpage } = await alice.main.call({ _: 'messages.getWebPage', url, hash: 0 });
    const known = webpage as tl.RawWebPage;
    expect((known.photo as tl.RawPhoto).id.eq(photo.id)).toBe(true);
    expect(await loadAt(alice.main, sizeLocation(known.photo as tl.RawPhoto, 's'))).not.toHaveLength(0);
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'messages.sendMedia', peer: alice.main.inputPeer(bob.id), media: { _: 'inputMediaPhoto', id: inputPhotoOf(photo) }, message: 'as a photo', randomId: randomLong() });
      await bob.sees('as a photo');
    });
    expect(await failsAt(alice.main, sizeLocation({ ...photo, accessHash: photo.accessHash.add(1) }, 'm'))).toBe('FILE_ID_INVALID');
    expect(await failsAt(alice.main, sizeLocation({ ...photo, fileReference: new Uint8Array() }, 'm'))).toBe('FILE_REFERENCE_EMPTY');
  });

  test('is the whole preview of a link to a picture', async () => {
    const path = `/${randomBytes(6).toString('hex')}.png`;
    serve(path, 'image/png', await makePicture(900, 600, 'png'));
    const media = await fetchedPreview(alice.main, `${site.base}${path}`);
    expect(pageIn(media)).toMatchObject({ type: 'photo', hasLargeMedia: true, displayUrl: `${new URL(site.base).host}${path}` });
    expect(pageIn(media)?.title).toBeUndefined();
    expect(await loadSizes(alice.main, photoIn(media))).toEqual(['s 100x67', 'm 320x213', 'x 800x533', 'y 900x600']);
  });

  test('is one photo for all pages with the same picture, and belongs to what a client knows by the hash of the page', async () => {
    serve('/shared.jpg', 'image/jpeg', await makePicture(400, 400));
    const pages = [page('<meta property="og:image" content="/shared.jpg">'), page('<link rel="image_src" href="shared.jpg">')];
    const ids = [];
    for (const path of pages) {
      const media = await fetchedPreview(alice.main, `${site.base}${path}`);
      const { url, hash } = pageIn(media)!;
      expect((await alice.main.call({ _: 'messages.getWebPage', url, hash })).webpage._).toBe('webPageNotModified');
      ids.push(photoIn(media).id.toString());
    }
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('a page is shown without its picture', () => {
  const hostile: [string, (path: string) => void][] = [
    ['leads to an address that is not public', (path) => answers.set(path, (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end())],
    ['leads to a port that is closed', (path) => answers.set(path, (response) => response.writeHead(302, { location: `http://127.0.0.1:1${path}` }).end())],
    ['leads to itself', (path) => answers.set(path, (response) => response.writeHead(302, { location: path }).end())],
    ['says that it has too many pixels', (path) => serve(path, 'image/png', bomb(60_000))],
    ['is damaged', (path) => serve(path, 'image/png', bomb(300))],
    ['never ends', (path) => answers.set(path, (response) => pourForEver(response, 'image/jpeg'))],
    ['says that it is longer than pictures may be', (path) => answers.set(path, (response) => response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '6000000' }).end())],
    ['is an SVG drawing', (path) => serve(path, 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')],
    ['is an SVG drawing that says it is a PNG', (path) => serve(path, 'image/png', '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>')],
    ['is a page', (path) => serve(path, 'text/html', '<title>no picture</title>')],
    ['is a page that says it is a JPEG', (path) => serve(path, 'image/jpeg', '<title>no picture</title>')],
    ['is not there', (path) => answers.set(path, (response) => response.writeHead(404).end())],
    ['is empty', (path) => serve(path, 'image/jpeg', '')],
  ];
  test.each(hostile)('if the picture %s', async (_what, put) => {
    const picture = `/hostile-${randomBytes(6).toString('hex')}`;
    put(picture);
    const path = page(`<meta property="og:image" content="${picture}">`);
    const media = await fetchedPreview(alice.main, `${site.base}${path}`);
    expect(pageIn(media)).toMatchObject({ title: `Page ${path}` });
    expect(pageIn(media)?.photo).toBeUndefined();
    expect(pageIn(media)?.hasLargeMedia).toBeFalsy();
    expect(site.asked.get(picture)).toBeGreaterThan(0);
  });

  test('if it names none, or one of another kind of address', async () => {
    for (const head of ['', '<meta property="og:image" content="data:image/png;base64,iVBORw0KGgo=">', '<meta property="og:image" content="file:///etc/passwd">', '<meta property="og:image" content="http://[">']) {
      expect(pageIn(await fetchedPreview(alice.main, `${site.base}${page(head)}`))?.photo).toBeUndefined();
    }
  });

  test('of ten thousand pictures the first one is fetched alone', async () => {
    const name = randomBytes(6).toString('hex');
    serve(`/${name}-0`, 'image/jpeg', await makePicture(100, 100));
    const many = Array.from({ length: 10_000 }, (_, n) => `<meta property="og:image" content="/${name}-${n}">`).join('');
    expect(photoIn(await fetchedPreview(alice.main, `${site.base}${page(many)}`)).sizes).toHaveLength(2);
    expect([...site.asked.keys()].filter((path) => path.startsWith(`/${name}`))).toEqual([`/${name}-0`]);
  });
});
