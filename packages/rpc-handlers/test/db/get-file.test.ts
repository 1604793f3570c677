import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

describe('upload.getFile', () => {
  let world: RpcWorld;
  let alice: bigint;
  let mallory: bigint;
  let hash: number;
  let icon: tl.document;

  beforeAll(async () => {
    world = await createRpcWorld('get-file');
    alice = (await world.signUp('9996610001', 'Alice')).authKeyId;
    mallory = (await world.signUp('9996610002', 'Mallory')).authKeyId;
    const list = await answer<tl.messages.AvailableReactions>({ _: 'messages.getAvailableReactions', hash: 0 });
    if (list._ !== 'messages.availableReactions') throw new Error(list._);
    hash = list.hash;
    icon = list.reactions[0]!.static_icon as tl.document;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function answer<T>(request: tl.AnyMethod): Promise<T> {
    const { error, body } = await world.call(alice, request);
    expect(error).toBeUndefined();
    return readResult(new TlReader(body), METHODS[request._].result) as T;
  }

  const where = (changes: Partial<tl.inputDocumentFileLocation> = {}): tl.InputFileLocation => ({
    _: 'inputDocumentFileLocation', id: icon.id, access_hash: icon.access_hash, file_reference: icon.file_reference, thumb_size: '', ...changes,
  });
  const get = (changes: Partial<tl.upload.getFile> = {}): tl.upload.getFile => ({ _: 'upload.getFile', location: where(), offset: 0n, limit: 4096, ...changes });
  const refusal = async (request: tl.AnyMethod, key = alice): Promise<string | undefined> => (await world.call(key, request)).error;

  it('answers "not modified" for a list that the client has', async () => {
    expect(hash).toBeGreaterThan(0);
    expect(await answer({ _: 'messages.getAvailableReactions', hash })).toEqual({ _: 'messages.availableReactionsNotModified' });
  });

  it('returns a file in parts, and nothing after its end', async () => {
    const whole = await answer<tl.upload.file>(get());
    expect(whole).toMatchObject({ _: 'upload.file', type: { _: 'storage.fileWebp' }, mtime: icon.date });
    expect(whole.bytes).toHaveLength(Number(icon.size));
    const first = await answer<tl.upload.file>(get({ precise: true, limit: 1024 }));
    const second = await answer<tl.upload.file>(get({ precise: true, offset: 1024n, limit: 1024 }));
    expect(Buffer.concat([first.bytes, second.bytes])).toEqual(Buffer.from(whole.bytes));
    expect((await answer<tl.upload.file>(get({ offset: 4096n }))).bytes).toHaveLength(0);
    expect((await answer<tl.upload.file>(get({ offset: 1n << 40n }))).bytes).toHaveLength(0);
  });

  it('refuses invalid parts', async () => {
    for (const limit of [0, -4096, 1024, 5000, 12_288, 2_097_152]) expect(await refusal(get({ limit })), String(limit)).toBe('LIMIT_INVALID');
    for (const limit of [0, 512, 1_049_600]) expect(await refusal(get({ precise: true, limit })), String(limit)).toBe('LIMIT_INVALID');
    for (const offset of [-4096n, 1024n, 1n << 62n]) expect(await refusal(get({ offset })), String(offset)).toBe('OFFSET_INVALID');
    expect(await refusal(get({ precise: true, offset: 100n }))).toBe('OFFSET_INVALID');
    expect(await refusal(get({ offset: 1_044_480n, limit: 8192 }))).toBe('OFFSET_INVALID');
  });

  it('refuses documents that the caller has no access to', async () => {
    expect(await refusal(get({ location: where({ id: 1n }) }))).toBe('FILE_ID_INVALID');
    expect(await refusal(get({ location: where({ access_hash: 0n }) }))).toBe('FILE_ID_INVALID');
    // What ships with the server is for everybody, by one hash: a post with it is the same for all who read it.
    expect(await refusal(get(), mallory)).toBeUndefined();
    expect(await refusal(get({ location: where({ file_reference: new Uint8Array() }) }))).toBe('FILE_REFERENCE_EMPTY');
    expect(await refusal(get({ location: where({ file_reference: new Uint8Array(9) }) }))).toBe('FILE_REFERENCE_INVALID');
    expect(await refusal(get({ location: where({ thumb_size: 'm' }) }))).toBe('LOCATION_INVALID');
    expect(await refusal(get({ location: { _: 'inputPeerPhotoFileLocation', peer: { _: 'inputPeerSelf' }, photo_id: 1n } }))).toBe('LOCATION_INVALID');
    expect(await refusal(get({ location: { _: 'inputTakeoutFileLocation' } }))).toBe('TAKEOUT_REQUIRED');
    expect(await refusal(get(), await world.newKey())).toBe('AUTH_KEY_UNREGISTERED');
  });
});
