import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bannedFrom } from './channel-stage.ts';
import { documentOf, locationOf, makeFile, sendMedia, uploadedDocument } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const PART_MAX = 524_288;

let scenario: Scenario;
let alice: Actor;
/** A file of Alice, and a file of which the first of three parts is there. */
let location: tl.RawInputDocumentFileLocation;
let foreign: tl.RawInputDocumentFileLocation;
/** A channel from which Alice was banned. */
let closed: tl.TypeInputPeer;
const begunId = randomLong();
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  const bob = await scenario.world.user('Bob');
  const [own, other] = await Promise.all([alice, bob].map(async ({ main }) => {
    const id = await sendMedia(main, await uploadedDocument(main, makeFile(5000)), { peer: { _: 'inputPeerSelf' } });
    return locationOf(await documentOf(main, id));
  }));
  [location, foreign] = [own!, other!];
  closed = await bannedFrom(bob, alice);
  await alice.main.call({ _: 'upload.saveBigFilePart', fileId: begunId, filePart: 0, fileTotalParts: 3, bytes: new Uint8Array(1024) });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const get = (changes: Partial<tl.upload.RawGetFileRequest> = {}): tl.upload.RawGetFileRequest => ({ _: 'upload.getFile', location, offset: 0, limit: 4096, ...changes });
const at = (changes: Partial<tl.RawInputDocumentFileLocation>): tl.upload.RawGetFileRequest => get({ location: { ...location, ...changes } });
const photoAt = (peer: tl.TypeInputPeer): tl.upload.RawGetFileRequest => get({ location: { _: 'inputPeerPhotoFileLocation', big: true, peer, photoId: Long.ONE } });
const small = (filePart: number, bytes: number): tl.upload.RawSaveFilePartRequest => ({ _: 'upload.saveFilePart', fileId: Long.ONE, filePart, bytes: new Uint8Array(bytes) });
const big = (filePart: number, fileTotalParts: number, bytes: number, fileId = Long.ONE): tl.upload.RawSaveBigFilePartRequest => ({ _: 'upload.saveBigFilePart', fileId, filePart, fileTotalParts, bytes: new Uint8Array(bytes) });

const cover = ({ id, accessHash, fileReference }: tl.RawInputDocumentFileLocation): tl.upload.RawGetWebFileRequest => ({
  _: 'upload.getWebFile', location: { _: 'inputWebFileAudioAlbumThumbLocation', document: { _: 'inputDocument', id, accessHash, fileReference } }, offset: 0, limit: 4096,
});

/** Calls and their errors. */
const CASES: readonly [error: string, request: () => tl.RpcMethod][] = [
  ['FILE_ID_INVALID', () => at({ accessHash: Long.ONE })],
  ['FILE_REFERENCE_EMPTY', () => at({ fileReference: new Uint8Array() })],
  ['FILE_REFERENCE_INVALID', () => at({ fileReference: Buffer.alloc(26, 2) })],
  ['FILE_REFERENCE_EXPIRED', () => get({ location: foreign })],
  ['LIMIT_INVALID', () => get({ limit: 5000 })],
  ['OFFSET_INVALID', () => get({ offset: 100 })],
  ['LOCATION_INVALID', () => at({ thumbSize: 'm' })],
  ['LOCATION_INVALID', () => photoAt({ _: 'inputPeerSelf' })],
  ['PEER_ID_INVALID', () => photoAt({ _: 'inputPeerUser', userId: alice.id + 8, accessHash: Long.ONE })],
  ['MSG_ID_INVALID', () => photoAt({ _: 'inputPeerUserFromMessage', peer: { _: 'inputPeerSelf' }, msgId: 999_999, userId: alice.id + 8 })],
  ['CHANNEL_INVALID', () => photoAt({ _: 'inputPeerChannel', channelId: 1, accessHash: Long.ONE })],
  ['CHANNEL_PRIVATE', () => photoAt(closed)],
  ['LOCATION_INVALID', () => ({ _: 'upload.getFileHashes', location: { _: 'inputTakeoutFileLocation' }, offset: 0 })],
  ['FILE_PART_EMPTY', () => small(0, 0)],
  ['FILE_PART_INVALID', () => small(4000, 1024)],
  ['FILE_PARTS_INVALID', () => big(0, 4001, 1024)],
  ['FILE_PART_EMPTY', () => big(0, 3, 0)],
  ['FILE_PART_INVALID', () => big(3, 3, 1024)],
  ['FILE_PART_SIZE_INVALID', () => big(0, 3, 1000)],
  ['FILE_PART_SIZE_CHANGED', () => big(1, 3, 2048, begunId)],
  ['FILE_PART_TOO_BIG', () => big(0, 3, PART_MAX + 1024)],
  ['DOCUMENT_INVALID', () => cover({ ...location, accessHash: Long.ONE })],
  ['LOCATION_INVALID', () => cover(location)],
  ['FILE_TOKEN_INVALID', () => ({ _: 'upload.getCdnFileHashes', fileToken: new Uint8Array(60), offset: 0 })],
  ['FILE_TOKEN_INVALID', () => ({ _: 'upload.reuploadCdnFile', fileToken: new Uint8Array(60), requestToken: new Uint8Array(25) })],
  ['REQUEST_TOKEN_INVALID', () => ({ _: 'upload.reuploadCdnFile', fileToken: new Uint8Array(60), requestToken: new Uint8Array(600) })],
  ['METHOD_INVALID', () => ({ _: 'upload.getCdnFile', fileToken: new Uint8Array(), offset: 0, limit: 4096 })],
];

const nameOf = (method: string, error: string): string => `${method} ${error}`;

describe('the errors of the methods of files', () => {
  test.each(CASES.map(([error, request]) => ({ error, request })))('$error', async ({ error, request }) => {
    expect((await alice.main.fails(request())).text).toBe(error);
  });

  test('all that are documented are provoked here, or docs/files.md says why they never occur', () => {
    const methods = JSON.parse(readFileSync(join(findRepositoryRoot(), 'packages/schema/methods.json'), 'utf8')) as Record<string, { errors: string[] }>;
    const documented = Object.entries(methods).flatMap(([method, { errors }]) => (method.startsWith('upload.') ? errors.map((error) => nameOf(method, error)) : []));
    const provoked = CASES.map(([error, request]) => nameOf(request()._, error));
    const page = readFileSync(join(findRepositoryRoot(), 'docs/files.md'), 'utf8');
    const explained = [...page.matchAll(/^\| `(upload\.\w+)` \| (`[A-Z].*?`) \| \S/gm)].flatMap(([, method, errors]) => [...errors!.matchAll(/`([^`]+)`/g)].map(([, error]) => nameOf(method!, error!)));
    expect([...new Set(provoked), ...explained].toSorted()).toEqual(documented.toSorted());
  });
});
