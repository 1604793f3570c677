import { randomBytes } from 'node:crypto';

import { readFileToken, writeFileToken, writeRequestToken } from '@aerogram/cdn-protocol';
import { silentLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { BLOCK, Caller, type Channel, checkHashes, createMovedClock, documentAt, loadPart, MemoryNodes, MIB } from './cdn-stage.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const HOUR_S = 3600;

describe('downloads from CDN nodes', () => {
  const clock = createMovedClock();
  const nodes = new MemoryNodes(clock);
  let world: RpcWorld;
  let alice: Caller;
  let bob: Caller;
  let channel: Channel;
  let bobsChannel: Channel;

  beforeAll(async () => {
    world = await createRpcWorld('cdn', silentLogger, {}, { clock, cdnNodes: nodes, config: { cdnMinSubscribers: 2 } });
    alice = new Caller(world, await world.signUp('9996610001', 'Alice'));
    bob = new Caller(world, await world.signUp('9996610002', 'Bob'));
    channel = await alice.createChannel('broadcast', 'popular_films');
    bobsChannel = await bob.join('popular_films');
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  beforeEach(() => {
    nodes.pushes = [];
    nodes.outcome = 'ok';
    nodes.isAway = false;
    nodes.gate = Promise.resolve();
  });

  /** Posts a file, which Bob sees. */
  async function postFile(size: number, to = channel, seenAs = bobsChannel): Promise<{ content: Buffer; id: number; location: tl.inputDocumentFileLocation }> {
    const content = randomBytes(size);
    const { id } = await alice.sendDocument(to.peer, content);
    return { content, id, location: documentAt(await bob.post(seenAs, id)) };
  }

  /** Asks for a file after what is cached about it has become too old. */
  async function isRedirected(location: tl.InputFileLocation, caller = bob): Promise<boolean> {
    clock.move(3);
    return (await caller.getFile(location))._ === 'upload.fileCdnRedirect';
  }

  /** Does what the server does before it tells nodes that it is there. */
  async function revoke(): Promise<number> {
    await world.domain.cdnRevocations.doMarkToForget();
    let count = 0;
    for (const { dc } of nodes.nodes) {
      const fileIds = await world.domain.cdnRevocations.listToForget(dc, 100);
      for (const fileId of fileIds) nodes.forgotten.add(`${dc}:${Buffer.from(fileId).toString('hex')}`);
      await world.domain.cdnRevocations.doNoteForgotten(dc, fileIds);
      count += fileIds.length;
    }
    return count;
  }

  describe('a client that compares hashes', () => {
    it('loads a whole file from a node, and finds every hash right', async () => {
      const { content, location } = await postFile(2 * MIB + 300_001);
      const redirect = await bob.redirect(location);
      expect(redirect).toMatchObject({ dc_id: 203 });
      expect([redirect.encryption_key.length, redirect.encryption_iv.length]).toEqual([32, 16]);
      expect(Buffer.from(redirect.encryption_iv).readUInt32BE(12)).toBe(0);
      expect(redirect.file_hashes).toHaveLength(16);
      checkHashes(redirect.file_hashes, content, 0);
      const parts: Buffer[] = [];
      for (let offset = 0; offset < content.length; offset += BLOCK) {
        const { bytes, hashes } = await loadPart(bob, nodes, redirect, offset);
        checkHashes(hashes, content, Math.floor(offset / MIB) * MIB);
        parts.push(bytes);
      }
      expect(Buffer.concat(parts).equals(content)).toBe(true);
      // The node has only ciphertext.
      for (const window of nodes.windows.values()) expect(content.includes(window.subarray(0, 64))).toBe(false);
      const all = await bob.call<tl.fileHash[]>({ _: 'upload.getCdnFileHashes', file_token: redirect.file_token, offset: BigInt(BLOCK + 5) });
      expect(all).toHaveLength(18);
      checkHashes(all, content, BLOCK);
      expect(all).toEqual(await bob.call({ _: 'upload.getFileHashes', location, offset: BigInt(BLOCK + 5) }));
      expect(await bob.call({ _: 'upload.getCdnFileHashes', file_token: redirect.file_token, offset: BigInt(content.length + BLOCK) })).toEqual([]);
      expect(await bob.fails({ _: 'upload.getCdnFileHashes', file_token: redirect.file_token, offset: -1n })).toBe('OFFSET_INVALID');
    });

    it('gets the hashes of the part that it asks for, and can seek', async () => {
      const { content, location } = await postFile(5 * MIB + 77);
      const redirect = await bob.redirect(location, 4 * MIB + BLOCK);
      checkHashes(redirect.file_hashes, content, 4 * MIB + BLOCK);
      for (const offset of [4 * MIB + BLOCK, 5 * MIB, 0, 3 * MIB + 4 * BLOCK]) {
        expect((await loadPart(bob, nodes, redirect, offset)).bytes.equals(content.subarray(offset, offset + BLOCK))).toBe(true);
      }
      expect((await bob.getFile(location, { offset: BigInt(6 * MIB) }))._).toBe('upload.file');
    });

    it('gets a file from the server if it does not know CDN nodes, or if there is none', async () => {
      const { content, location } = await postFile(1000);
      expect(await bob.getFile(location, { cdn_supported: false })).toMatchObject({ _: 'upload.file' });
      nodes.isAway = true;
      const file = await bob.getFile(location);
      expect(file._ === 'upload.file' && content.equals(file.bytes)).toBe(true);
      nodes.isAway = false;
      expect(await isRedirected(location)).toBe(true);
    });

    it('gets parts from the server that nodes do not give out', async () => {
      const { location } = await postFile(50_000);
      const kindOf = async (offset: bigint, limit: number): Promise<string> => (await bob.call<tl.upload.File>({ _: 'upload.getFile', precise: true, cdn_supported: true, location, offset, limit }))._;
      expect(await Promise.all([kindOf(1024n, 4096), kindOf(0n, 3072), kindOf(0n, 12_288)])).toEqual(['upload.file', 'upload.file', 'upload.file']);
      expect(await kindOf(4096n, 8192)).toBe('upload.fileCdnRedirect');
    });

    it('is sent to a node in the country of its device', async () => {
      const dora = new Caller(world, await world.signUp('9996610004', 'Dora'));
      const { id } = await postFile(3000);
      const location = documentAt(await dora.post(await dora.join('popular_films'), id));
      const nodeOf = async (system_lang_code: string): Promise<number> => {
        const device = { api_id: 1, device_model: 'd', system_version: '1', app_version: '1', lang_pack: '', lang_code: 'en' };
        await world.call(dora.authKeyId, { _: 'initConnection', ...device, system_lang_code, query: { _: 'help.getNearestDc' } });
        return (await dora.redirect(location)).dc_id;
      };
      expect(await nodeOf('de-AT')).toBe(204);
      clock.move(61);
      expect(await nodeOf('de_DE')).toBe(203);
    });

    it('gets another key for each file, and for the same file on another day', async () => {
      const { content, location } = await postFile(3000);
      const first = await bob.redirect(location);
      const same = await bob.redirect(location);
      expect(Buffer.from(same.encryption_key).equals(first.encryption_key)).toBe(true);
      const other = await bob.redirect((await postFile(3000)).location);
      expect(Buffer.from(other.encryption_key).equals(first.encryption_key)).toBe(false);
      clock.move(24 * HOUR_S);
      const fresh = documentAt(await bob.post(bobsChannel, (await alice.sendDocument(channel.peer, content)).id));
      const later = await bob.redirect(fresh);
      expect(Buffer.from(later.encryption_key).equals(first.encryption_key)).toBe(false);
      const idOf = (token: Uint8Array): string => Buffer.from(token.subarray(1, 17)).toString('hex');
      expect(idOf(later.file_token)).not.toBe(idOf(first.file_token));
      expect((await loadPart(bob, nodes, later, 0)).bytes.equals(content)).toBe(true);
      expect(await bob.fails({ _: 'upload.getCdnFileHashes', file_token: first.file_token, offset: 0n })).toBe('FILE_TOKEN_INVALID');
    });
  });

  describe('pushes', () => {
    it('happen once for many clients that ask for the same window at once, and ahead of them', async () => {
      const { location } = await postFile(8 * MIB);
      const redirect = await bob.redirect(location);
      const needed = nodes.getPart(redirect.dc_id, redirect.file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
      let open = (): void => {};
      nodes.gate = new Promise<void>((resolve) => (open = resolve));
      const calls = Array.from({ length: 20 }, () => bob.fails({ _: 'upload.reuploadCdnFile', file_token: redirect.file_token, request_token: needed.request_token }));
      await expect.poll(() => nodes.pushes.length).toBe(1);
      open();
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, () => undefined));
      await expect.poll(() => nodes.pushes.map(({ window }) => window)).toEqual([0, 1, 2, 3]);
      // Answers that were late do not cause another push either.
      expect(await bob.fails({ _: 'upload.reuploadCdnFile', file_token: redirect.file_token, request_token: needed.request_token })).toBeUndefined();
      await loadPart(bob, nodes, redirect, 3 * MIB);
      expect(nodes.pushes).toHaveLength(4);
      // The node has lost the window.
      nodes.windows.clear();
      clock.move(10);
      await loadPart(bob, nodes, redirect, 0);
      expect(nodes.pushes.filter(({ window }) => window === 0)).toHaveLength(2);
    });

    it('that fail send the client back, which is not redirected for ten minutes; others are', async () => {
      for (const outcome of ['failed', 'full', 'forgotten'] as const) {
        const { location } = await postFile(5000);
        const redirect = await bob.redirect(location);
        const needed = nodes.getPart(redirect.dc_id, redirect.file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
        nodes.outcome = outcome;
        const reupload: tl.AnyMethod = { _: 'upload.reuploadCdnFile', file_token: redirect.file_token, request_token: needed.request_token };
        expect(await bob.fails(reupload)).toBe('FILE_TOKEN_INVALID');
        nodes.outcome = 'ok';
        expect(await bob.fails(reupload)).toBe('FILE_TOKEN_INVALID');
        expect(await isRedirected(location)).toBe(false);
        clock.move(590);
        expect(await isRedirected(location)).toBe(false);
        const post = documentAt(await alice.post(channel, (await bob.post(bobsChannel, 2)).id));
        expect(await isRedirected(post, alice)).toBe(true);
        clock.move(10);
        expect(await isRedirected(location)).toBe(true);
      }
    });

    it('stop redirects for a device that is sent to the node again and again for the same part', async () => {
      const { location } = await postFile(5000);
      const answers: string[] = [];
      for (let count = 0; count < 4; count++) answers.push((await bob.getFile(location))._);
      expect(answers).toEqual(['upload.fileCdnRedirect', 'upload.fileCdnRedirect', 'upload.file', 'upload.file']);
    });
  });

  describe('tokens', () => {
    it('are refused with any bit flipped, from another node, for another user, and when they have expired', async () => {
      const { location } = await postFile(2 * MIB);
      const { file_token: token } = await bob.redirect(location);
      const [node, other] = [nodes.nodes[0]!, nodes.nodes[1]!];
      const outer = readFileToken(node.keys.token, token, clock.now())!;
      const requestOf = (window = 0, key = node.keys.token, fileId = outer.fileId): Uint8Array => writeRequestToken(key, fileId, window, clock.now());
      const reupload = (file_token: Uint8Array, request_token = requestOf(), caller = bob): Promise<string | undefined> => caller.fails({ _: 'upload.reuploadCdnFile', file_token, request_token });
      const hashes = (file_token: Uint8Array, caller = bob): Promise<string | undefined> => caller.fails({ _: 'upload.getCdnFileHashes', file_token, offset: 0n });

      for (let bit = 0; bit < 8 * token.length; bit++) {
        const changed = Uint8Array.from(token);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(await hashes(changed), `bit ${bit}`).toBe('FILE_TOKEN_INVALID');
      }
      // A node can put another file, size or date beside what was sealed, or seal something itself.
      const forged = [{ fileId: randomBytes(16) }, { size: outer.size - 1 }, { expires_date: outer.expires_date + 60 }, { sealed: randomBytes(outer.sealed.length) }, { sealed: new Uint8Array() }];
      for (const change of forged) {
        expect(await hashes(writeFileToken(node.keys.token, { ...outer, ...change }))).toBe('FILE_TOKEN_INVALID');
        expect(await reupload(writeFileToken(node.keys.token, { ...outer, ...change }))).toBe('FILE_TOKEN_INVALID');
      }
      for (let bit = 0; bit < 8 * outer.sealed.length; bit++) {
        const sealed = Uint8Array.from(outer.sealed);
        sealed[bit >> 3]! ^= 1 << (bit & 7);
        expect(await hashes(writeFileToken(node.keys.token, { ...outer, sealed })), `sealed bit ${bit}`).toBe('FILE_TOKEN_INVALID');
      }
      expect(await hashes(writeFileToken(other.keys.token, outer))).toBe('FILE_TOKEN_INVALID');
      for (const size of [0, 1, 60, 512]) expect(await hashes(randomBytes(size))).toBe('FILE_TOKEN_INVALID');
      for (const size of [513, 3000]) expect(await hashes(randomBytes(size))).toBe('FILE_TOKEN_INVALID');
      expect(await hashes(token, alice)).toBe('FILE_TOKEN_INVALID');
      expect(await reupload(token, requestOf(), alice)).toBe('FILE_TOKEN_INVALID');

      for (const request of [requestOf(2), requestOf(4_000_000_000), requestOf(0, other.keys.token), requestOf(0, node.keys.token, randomBytes(16)), randomBytes(25), new Uint8Array(), randomBytes(513)]) {
        expect(await reupload(token, request)).toBe('REQUEST_TOKEN_INVALID');
      }
      const request = requestOf();
      for (let bit = 0; bit < 8 * request.length; bit++) {
        const changed = Uint8Array.from(request);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(await reupload(token, changed), `request bit ${bit}`).toBe('REQUEST_TOKEN_INVALID');
      }
      expect(nodes.pushes).toEqual([]);
      expect([await hashes(token), await reupload(token)]).toEqual([undefined, undefined]);
      clock.move(1800);
      expect([await hashes(token), await reupload(token)]).toEqual(['FILE_TOKEN_INVALID', 'FILE_TOKEN_INVALID']);
    });

    it('are worth nothing to somebody who was banned from the channel', async () => {
      const carol = new Caller(world, await world.signUp('9996610003', 'Carol'));
      const hers = await carol.join('popular_films');
      const { id } = await postFile(3000);
      const redirect = await carol.redirect(documentAt(await carol.post(hers, id)));
      const participants = await alice.call<tl.channels.channelParticipants>({ _: 'channels.getParticipants', channel: channel.input, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: 0n });
      const user = participants.users.find((one) => one.id === carol.userId) as tl.user;
      const participant: tl.InputPeer = { _: 'inputPeerUser', user_id: user.id, access_hash: user.access_hash! };
      await alice.call({ _: 'channels.editBanned', channel: channel.input, participant, banned_rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
      clock.move(3);
      const needed = nodes.getPart(redirect.dc_id, redirect.file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
      expect(await carol.fails({ _: 'upload.getCdnFileHashes', file_token: redirect.file_token, offset: 0n })).toBe('FILE_TOKEN_INVALID');
      expect(await carol.fails({ _: 'upload.reuploadCdnFile', file_token: redirect.file_token, request_token: needed.request_token })).toBe('FILE_TOKEN_INVALID');
    });
  });

  describe('are revoked', () => {
    let count = 0;

    /** A file in a channel of its own, which Bob loads from a node. */
    async function popularFile(): Promise<{ own: Channel; id: number; location: tl.inputDocumentFileLocation; redirect: tl.upload.fileCdnRedirect; content: Buffer }> {
      const username = `revoked_films_${++count}`;
      const own = await alice.createChannel('broadcast', username);
      const seenAs = await bob.join(username);
      const { content, id, location } = await postFile(2 * MIB + 5, own, seenAs);
      const redirect = await bob.redirect(location);
      expect((await loadPart(bob, nodes, redirect, 0)).bytes.equals(content.subarray(0, BLOCK))).toBe(true);
      expect(await revoke()).toBe(0);
      return { own, id, location, redirect, content };
    }

    type File = Awaited<ReturnType<typeof popularFile>>;
    const identityOf = async ({ location }: File): Promise<Uint8Array> =>
      (await world.db.q.selectFrom('documents').select('identity').where('document_id', '=', location.id).executeTakeFirstOrThrow()).identity;
    const causes: Record<string, (file: File) => Promise<unknown>> = {
      'the channel becomes private': ({ own }) => alice.call({ _: 'channels.updateUsername', channel: own.input, username: '' }),
      'the message is deleted': ({ own, id }) => alice.call({ _: 'channels.deleteMessages', channel: own.input, id: [id] }),
      'another file takes its place': async ({ own, id }) => {
        const media: tl.InputMedia = { _: 'inputMediaUploadedDocument', file: await alice.upload(randomBytes(10)), mime_type: 'application/octet-stream', attributes: [] };
        await alice.call({ _: 'messages.editMessage', peer: own.peer, id, media });
      },
      'the channel protects its content': ({ own }) => alice.call({ _: 'messages.toggleNoForwards', peer: own.peer, enabled: true }),
      'the channel is deleted': ({ own }) => alice.call({ _: 'channels.deleteChannel', channel: own.input }),
      'an operator blocks the content': async (file) => world.db.q.insertInto('blocked_blobs').values({ identity: await identityOf(file), blocked_date: clock.now() }).execute(),
      'an operator deletes the content': async (file) => world.db.q.updateTable('blobs').set({ deleted_date: clock.now() }).where('identity', '=', await identityOf(file)).execute(),
    };

    for (const [cause, change] of Object.entries(causes)) {
      it(`when ${cause}`, async () => {
        const file = await popularFile();
        await change(file);
        expect(await revoke()).toBe(1);
        clock.move(3);
        const { dc_id: dc, file_token } = file.redirect;
        expect(nodes.getPart(dc, file_token, 0, BLOCK)).toBe('FILE_TOKEN_INVALID');
        // A node that has restarted knows neither the file nor that it was to be forgotten.
        nodes.forgotten.clear();
        nodes.windows.clear();
        const needed = nodes.getPart(dc, file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
        expect(await bob.fails({ _: 'upload.reuploadCdnFile', file_token, request_token: needed.request_token })).toBe('FILE_TOKEN_INVALID');
        expect(await bob.fails({ _: 'upload.getCdnFileHashes', file_token, offset: 0n })).toBe('FILE_TOKEN_INVALID');
        expect(await isRedirected(file.location).catch(() => false)).toBe(false);
        expect(await revoke()).toBe(0);
      });
    }

    it('but not as long as another public channel has the same file', async () => {
      const file = await popularFile();
      const random_id = [world.random.int64()];
      await alice.call({ _: 'messages.forwardMessages', from_peer: file.own.peer, to_peer: channel.peer, id: [file.id], random_id });
      const posts = await bob.call<tl.messages.channelMessages>({ _: 'messages.getHistory', peer: bobsChannel.peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n });
      const elsewhere = documentAt(posts.messages[0] as tl.message);
      await bob.redirect(elsewhere);
      await alice.call({ _: 'channels.deleteMessages', channel: file.own.input, id: [file.id] });
      expect(await revoke()).toBe(0);
      // The same part is not redirected more than twice in a minute.
      clock.move(61);
      expect(await isRedirected(elsewhere)).toBe(true);
      nodes.windows.clear();
      const needed = nodes.getPart(file.redirect.dc_id, file.redirect.file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
      // The token came from the post that is gone.
      expect(await bob.fails({ _: 'upload.reuploadCdnFile', file_token: file.redirect.file_token, request_token: needed.request_token })).toBe('FILE_TOKEN_INVALID');
    });

    it('and given out again only when nodes do not refuse them any longer', async () => {
      const file = await popularFile();
      await alice.call({ _: 'channels.updateUsername', channel: file.own.input, username: '' });
      expect(await revoke()).toBe(1);
      await alice.call({ _: 'channels.updateUsername', channel: file.own.input, username: 'public_again' });
      expect(await isRedirected(file.location)).toBe(false);
      clock.move(HOUR_S + 1);
      nodes.forgotten.clear();
      await revoke();
      expect(await isRedirected(file.location)).toBe(true);
    });

    it('without rows of tokens that have expired', async () => {
      const file = await popularFile();
      clock.move(HOUR_S + 1);
      await revoke();
      expect(await world.db.q.selectFrom('cdn_files').selectAll().where('document_id', '=', file.location.id).execute()).toEqual([]);
    });

    it('also when nodes have more files than one statement looks at', async () => {
      const { own, id, location } = await popularFile();
      const files = Array.from({ length: 2_500 }, () => ({ dc_id: 203, file_id: randomBytes(16), channel_id: own.id, msg_id: id, document_id: location.id, until_date: clock.now() + 1800 }));
      await world.db.q.insertInto('cdn_files').values(files).execute();
      await alice.call({ _: 'channels.deleteChannel', channel: own.input });
      await world.domain.cdnRevocations.doMarkToForget();
      const left = await world.db.q.selectFrom('cdn_files').select('state').where('document_id', '=', location.id).where('state', '=', 0).execute();
      expect(left).toEqual([]);
    });

    // The last test, because it waits for all pushes by ending them.
    it('before the next windows are pushed', async () => {
      const username = `revoked_films_${++count}`;
      const own = await alice.createChannel('broadcast', username);
      const { location } = await postFile(4 * MIB, own, await bob.join(username));
      const redirect = await bob.redirect(location);
      const needed = nodes.getPart(redirect.dc_id, redirect.file_token, 0, BLOCK) as tl.upload.cdnFileReuploadNeeded;
      let open = (): void => {};
      nodes.gate = new Promise<void>((resolve) => (open = resolve));
      const call = bob.fails({ _: 'upload.reuploadCdnFile', file_token: redirect.file_token, request_token: needed.request_token });
      await expect.poll(() => nodes.pushes.length).toBe(1);
      await alice.call({ _: 'channels.updateUsername', channel: own.input, username: '' });
      clock.move(3);
      open();
      expect(await call).toBeUndefined();
      await world.domain.cdn[Symbol.asyncDispose]();
      expect(nodes.pushes.map(({ window }) => window)).toEqual([0]);
    });
  });
});

describe('downloads of files that many ask for', () => {
  it('come from CDN nodes although the public channel is small, and never from those of other chats', async () => {
    const clock = createMovedClock();
    const nodes = new MemoryNodes(clock);
    await using world = await createRpcWorld('cdn-demand', silentLogger, {}, { clock, cdnNodes: nodes, config: { cdnMinRequests: 3 } });
    const alice = new Caller(world, await world.signUp('9996610001', 'Alice'));
    const answers = async (location: tl.InputFileLocation): Promise<string[]> => [(await alice.getFile(location))._, (await alice.getFile(location))._, (await alice.getFile(location))._];
    const channel = await alice.createChannel('broadcast', 'small_films');
    const location = documentAt(await alice.sendDocument(channel.peer, randomBytes(5000)));
    expect(await answers(location)).toEqual(['upload.file', 'upload.file', 'upload.fileCdnRedirect']);
    clock.move(540);
    expect((await alice.getFile(location))._).toBe('upload.fileCdnRedirect');
    clock.move(100);
    expect((await alice.getFile(location))._).toBe('upload.file');
    for (const other of [(await alice.createChannel('broadcast')).peer, (await alice.createChannel('megagroup', 'public_group')).peer, { _: 'inputPeerSelf' } as const]) {
      expect(await answers(documentAt(await alice.sendDocument(other, randomBytes(5000))))).not.toContain('upload.fileCdnRedirect');
    }
  });
});
