import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { createProgram } from '@aerogram/cli/program';
import { doCreateFileLink } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, download, failsToLoad, hashOf, makeFile, sendFile, sendMedia, type SentFile, uploadedDocument } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const BUCKET = 'aerogram-files';

describe.each(['a directory', 'S3'])('files in %s that operators delete or block', (place) => {
  let scenario: Scenario;
  let directory: string;
  let service: S3rver | undefined;
  let env: Record<string, string> = {};
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aerogram-moderation-'));
    if (place === 'S3') {
      service = new S3rver({ address: '127.0.0.1', port: 0, silent: true, allowMismatchedSignatures: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
      const { port } = await service.run();
      env = { AEROGRAM_S3_BUCKET: BUCKET, AEROGRAM_S3_ENDPOINT: `http://127.0.0.1:${port}`, AEROGRAM_S3_ACCESS_KEY: 'S3RVER', AEROGRAM_S3_SECRET_KEY: 'S3RVER', AEROGRAM_S3_PREFIX: 'files/' };
    }
    // Each process of the server must learn of it.
    scenario = await startScenario({ env: { ...env, AEROGRAM_WORKERS: '2' } });
  });
  afterAll(async () => {
    await scenario?.[Symbol.asyncDispose]();
    await service?.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<string[]> {
    const lines: string[] = [];
    const { databaseUrl, dataDir } = scenario.server;
    await createProgram({ ...env, AEROGRAM_DATABASE_URL: databaseUrl, AEROGRAM_DATA_DIR: dataDir }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
    return lines;
  }

  /** How many files the store has. */
  const countStored = async (): Promise<number> => {
    const root = place === 'S3' ? join(directory, BUCKET, 'files') : join(scenario.server.dataDir, 'blobs');
    return (await readdir(root, { recursive: true })).filter((name) => /[0-9a-f]{32}(?:\._S3rver_object)?$/.test(name)).length;
  };

  it('a deleted file is gone for everybody in every process, over HTTP too, and its bytes at once; blocked, it does not come back', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const file = makeFile(700_000);
    await sendFile(alice, bob, file, 'look at this');
    const { id } = await bob.sees('look at this');
    const document = await documentOf(bob.main, id);
    expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
    const token = await doCreateFileLink({ db: scenario.server.db, random: systemRandom, clock: systemClock }, BigInt(document.id.toString()), systemClock.now() + 600);
    const link = `http://127.0.0.1:${scenario.server.info.http.port}/file/${token!}`;
    expect((await fetch(link)).status).toBe(200);
    const stored = await countStored();

    await expect(run('blobs', 'delete', document.id.toString())).rejects.toThrow('say --yes');
    const path = join(directory, 'copy');
    await writeFile(path, file.bytes);
    const [hash] = await run('blobs', 'hash', path);
    expect(await run('blobs', 'delete', document.id.toString(), '--block', '--yes')).toEqual([
      `deleted    ${hash!}: 1 documents, to which 2 messages refer, and lists and profiles 0 times`,
      'blocked    whoever uploads it again is refused',
      expect.stringMatching(/^bytes {6}removed from .*; backups that were made before have them$/),
    ]);
    expect(await countStored()).toBe(stored - 1);
    expect(await failsToLoad(bob.main, document)).toBe('FILE_ID_INVALID');
    expect(await failsToLoad(alice.main, await documentOf(alice.main, (await alice.sees('look at this')).id))).toBe('FILE_ID_INVALID');
    expect((await fetch(link)).status).toBe(404);
    // The message stays, and a reference that was made after the deletion helps nobody.
    expect(await failsToLoad(bob.main, await documentOf(bob.main, id))).toBe('FILE_ID_INVALID');

    const peer = alice.main.inputPeer(bob.id);
    const media = await uploadedDocument(alice.main, file);
    expect((await alice.main.fails({ _: 'messages.uploadMedia', peer, media })).text).toBe('MEDIA_INVALID');
    const { accessHash, fileReference } = document;
    const known = { _: 'inputMediaDocument' as const, id: { _: 'inputDocument' as const, id: document.id, accessHash, fileReference } };
    expect((await bob.main.fails({ _: 'messages.uploadMedia', peer: bob.main.inputPeer(alice.id), media: known })).text).toBe('DOCUMENT_INVALID');
    expect(await run('blobs', 'check')).toEqual(['all files are there and have their sizes']);
    expect(await run('blobs', 'stats')).toContain('deleted    1 files by operators, who have blocked 1');
    expect(await run('blobs', 'list-blocked')).toEqual([expect.stringContaining(hash!)]);
    expect((await run('chats', 'log', '--limit', '1')).join()).toContain(`delete the file ${hash!} and block it`);
  });

  it('content is blocked by the hash of a file on the disk before anybody has uploaded it', async () => {
    const alice = await scenario.world.user('Carol');
    const file = makeFile(5_000_000);
    const path = join(directory, 'known');
    await writeFile(path, file.bytes);
    const [hash] = await run('blobs', 'hash', path);
    expect(await run('blobs', 'block', hash!)).toEqual([`blocked    ${hash!}`, expect.stringContaining('no file has this hash') as string]);
    const stored = await countStored();
    const send = async (): Promise<unknown> => sendMedia(alice.main, await uploadedDocument(alice.main, file), { peer: { _: 'inputPeerSelf' } });
    await expect(send()).rejects.toThrow('MEDIA_INVALID');
    expect(await countStored()).toBe(stored);
    expect(await run('blobs', 'unblock', hash!)).toEqual([`unblocked  ${hash!}`]);
    await send();
    expect(await countStored()).toBe(stored + 1);
    await expect(run('blobs', 'unblock', hash!)).rejects.toThrow('is not blocked');
    await expect(run('blobs', 'delete', 'no hash')).rejects.toThrow('64 hex digits');
    await expect(run('blobs', 'delete', '00'.repeat(32), '--yes')).rejects.toThrow('no stored file has the hash');
    await expect(run('blobs', 'block', '1')).rejects.toThrow('there is no document 1');
  });
});

it('a command of the operator judges what users upload, in each of several processes', async () => {
  await using scenario = await startScenario({ env: { AEROGRAM_FILE_HOOK_COMMAND: '! grep -aq VIRUS', AEROGRAM_WORKERS: '2' } });
  const alice = await scenario.world.user('Alice');
  const send = async (file: SentFile): Promise<unknown> => sendMedia(alice.main, await uploadedDocument(alice.main, file), { peer: { _: 'inputPeerSelf' } });
  const good = makeFile(2_000_000);
  await send(good);
  const bad = { name: 'bad.exe', bytes: Buffer.concat([good.bytes, Buffer.from('VIRUS')]) };
  await expect(send(bad)).rejects.toThrow('MEDIA_INVALID');
  await expect(send(bad)).rejects.toThrow('MEDIA_INVALID');
  const blocked = await scenario.server.db.q.selectFrom('blocked_blobs').selectAll().execute();
  expect(blocked).toMatchObject([{ by_hook: true }]);
});
