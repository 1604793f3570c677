import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeClock, OperatorError, seededRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BlobKeyUnreadable, MasterKeyCommand, MasterKeyFile, MasterKeyText, MasterKeys, createBlobKey, wrappingKeyId } from '../src/index.ts';

const random = seededRandom('master keys');
const [first, second] = ['11'.repeat(32), '22'.repeat(32)];
const openText = (...keys: string[]): Promise<MasterKeys> => MasterKeys.open(new MasterKeyText(keys.join(','), 'AEROGRAM_KEYS'), random);

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'aerogram-keys-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a wrapped key is unwrapped, and each wrapping is different', async () => {
  const keys = await openText(first);
  const key = createBlobKey(random);
  const [one, other] = [keys.wrap(key), keys.wrap(key)];
  expect(one).not.toEqual(other);
  expect(Buffer.from(one).includes(Buffer.from(key))).toBe(false);
  expect(Buffer.from(await keys.unwrap(one))).toEqual(Buffer.from(key));
  expect(Buffer.from(await keys.unwrap(other))).toEqual(Buffer.from(key));
});

test('any changed byte of a wrapped key is noticed', async () => {
  const keys = await openText(first);
  const wrapped = keys.wrap(createBlobKey(random));
  for (let at = 0; at < wrapped.length; at++) {
    const changed = Uint8Array.from(wrapped);
    changed[at]! ^= 1;
    await expect(keys.unwrap(changed)).rejects.toThrow(BlobKeyUnreadable);
  }
  for (const length of [0, 1, 20, wrapped.length - 1]) await expect(keys.unwrap(wrapped.subarray(0, length))).rejects.toThrow(BlobKeyUnreadable);
});

test('after a rotation old wrappings are still read, and are wrapped again with the new key', async () => {
  const key = createBlobKey(random);
  const old = await openText(first);
  const wrapped = old.wrap(key);
  const rotated = await openText(second, first);
  expect(rotated.ids).toEqual([rotated.currentId, old.currentId]);
  expect(rotated.isCurrent(wrapped)).toBe(false);
  expect(Buffer.from(await rotated.unwrap(wrapped))).toEqual(Buffer.from(key));
  const again = await rotated.rewrap(wrapped);
  expect(wrappingKeyId(again)).toBe(rotated.currentId);
  expect(await rotated.rewrap(again)).toBe(again);
  // Then the old key is not needed any longer.
  const without = await openText(second);
  expect(Buffer.from(await without.unwrap(again))).toEqual(Buffer.from(key));
  await expect(without.unwrap(wrapped)).rejects.toThrow(`the master key ${old.currentId} of files is missing from AEROGRAM_KEYS`);
});

test('a file of keys is made once, by whichever of several processes comes first, and only its owner may read it', async () => {
  const file = path.join(dir, 'keys', 'files.keys');
  await Promise.all(Array.from({ length: 5 }, () => new MasterKeyFile(file, random).create()));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^[0-9a-f]{64}\n$/);
  await new MasterKeyFile(file, random).create();
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(path.dirname(file))).toEqual(['files.keys']);
});

test('a key that another process added to the file is found when it is needed', async () => {
  const file = path.join(dir, 'rotated.keys');
  const source = new MasterKeyFile(file, random);
  await source.create();
  const [server, command] = [await MasterKeys.open(source, random), await MasterKeys.open(source, random)];
  const wrapped = server.wrap(createBlobKey(random));
  await source.addKey();
  await command.reload();
  expect(command.ids).toEqual([command.currentId, server.currentId]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = await command.unwrap(wrapped);
  expect(await server.unwrap(command.wrap(key))).toEqual(key);
  expect(server.currentId).toBe(command.currentId);
});

test('keys that several add at once are all kept', async () => {
  const file = path.join(dir, 'raced.keys');
  const source = new MasterKeyFile(file, random);
  await source.create();
  const [old] = await source.read();
  await Promise.all(Array.from({ length: 5 }, () => new MasterKeyFile(file, random).addKey()));
  const keys = await source.read();
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(6);
  expect(keys.at(-1)).toEqual(old);
});

test('a key that is created while another process adds one is kept', async () => {
  for (let round = 0; round < 20; round++) {
    const file = path.join(dir, `started${round}`, 'files.keys');
    const server = new MasterKeyFile(file, random);
    const [created] = await Promise.allSettled([server.create().then(() => server.read()), new MasterKeyFile(file, random).addKey()]);
    if (created.status === 'rejected') throw created.reason;
    for (const key of created.value) expect(await server.read()).toContainEqual(key);
  }
});

test('a key that nobody has is looked for once in ten seconds, and for all who need it together', async () => {
  const clock = createFakeClock();
  const stranger = await openText(second);
  const wrapped = stranger.wrap(createBlobKey(random));
  let reads = 0;
  let found: string[] = [first];
  const source = { description: 'the test', read: async () => (reads++, found.map((key) => Buffer.from(key, 'hex'))) };
  const keys = await MasterKeys.open(source, random, clock);
  const fails = async (): Promise<void> => {
    await Promise.all(Array.from({ length: 10 }, () => expect(keys.unwrap(wrapped)).rejects.toThrow(`the master key ${stranger.currentId} of files is missing`)));
  };
  await fails();
  await fails();
  expect(reads).toBe(2);
  await clock.advance(9999);
  await fails();
  expect(reads).toBe(2);
  found = [first, second];
  await clock.advance(1);
  await keys.unwrap(wrapped);
  expect(reads).toBe(3);
});

test('a command of the operator prints the keys', async () => {
  const open = (command: string): Promise<MasterKeys> => MasterKeys.open(new MasterKeyCommand(command), random);
  expect((await open(`echo ${second}; echo ${first}`)).ids).toEqual((await openText(second, first)).ids);
  const error: unknown = await open(`echo ${first}; exit 3`).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OperatorError);
  expect((error as Error).message).toContain('failed (exit code 3)');
  expect((error as Error).message).not.toContain(first);
  await expect(open('echo nothing')).rejects.toThrow('must hold one or more master keys');
});

test('a command that hangs is ended with everything that it has started', async () => {
  const pidFile = path.join(dir, 'hanging.pid');
  const began = performance.now();
  // The child that hangs keeps the pipe open after the shell has ended.
  await expect(new MasterKeyCommand(`sleep 60 & echo $! > ${pidFile}; wait`, 500).read()).rejects.toThrow('took longer than 0.5 s and was killed');
  expect(performance.now() - began).toBeLessThan(30_000);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  // It is gone, or a zombie that its parent has not yet waited for.
  await vi.waitFor(() => expect(existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')).toBe(false), { timeout: 10_000 });
});

test('a text that holds no valid keys is refused without being shown', async () => {
  for (const text of ['', 'secret', `${first},${'3'.repeat(63)}`]) {
    const error: unknown = await openText(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as Error).message).toContain('AEROGRAM_KEYS');
    expect((error as Error).message).not.toMatch(/secret|11|33/);
  }
  const file = path.join(dir, 'broken.keys');
  writeFileSync(file, 'x');
  await expect(MasterKeys.open(new MasterKeyFile(file, random), random)).rejects.toThrow(OperatorError);
  await expect(MasterKeys.open(new MasterKeyFile(path.join(dir, 'none'), random), random)).rejects.toThrow('ENOENT');
});
