import { randomBytes } from 'node:crypto';

import { readResult, type tl, TlReader } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from '../../packages/rpc-handlers/test/db/rpc-world.ts';
import type { BotCall } from '../../packages/bot-api/src/bot-call.ts';
import { openBotFile } from '../../packages/bot-api/src/files/bot-file.ts';
import { loadFileIds } from '../../packages/bot-api/src/files/file-ids.ts';
import { type FileMediaInput, keepSentFile, prepareAlbumMedia, prepareMedia, type WantedMedia } from '../../packages/bot-api/src/files/input-file.ts';
import { readMediaDetails } from '../../packages/bot-api/src/files/media-details.ts';
import { getFile } from '../../packages/bot-api/src/methods/getFile.ts';
import { Params } from '../../packages/bot-api/src/params/params.ts';

const DETAILS = readMediaDetails(new Params(new Map()));

describe('the files of a bot that uses the Bot API', () => {
  let world: RpcWorld;
  let alice: { authKeyId: bigint; userId: bigint };
  let call: BotCall;
  let otherCall: BotCall;
  let toAlice: tl.InputPeer;
  let lastId = 0n;

  /** A bot, whose calls go to the handlers of the API. */
  const makeCall = async (username: string): Promise<BotCall> => {
    const { authKeyId, userId: botId } = await world.logInBot(username);
    const invoke = async (request: tl.AnyMethod): Promise<unknown> => {
      const answer = await world.call(authKeyId, request);
      if (answer.error !== undefined) throw new Error(answer.error);
      return readResult(new TlReader(answer.body), request._);
    };
    const idsOf = await loadFileIds({ db: world.db, random: world.random, clock: { now: () => 1 } });
    return { botId, domain: world.domain, fileIds: idsOf(botId), invoke } as BotCall;
  };
  beforeAll(async () => {
    world = await createRpcWorld('bot-files');
    alice = await world.signUp('9996610001', 'Alice');
    [call, otherCall] = [await makeCall('filesbot'), await makeCall('otherbot')];
    for (const { botId } of [call, otherCall]) {
      const peer = { _: 'inputPeerUser', user_id: botId, access_hash: world.domain.accessHashes.of('user', alice.userId, botId) } as const;
      await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer, message: 'hi', random_id: ++lastId });
    }
    toAlice = { _: 'inputPeerUser', user_id: alice.userId, access_hash: 0n };
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const upload = async (bytes: Uint8Array, name: string): Promise<WantedMedia> => {
    const id = ++lastId;
    await world.domain.files.doSavePart({ userId: call.botId, fileId: id, part: 0, totalParts: undefined }, bytes);
    return { kind: 'document', file: { kind: 'upload', upload: { file: { _: 'inputFile', id, parts: 1, name, md5_checksum: '' }, name, mimeType: '', size: bytes.length } }, details: DETAILS };
  };
  const byId = (fileId: string): WantedMedia => ({ kind: 'document', file: { kind: 'text', text: fileId }, details: DETAILS });
  const messagesIn = (updates: tl.Updates): tl.message[] =>
    'updates' in updates ? updates.updates.flatMap((update) => ('message' in update && typeof update.message === 'object' && update.message._ === 'message' ? [update.message] : [])) : [];
  const documentOf = ({ media }: tl.message): tl.document => (media as tl.messageMediaDocument).document as tl.document;
  const fileIdOf = ({ id, dc_id: dcId }: tl.document): string => call.fileIds.fileId({ kind: 'document', dcId, id, size: '' });
  const send = async (media: FileMediaInput): Promise<tl.message> => {
    const [sent] = messagesIn(await call.invoke({ _: 'messages.sendMedia', peer: toAlice, media, message: '', random_id: ++lastId }));
    await keepSentFile(call, media, sent!.media);
    return sent!;
  };
  const keptFor = async ({ botId }: BotCall): Promise<bigint[]> => (await world.db.q.selectFrom('bot_files').select('document_id').where('bot_id', '=', botId).execute()).map((row) => row.document_id);

  it('are kept when they are uploaded, and sent, edited in and sent in albums by their id, also after the message is gone', async () => {
    const sent = await send(await prepareMedia(call, await upload(randomBytes(1000), 'a.txt')));
    const { id } = documentOf(sent);
    const fileId = fileIdOf(documentOf(sent));
    expect(await keptFor(call)).toEqual([id]);
    await call.invoke({ _: 'messages.deleteMessages', id: [sent.id], revoke: true });

    const again = await send(await prepareMedia(call, byId(fileId)));
    expect(documentOf(again).id).toBe(id);
    const other = await send(await prepareMedia(call, await upload(randomBytes(1000), 'b.txt')));
    const [edited] = messagesIn(await call.invoke({ _: 'messages.editMessage', peer: toAlice, id: other.id, media: await prepareMedia(call, byId(fileId)) }));
    expect(documentOf(edited!).id).toBe(id);

    const parts = [await prepareAlbumMedia(call, byId(fileId), toAlice), await prepareAlbumMedia(call, await upload(randomBytes(1000), 'c.txt'), toAlice)];
    const multi_media = parts.map((media): tl.inputSingleMedia => ({ _: 'inputSingleMedia', media, random_id: ++lastId, message: '' }));
    const album = messagesIn(await call.invoke({ _: 'messages.sendMultiMedia', peer: toAlice, multi_media }));
    expect(album.map((message) => documentOf(message).attributes[0])).toMatchObject([{ file_name: 'a.txt' }, { file_name: 'c.txt' }]);
    expect(new Set(await keptFor(call))).toEqual(new Set([id, documentOf(other).id, documentOf(album[1]!).id]));
  });

  it('cannot be used by another bot that has read the id, nor loaded', async () => {
    const sent = await send(await prepareMedia(call, await upload(randomBytes(1000), 'a.txt')));
    const fileId = fileIdOf(documentOf(sent));
    await expect(prepareMedia(otherCall, byId(fileId))).rejects.toThrow('Bad Request: wrong remote file identifier specified');
    await expect(getFile.run(otherCall, new Params(new Map([['file_id', fileId]])))).rejects.toThrow('Bad Request: invalid file_id');
    // Neither does what the first bot sends help another one.
    const media = await prepareMedia(call, byId(fileId));
    await expect(otherCall.invoke({ _: 'messages.sendMedia', peer: toAlice, media, message: '', random_id: ++lastId })).rejects.toThrow('FILE_REFERENCE_EXPIRED');
    expect(await keptFor(otherCall)).toEqual([]);
  });

  it('are loaded by the path that getFile gives', async () => {
    const bytes = randomBytes(1000);
    const sent = await send(await prepareMedia(call, await upload(bytes, 'a.txt')));
    const fileId = fileIdOf(documentOf(sent));
    const file = (await getFile.run(call, new Params(new Map([['file_id', fileId]])))) as { file_path: string };
    expect(file).toEqual({ file_id: fileId, file_unique_id: call.fileIds.uniqueId(call.fileIds.read(fileId)!), file_size: 1000, file_path: expect.stringMatching(/^documents\/[\w-]{40}\.txt$/) as string });
    const opened = await openBotFile(call, file.file_path);
    expect(Buffer.compare(await opened!.read(0, 2000), bytes)).toBe(0);
    expect(await openBotFile(otherCall, file.file_path)).toBeUndefined();
    for (const path of ['', 'documents', '../documents/a', file.file_path.replace('documents/', ''), `${file.file_path}/x`]) expect([path, await openBotFile(call, path)]).toEqual([path, undefined]);
  });

  it('are refused by getFile without an id, with a wrong one, if they are gone or too long', async () => {
    const errorOf = (fileId: string): Promise<string> => getFile.run(call, new Params(new Map([['file_id', fileId]]))).then(() => '', (error: Error) => error.message);
    expect(await errorOf('')).toBe('Bad Request: file_id not specified');
    expect(await errorOf('AAAA')).toBe('Bad Request: invalid file_id');
    expect(await errorOf(call.fileIds.fileId({ kind: 'photo', dcId: 2, id: 12345n, size: 'x' }))).toBe('Bad Request: wrong file_id or the file is temporarily unavailable');
    const sent = await send(await prepareMedia(call, await upload(randomBytes(1000), 'a.txt')));
    await world.db.q.updateTable('blobs').set({ size: BigInt(20 * 1024 * 1024 + 1) }).execute();
    expect(await errorOf(fileIdOf(documentOf(sent)))).toBe('Bad Request: file is too big');
  });
});
