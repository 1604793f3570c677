import { readRsaPublicKey } from '@aerogram/crypto';
import type { Actor } from '@aerogram/dev-env';
import { CdnLinks, type CdnOrigin, CdnReader, readMetrics, type StartedCdnNodes, startCdnNodes, sumOfMetric } from '@aerogram/dev-env/load';
import type { tl as own } from '@aerogram/tl';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { documentIn, documentInPost, locationOf, makeFile, postDocument, type SentFile, upload, uploadedDocument } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { makePicture, mediaNow, photoIn, postedMedia, sizeLocation, uploadedPhoto } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const BLOCK = 131_072;
const MIB = 1_048_576;
/** Old tokens die within this time. */
const REVOKED_MS = 60_000;

let scenario: Scenario;
let nodes: StartedCdnNodes;
let alice: Actor;
let bob: Actor;
let names = 0;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_CDN_MIN_SUBSCRIBERS: '2' } });
  nodes = await startCdnNodes(scenario.server, 2, { args: ['--memory', '140MB'] });
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await nodes?.[Symbol.asyncDispose]();
});

async function publish(id: number): Promise<void> {
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: `films_of_alice_${++names}` });
}

/** A public channel of Alice with a file, which Bob may load from CDN nodes. */
async function popularFile(size: number): Promise<{ id: number; msgId: number; file: SentFile; location: tl.RawInputDocumentFileLocation }> {
  const id = await createChannel(alice, 'broadcast', 'Films');
  await inviteTo(alice, id, [bob]);
  await publish(id);
  const file = makeFile(size);
  const msgId = await postDocument(alice.main, await uploadedDocument(alice.main, file), { peer: alice.main.inputPeer(id) });
  return { id, msgId, file, location: locationOf(await documentInPost(bob, id, msgId)) };
}

/** The server, as Bob asks it for a file. */
function originOf(location: tl.TypeInputFileLocation): CdnOrigin {
  const hashesOf = (hashes: tl.TypeFileHash[]): own.FileHash[] => hashes.map(({ offset, limit, hash }) => ({ _: 'fileHash', offset: BigInt(offset), limit, hash }));
  return {
    async getFile(offset, limit, cdnSupported) {
      const answer = await bob.main.call({ _: 'upload.getFile', location, offset, limit, cdnSupported });
      if (answer._ === 'upload.file') return { _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 0, bytes: answer.bytes };
      const { dcId: dc_id, fileToken: file_token, encryptionKey: encryption_key, encryptionIv: encryption_iv, fileHashes } = answer;
      return { _: 'upload.fileCdnRedirect', dc_id, file_token, encryption_key, encryption_iv, file_hashes: hashesOf(fileHashes) };
    },
    reupload: async (fileToken, requestToken) => hashesOf(await bob.main.call({ _: 'upload.reuploadCdnFile', fileToken, requestToken })),
    getHashes: async (fileToken, offset) => hashesOf(await bob.main.call({ _: 'upload.getCdnFileHashes', fileToken, offset })),
  };
}

/** New connections to the nodes, whose addresses and keys the server says. */
async function linksOf(): Promise<CdnLinks> {
  const [{ dcOptions }, { publicKeys }] = [await bob.main.call({ _: 'help.getConfig' }), await bob.main.call({ _: 'help.getCdnConfig' })];
  return new CdnLinks((dc) => {
    const { ipAddress: host, port } = dcOptions.find((option) => option.cdn === true && option.id === dc)!;
    return { host, port, publicKey: readRsaPublicKey(publicKeys.find(({ dcId }) => dcId === dc)!.publicKey) };
  });
}

const isRedirect = async (actor: Actor, location: tl.TypeInputFileLocation): Promise<boolean> =>
  (await actor.main.call({ _: 'upload.getFile', location, offset: 0, limit: BLOCK, cdnSupported: true }))._ === 'upload.fileCdnRedirect';

/** The value of a counter of the server, all labels together. */
const counter = async (name: string): Promise<number> => sumOfMetric(await readMetrics(scenario.server.info), name);

describe('a client that compares hashes', () => {
  test('loads a whole file of a popular channel from a node, and seeks in it', async () => {
    const { file, location } = await popularFile(4 * MIB + 77_777);
    const before = await counter('aerogram_cdn_redirects_total');
    await using links = await linksOf();
    const reader = new CdnReader(originOf(location), links);
    expect(Buffer.compare(await reader.readAll(file.bytes.length, BLOCK), file.bytes)).toBe(0);
    expect(reader.counts).toMatchObject({ fromNode: 33, fromOrigin: 0, redirects: 1, wrongHash: 0, refusedTokens: 0, deadNodes: 0 });
    const other = new CdnReader(originOf(location), links);
    for (const offset of [4 * MIB, BLOCK, 2 * MIB + 3 * BLOCK]) expect(Buffer.compare(await other.read(offset, BLOCK), file.bytes.subarray(offset, offset + BLOCK))).toBe(0);
    expect(other.counts).toMatchObject({ fromNode: 3, fromOrigin: 0 });
    expect((await counter('aerogram_cdn_redirects_total')) - before).toBe(2);
    // Windows were pushed before they were asked for.
    expect(reader.counts.reuploads).toBeLessThan(5);
  });

  test('gets the rest of a file when its node dies', async () => {
    const { file, location } = await popularFile(2 * MIB);
    await using links = await linksOf();
    const reader = new CdnReader(originOf(location), links);
    await reader.read(0, BLOCK);
    const dead = nodes.nodes[nodes.dcs.indexOf(reader.redirect!.dc_id)]!;
    await dead.stop('SIGKILL');
    try {
      expect(Buffer.compare(await reader.readAll(file.bytes.length, BLOCK), file.bytes)).toBe(0);
      expect(reader.counts.deadNodes).toBeGreaterThan(0);
    } finally {
      await dead.restart('SIGKILL');
      // It serves nothing until the server has said that it is there.
      await expect.poll(async () => JSON.parse(await dead.get('/health')) as object, { timeout: 30_000 }).toMatchObject({ hears_origin: true });
    }
  });

  test('is told within a minute that it may not load a file any longer, whatever the cause', { timeout: 2 * REVOKED_MS }, async () => {
    const causes: ((file: Awaited<ReturnType<typeof popularFile>>) => Promise<unknown>)[] = [
      ({ id }) => alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: '' }),
      ({ id, msgId }) => alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [msgId] }),
      ({ id }) => alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: true }),
      async ({ location: { id } }) => {
        const { db } = scenario.server;
        const { identity } = await db.q.selectFrom('documents').select('identity').where('document_id', '=', BigInt(id.toString())).executeTakeFirstOrThrow();
        await db.q.insertInto('blocked_blobs').values({ identity, blocked_date: 1 }).execute();
      },
    ];
    await using links = await linksOf();
    const files = await Promise.all(
      causes.map(async () => {
        const file = await popularFile(MIB + 5);
        const reader = new CdnReader(originOf(file.location), links);
        await reader.read(0, BLOCK);
        expect(reader.counts).toMatchObject({ fromNode: 1 });
        const { dc_id: dc, file_token } = reader.redirect!;
        return { file, load: () => links.getPart(dc, { _: 'upload.getCdnFile', file_token, offset: 0n, limit: BLOCK }).then(() => 'loaded', (error: Error) => error.message) };
      }),
    );
    for (const [index, cause] of causes.entries()) await cause(files[index]!.file);
    for (const { load } of files) await expect.poll(load, { timeout: REVOKED_MS, interval: 250 }).toBe('FILE_TOKEN_INVALID');
  });
});

/** Where files are sent. */
interface Place {
  name: string;
  peer: tl.TypeInputPeer;
  /** The marked id of a channel or supergroup. */
  channelId?: number;
  isPopular?: boolean;
}

/** Kinds of chats, all of which Alice may read. */
async function createPlaces(): Promise<Place[]> {
  const channel = async (name: string, kind: 'broadcast' | 'megagroup', { isPublic = false, isProtected = false, isSmall = false, isPopular = false }): Promise<Place> => {
    const id = await createChannel(alice, kind, name);
    if (!isSmall) await inviteTo(alice, id, [bob]);
    if (isPublic) await publish(id);
    if (isProtected) await alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: true });
    return { name, peer: alice.main.inputPeer(id), channelId: id, isPopular };
  };
  await alice.meet(bob);
  return [
    { name: 'Saved Messages', peer: { _: 'inputPeerSelf' } },
    { name: 'private chat', peer: alice.main.inputPeer(bob.id) },
    { name: 'basic group', peer: (await createGroup(alice, [bob])).peer },
    await channel('private supergroup', 'megagroup', {}),
    await channel('public supergroup', 'megagroup', { isPublic: true }),
    await channel('private channel', 'broadcast', {}),
    await channel('small public channel', 'broadcast', { isPublic: true, isSmall: true }),
    await channel('protected public channel', 'broadcast', { isPublic: true, isProtected: true }),
    await channel('popular public channel', 'broadcast', { isPublic: true, isPopular: true }),
  ];
}

const mediaIn = ({ channelId }: Place, id: number): Promise<tl.TypeMessageMedia | undefined> => (channelId === undefined ? mediaNow(alice.main, id) : postedMedia(alice.main, channelId, id));

/** Kinds of locations. Each sends something to a place, and says where Alice can load it; undefined if there is no such thing. */
const LOCATIONS: Record<string, (place: Place) => Promise<tl.TypeInputFileLocation | undefined>> = {
  document: async (place) => locationOf(documentIn(await mediaIn(place, await postDocument(alice.main, await uploadedDocument(alice.main, makeFile(5000)), place)))),
  async thumbnail(place) {
    const thumb = await upload(alice.main, { bytes: await makePicture(300, 200), name: 'thumb.jpg' });
    const document = documentIn(await mediaIn(place, await postDocument(alice.main, { ...(await uploadedDocument(alice.main, makeFile(6000))), thumb }, place)));
    return { ...locationOf(document), thumbSize: document.thumbs!.find((size) => size._ === 'photoSize')!.type };
  },
  async photo(place) {
    const photo = photoIn(await mediaIn(place, await postDocument(alice.main, await uploadedPhoto(alice.main, await makePicture(900, 600)), place)));
    return sizeLocation(photo, 'x');
  },
  async scheduled({ peer }) {
    await postDocument(alice.main, await uploadedDocument(alice.main, makeFile(7000)), { peer, scheduleDate: Math.floor(Date.now() / 1000) + 86_400 });
    const found = await alice.main.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO });
    const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
    return locationOf(documentIn(message?._ === 'message' ? message.media : undefined));
  },
  async upload({ peer }) {
    const media = await alice.main.call({ _: 'messages.uploadMedia', peer, media: await uploadedDocument(alice.main, makeFile(8000)) });
    return locationOf(documentIn(media));
  },
  async 'photo of the chat'({ peer, channelId }) {
    if (channelId === undefined) return undefined;
    const photo: tl.TypeInputChatPhoto = { _: 'inputChatUploadedPhoto', file: await upload(alice.main, { bytes: await makePicture(500, 500), name: 'chat.jpg' }) };
    await alice.main.change({ _: 'channels.editPhoto', channel: alice.main.inputChannel(channelId), photo });
    const { chats } = await alice.main.call({ _: 'channels.getChannels', id: [alice.main.inputChannel(channelId)] });
    const shown = (chats[0] as tl.RawChannel).photo;
    return shown._ === 'chatPhoto' ? { _: 'inputPeerPhotoFileLocation', big: true, peer, photoId: shown.photoId } : undefined;
  },
};

test('of all kinds of locations in all kinds of chats, only documents and photos in a popular public channel are redirected', { timeout: 120_000 }, async () => {
  const redirected: string[] = [];
  let tried = 0;
  for (const place of await createPlaces()) {
    for (const [kind, send] of Object.entries(LOCATIONS)) {
      const location = await send(place);
      if (location === undefined) continue;
      tried++;
      if (await isRedirect(alice, location)) redirected.push(`${kind} in ${place.name}`);
      // Without the flag, the server always answers itself.
      expect((await alice.main.call({ _: 'upload.getFile', location, offset: 0, limit: BLOCK }))._).toBe('upload.file');
    }
  }
  expect(redirected).toEqual(['document in popular public channel', 'photo in popular public channel']);
  expect(tried).toBe(9 * 5 + 6);
});

test('a size of a photo comes from a node whole, and its hashes are right', async () => {
  const id = await createChannel(alice, 'broadcast', 'Pictures');
  await inviteTo(alice, id, [bob]);
  await publish(id);
  const msgId = await postDocument(alice.main, await uploadedPhoto(alice.main, await makePicture(1200, 900)), { peer: alice.main.inputPeer(id) });
  const photo = photoIn(await postedMedia(bob.main, id, msgId));
  await using links = await linksOf();
  const loaded = await Promise.all(
    ['m', 'x', 'y'].map(async (type) => {
      const location = sizeLocation(photo, type);
      const direct = await bob.main.call({ _: 'upload.getFile', location, offset: 0, limit: MIB });
      const reader = new CdnReader(originOf(location), links);
      const bytes = Buffer.from(await reader.read(0, MIB));
      expect(reader.counts).toMatchObject({ fromNode: 1, fromOrigin: 0, wrongHash: 0 });
      expect(direct._ === 'upload.file' && bytes.equals(direct.bytes)).toBe(true);
      return bytes.length;
    }),
  );
  expect(new Set(loaded).size).toBe(3);
});
