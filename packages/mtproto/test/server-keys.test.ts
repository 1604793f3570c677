import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRsaPublicKey } from '@aerogram/crypto';
import { generateServerKey, loadOrCreateServerKeys } from '../src/index.ts';
import { makeRsaKey } from './handshake-fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'server-keys-')), 'keys');
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

describe('the keys of a server', () => {
  it('are created on the first start, for the owner only, and found again', async () => {
    const made = await loadOrCreateServerKeys(dir);
    expect(await readdir(dir)).toEqual(['server.pem']);
    expect((await stat(join(dir, 'server.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    const again = await loadOrCreateServerKeys(dir);
    expect(again.publicKeys).toEqual(made.publicKeys);
    expect(made.publicKeys[0]!.pem).toMatch(/^-----BEGIN RSA PUBLIC KEY-----\n/);
    expect(readRsaPublicKey(made.publicKeys[0]!.pem).fingerprint).toBe(made.fingerprints[0]);
  });

  it('are all keys in the directory, each once, in the order of their file names', async () => {
    await loadOrCreateServerKeys(dir);
    const older = makeRsaKey();
    await writeFile(join(dir, 'a.pem'), older.privatePem);
    await writeFile(join(dir, 'copy.pem'), older.privateKeyObject.export({ format: 'pem', type: 'pkcs8' }));
    await writeFile(join(dir, 'readme.txt'), 'not a key');
    await writeFile(join(dir, '.server.pem.1.tmp'), 'left over');
    const { keys, fingerprints } = await loadOrCreateServerKeys(dir);
    expect(keys).toHaveLength(2);
    expect(fingerprints[0]).toBe(older.fingerprint);
  });

  it.each(['', 'nonsense', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'])('name a corrupt file in the error (%j)', async (content) => {
    await loadOrCreateServerKeys(dir);
    await writeFile(join(dir, 'server.pem'), content);
    await expect(loadOrCreateServerKeys(dir)).rejects.toThrow(`${join(dir, 'server.pem')} is not a PEM file`);
    expect(await readFile(join(dir, 'server.pem'), 'utf8')).toBe(content);
  });

  it('have fingerprints of 16 hex digits', async () => {
    for (let i = 0; i < 3; i++) expect(BigInt.asUintN(64, (await generateServerKey()).fingerprint).toString(16)).toHaveLength(16);
  });
});
