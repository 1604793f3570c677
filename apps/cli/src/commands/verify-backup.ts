import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from '@aerogram/blob';
import { blobsIn } from '@aerogram/node';
import { createLogger, OperatorError, systemClock } from '@aerogram/runtime';
import { type BackupManifest, checkProgram, type Database, openDatabase, readManifest, restoreBackup, SCHEMA_VERSION, sql } from '@aerogram/storage';
import type { CliOptions } from '../options.ts';
import { joinOutputs, type Output } from '../output.ts';
import { formatBytes, Progress } from '../progress.ts';
import { listFaults, listMissingKeys } from './blobs.ts';
import { clearTrialDirectories, withTrialDirectory } from './trial-directory.ts';

/** What a database in the copy needs beside its files: log that it writes while it starts, and settings. */
const MORE_BYTES = 512 * 2 ** 20;

/**
 * `aerogram backup --verify`: reads every file of a backup and compares size and hash with the manifest, starts a database from a copy in the directory for temporary files, brings the copy to
 * the schema of this program, counts what is in it, and reads the files of users that the database names. Nothing is written into the backup.
 * Fails if something is wrong with the backup.
 * @throws Error if it cannot be tried
 */
export async function verifyBackup(options: CliOptions, from: string): Promise<Output> {
  const manifest = await readManifest(from);
  checkProgram(manifest);
  const { finished_at: finishedAt, program_version: version, schema_version: schema, files } = manifest;
  const made = `backup     ${from}, as of ${finishedAt}, made by ${version === undefined ? 'an earlier program' : `Aerogram ${version}`}, database schema ${schema}`;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const log = createLogger({ level: 'warn' });
  await clearTrialDirectories(log);
  requireRoom(bytes + MORE_BYTES);
  return await withTrialDirectory(log, async ({ directory: temporary, dataDir: trialDir }) => {
    using progress = new Progress('reading');
    let content: Content = { faults: 0, output: { value: null, lines: [] } };
    const check = async ({ url, dataDir }: { url: string; dataDir: string }): Promise<void> => {
      progress.end();
      content = await checkContent({ ...options, config: { ...options.config, dataDir } }, { from, url, manifest, temporary });
    };
    await restoreBackup({
      from,
      dataDir: trialDir,
      isTrial: true,
      log,
      onCopied: (size, count) => progress.expect(count).step(size),
      restoreMore: check,
    });
    const { faults, output } = content;
    const lines = [made, `files      ${files.length} of database and keys, ${formatBytes(bytes)}, have the sizes and hashes of the manifest`, ...output.lines];
    const value = { directory: from, finished_date: finishedAt, program_version: version ?? null, schema, files: files.length, bytes, faults, content: output.value };
    if (faults > 0) return { value, lines, failure: `the backup is not sound: ${faults === 1 ? '1 fault' : `${faults} faults`}` };
    return { value, lines: [...lines, 'sound      a server can be restored from it'] };
  });
}

/** @throws OperatorError if the directory for temporary files is too small */
function requireRoom(needed: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize >= needed) return;
  throw new OperatorError(`a database is started from a copy in ${tmpdir()}, which has ${formatBytes(bavail * bsize)} free; it needs ${formatBytes(needed)}: name a larger directory with TMPDIR`);
}

/** What a started copy holds, and how much is wrong with it. */
interface Content {
  faults: number;
  output: Output;
}

/** Looks into the started copy. */
async function checkContent(options: CliOptions, { from, url, manifest, temporary }: { from: string; url: string; manifest: BackupManifest; temporary: string }): Promise<Content> {
  await using db = await openDatabase({ url, poolSize: 2, log: createLogger({ level: 'warn' }), clock: systemClock });
  const fromMs = systemClock.monotonicMs();
  await db.migrate();
  const seconds = ((systemClock.monotonicMs() - fromMs) / 1000).toFixed(1);
  const step = manifest.schema_version < SCHEMA_VERSION ? `, came to schema ${SCHEMA_VERSION} in ${seconds} s` : '';
  const { users, messages, chats } = await countContent(db);
  const database = {
    value: { accounts: Number(users), chats: Number(chats), messages: Number(messages) },
    lines: [`database   starts${step}, holds ${users} accounts, ${chats} groups and channels, ${messages} messages in boxes and channels`],
  };
  const missing = await findMissingKeys(options, db, manifest);
  const missingKeys = missing.lines.length;
  if (manifest.blobs === undefined) {
    const elsewhere = { value: null, lines: ['files      of users are not part of it: they are in an S3 bucket, which needs a backup of its own'] };
    return { faults: missingKeys, output: joinOutputs({ database, missing_keys: missing, user_files: elsewhere }) };
  }
  // A directory is not made in the backup.
  const directory = existsSync(blobsIn(from)) ? blobsIn(from) : join(temporary, 'no-files');
  const found = await listFaults(options, { db, store: await DirectoryStore.open(directory), readsContent: missingKeys === 0 });
  const { faulty } = found;
  const counted = `files      ${manifest.blobs.count} of users, ${formatBytes(manifest.blobs.bytes)}${missingKeys > 0 ? ', whose bytes were not read' : ''}; ${faulty === 0 ? 'those in use are sound' : `${faulty} in use are not`}`;
  return { faults: missingKeys + faulty, output: joinOutputs({ database, missing_keys: missing, user_files: { ...found, lines: [...found.lines, counted] } }) };
}

/** Which keys the backup lacks; each is one line. */
async function findMissingKeys({ config }: CliOptions, db: Database, { files }: BackupManifest): Promise<Output> {
  if (files.some(({ path }) => path.startsWith('keys/'))) return await listMissingKeys(db, config);
  const line = 'the backup has none: a server restored from it makes new ones, which no client knows';
  return { value: [line], lines: [`keys       ${line}`] };
}

async function countContent(db: Database): Promise<{ users: bigint; messages: bigint; chats: bigint }> {
  const { rows } = await sql<{ users: bigint; messages: bigint; chats: bigint }>`
    SELECT (SELECT count(*) FROM users WHERE phone IS NOT NULL AND NOT support AND NOT deleted) AS users,
           (SELECT count(*) FROM messages) + (SELECT count(*) FROM channel_messages) AS messages,
           (SELECT count(*) FROM chats) + (SELECT count(*) FROM channels) AS chats`.execute(db.q);
  return rows[0]!;
}
