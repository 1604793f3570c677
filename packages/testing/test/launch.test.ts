import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCacheFolder } from '../src/launch/cache-folder.ts';
import { makeCloudFolder, removeLeftovers } from '../src/launch/cloud-folders.ts';
import { copyDirectory } from '../src/launch/copy-directory.ts';
import { KitProcess } from '../src/launch/kit-process.ts';
import { prepareTemplate } from '../src/launch/template.ts';

let folder: string;
let kitFile: string;
let log: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aerogram-'));
  kitFile = join(folder, 'kit.mjs');
  log = [];
  await copyFile(new URL('stand-in-kit.mjs', import.meta.url), kitFile);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const options = (): { kitFile: string; log: (line: string) => void } => ({ kitFile, log: (line) => log.push(line) });

test('the folder for templates may be a link that the caller has made', async () => {
  const link = join(folder, 'link');
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), link);
  expect(openCacheFolder(link)).toBe(link);
});

test('a template is made once, of a server that has stopped, without unused files of its log', async () => {
  const templates = join(folder, 'templates');
  const template = await prepareTemplate(templates, options());
  expect(await readdir(template)).toEqual(expect.arrayContaining(['postgres-18', 'stopped']));
  expect(await readdir(join(template, 'postgres-18', 'pg_wal'))).toEqual(['000000010000000000000001']);
  expect(await prepareTemplate(templates, options())).toBe(template);
  expect(log).toEqual(['made the database']);
  expect(await readdir(templates)).toHaveLength(1);
});

test('two that make a template at the same time get the same one', async () => {
  const templates = join(folder, 'templates');
  const [first, second] = await Promise.all([prepareTemplate(templates, options()), prepareTemplate(templates, options())]);
  expect(first).toBe(second);
  expect(await readdir(templates)).toHaveLength(1);
});

test('another program of the server has another template, and templates that are not used any more go away', async () => {
  const templates = join(folder, 'templates');
  const old = await prepareTemplate(templates, options());
  await writeFile(kitFile, '\n// another version', { flag: 'a' });
  const current = await prepareTemplate(templates, options());
  expect(current).not.toBe(old);
  expect(existsSync(old)).toBe(true);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  await utimes(old, longAgo, longAgo);
  const dead = await startAndEnd();
  await mkdir(join(templates, `draft-${dead}-1-abcd`));
  await prepareTemplate(templates, options());
  expect(await readdir(templates)).toEqual([current.split('/').at(-1)]);
});

test('a start that fails says why, and leaves no template', async () => {
  await writeFile(`${kitFile}.fails`, 'there is no room on the disk');
  const templates = join(folder, 'templates');
  const failing = prepareTemplate(templates, options());
  await expect(failing).rejects.toMatchObject({ code: 'start' });
  await expect(failing).rejects.toThrow(/the cloud did not start: its server ended with exit code 3\n\nmade the database\nthere is no room on the disk/);
  expect(await readdir(templates)).toEqual([]);
});

test('a server that ends by itself says so', async () => {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const kit = await KitProcess.start({ kitFile, dataDir, limits: false });
  expect(kit.endReason).toBeUndefined();
  process.kill(kit.pid, 'SIGKILL');
  await kit.exited;
  expect(kit.endReason).toMatch(/^its server ended with SIGKILL\n\nmade the database/);
  expect(await kit.stop()).toBe(false);
});

test('a copy has the modes and links of its source', async () => {
  const source = join(folder, 'source');
  await mkdir(join(source, 'deep', 'empty'), { recursive: true, mode: 0o700 });
  await writeFile(join(source, 'deep', 'secret'), 'x', { mode: 0o600 });
  await symlink('/somewhere/else', join(source, 'link'));
  const target = join(folder, 'target');
  await copyDirectory(source, target);
  expect((await readdir(target, { recursive: true })).sort()).toEqual(['deep', 'deep/empty', 'deep/secret', 'link']);
  expect((await stat(join(target, 'deep', 'secret'))).mode & 0o777).toBe(0o600);
  expect(await readlink(join(target, 'link'))).toBe('/somewhere/else');
});

test('folders of processes that were killed go away, when their servers have ended too', async () => {
  const clouds = join(folder, 'clouds');
  const mine = await makeCloudFolder(clouds);
  const dead = await startAndEnd();
  await mkdir(join(clouds, `${dead}-1-aaaaaa`));
  const stopping = join(clouds, `${dead}-1-bbbbbb`);
  await mkdir(stopping);
  await writeFile(join(stopping, 'server.pid'), JSON.stringify({ pid: process.pid, start: '' }));
  // A later process with the same id has started at another time.
  await mkdir(join(clouds, `${process.pid}-1-cccccc`));
  await removeLeftovers(clouds);
  expect((await readdir(clouds)).filter((name) => !name.startsWith(`${process.pid}-`))).toEqual([`${dead}-1-bbbbbb`]);
  expect(existsSync(join(clouds, `${process.pid}-1-cccccc`))).toBe(false);
  await writeFile(join(stopping, 'server.pid'), JSON.stringify({ pid: dead, start: '1' }));
  await removeLeftovers(clouds);
  expect(await readdir(clouds)).toHaveLength(1);
  await mine.remove();
  expect(await readdir(clouds)).toEqual([]);
});

/** Id of a process that has ended. */
async function startAndEnd(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}
