import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobKey, DirectoryStore, MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { blobsDirectory, masterKeySource } from '@aerogram/node';
import { silentLogger, systemClock, systemRandom, writeServerFile } from '@aerogram/runtime';
import { openDatabase, startEmbedded } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';
import { listDoing } from '../list-doing.ts';

const NOW = Math.floor(Date.now() / 1000);
const HASH = 'ab'.repeat(32);
/** Beyond the numbers that JSON can hold. */
const BIG = 9_007_199_254_740_993n;

let db: TestDatabase;
/** The databases of two data centres, empty at first. */
let homes: [TestDatabase, TestDatabase];
let root: string;
const at = (name: string): string => join(root, name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aerogram-json-'));
  [db, ...homes] = await Promise.all([testDatabase(), testDatabase(), testDatabase()]);
  mkdirSync(at('data'));
  writeServerFile(at('data'), {
    pid: 2 ** 30, dc_id: 2, mtproto: { host: '127.0.0.1', port: 4430 }, http: { host: '127.0.0.1', port: 1 },
    public_keys: [{ pem: 'PEM', fingerprint: '-1' }], layer: 228, test_mode: true,
  });
  await Promise.all([insertPeople(), insertChats(), insertFile(), insertRest(), makeCdnNode(at('cdn')), makeEmbedded(at('embedded'))]);
}, 60_000);
afterAll(async () => {
  for (const one of [db, ...homes]) await one[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

async function insertPeople(): Promise<void> {
  const names = [[10n, 'Alice'], [11n, 'Bob'], [BIG, 'Carol']] as const;
  await db.q.insertInto('users').values(names.map(([user_id, first_name], n) => ({ user_id, phone: `999662000${n}`, first_name, last_name: '', created_date: NOW, online_date: NOW + 300 }))).execute();
  const code = { phone: '15550001111', auth_key_id: 1n, created_date: NOW, code_hash: 'a', code: '12345', expires_date: NOW + 100, accepted_date: null };
  await db.q.insertInto('login_codes').values(code).execute();
}

async function insertChats(): Promise<void> {
  await db.q.insertInto('chats').values({ chat_id: 77n, title: 'Lunch', creator_id: 10n, date: NOW, version: 1, members: 2, migrated_to: null }).execute();
  await db.q.insertInto('chat_members').values([{ chat_id: 77n, user_id: 10n, status: 'member', role: 'creator', inviter_id: 10n, date: NOW }]).execute();
  await db.q.insertInto('channels').values({ channel_id: 88n, kind: 'megagroup', title: 'News', username: null, creator_id: 12n, date: NOW, version: 1, ttl_period: null, migrated_from_chat_id: null, color: null, profile_color: null, main_tab: null } as never).execute();
  await db.q.insertInto('invites').values({ owner_id: -77n, admin_id: 10n, date: NOW, title: null, expire_date: null, usage_limit: null, permanent: true, request_needed: false, start_date: null, hash: 'x', export_id: 1n }).execute();
  await db.q.insertInto('reports').values({ owner_id: 10n, peer_id: 11n, msg_id: 0, reason: 'spam', comment: '', created_date: NOW }).execute();
}

async function insertFile(): Promise<void> {
  const source = masterKeySource({ dataDir: at('data'), masterKeys: undefined, masterKeysCommand: undefined }, systemRandom);
  if (source instanceof MasterKeyFile) await source.create();
  const keys = await MasterKeys.open(source, systemRandom);
  const store = await DirectoryStore.open(blobsDirectory(at('data')));
  await store.put('00'.repeat(16), 3, (async function* () { yield randomBytes(3); })());
  const [identity, hash] = [Buffer.from(HASH, 'hex'), randomBytes(32)];
  await db.q.insertInto('blobs').values({ identity, name: '00'.repeat(16), size: 3n, wrapped_key: keys.wrap(createBlobKey(systemRandom)), block_hashes: hash, sha256: hash, dc_id: 2, created_date: 1, checked_date: 1 }).execute();
  const document: tl.document = { _: 'document', id: 5n, access_hash: 0n, file_reference: new Uint8Array(), date: NOW, mime_type: 'text/plain', size: 3n, dc_id: 2, attributes: [] };
  await db.q.insertInto('documents').values({ document_id: 5n, identity, uploader_id: 10n, body: storedEncode(document), created_date: NOW, body_hash: null }).execute();
  await db.q.insertInto('sticker_sets').values({ set_id: 6n, kind: 0, creator_id: 10n, maker_id: 10n, title: 'Sea', short_name: 'Sea', name_key: 'sea', text_color: false, version: 1, count: 0, thumb_document_id: null, created_date: NOW }).execute();
  writeFileSync(at('picture'), 'picture');
}

async function insertRest(): Promise<void> {
  const node = { host: 'here', pid: 7, token: 1n, until_ms: 1n, clock_ms: 1n, seen_barrier: 0 };
  await db.q.insertInto('nodes').values([{ ...node, name: 'aa', state: 'serving' }, { ...node, name: 'ab', state: 'serving' }, { ...node, name: 'b', state: 'left', token: 0n }]).execute();
}

/** The two files by which a server is told of a CDN node. */
async function makeCdnNode(dir: string): Promise<void> {
  const { fingerprints, publicKeys } = await loadOrCreateServerKeys(join(dir, 'keys'));
  const id = BigInt.asUintN(64, fingerprints[0]!).toString(16).padStart(16, '0');
  const { pem } = publicKeys[0]!;
  writeFileSync(join(dir, 'cdn.json'), JSON.stringify({ pid: 1, id, client: { host: '127.0.0.1', port: 1 }, push: { host: '127.0.0.1', port: 1 }, public_key: { pem, fingerprint: fingerprints[0]!.toString() } }));
  writeFileSync(join(dir, 'push.secret'), randomBytes(32).toString('hex'));
}

/** A data directory with a database of its own, which can be backed up. */
async function makeEmbedded(dataDir: string): Promise<void> {
  await using postgres = await startEmbedded({ dataDir, log: silentLogger });
  await using own = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
  await own.migrate();
}

/** Runs a command. @returns the lines that it prints, also when it fails in the end */
async function run(args: readonly string[], settings: Record<string, string> = {}): Promise<string[]> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATA_DIR: at('data'), AEROGRAM_DATABASE_URL: db.url, ...settings };
  const own = 'AEROGRAM_DATA_DIR' in settings ? { ...settings } : env;
  await createProgram(own, (line) => void lines.push(line)).parseAsync([...args, '--json'], { from: 'user' }).catch((error: unknown) => {
    if (lines.length === 0) throw new Error(`${args.join(' ')}: ${String(error)}`, { cause: error });
  });
  return lines;
}

/** The settings of a data centre. */
const homeOf = (dc: 1 | 2) => (): Record<string, string> => ({ AEROGRAM_DATA_DIR: at(`home${dc}`), AEROGRAM_DATABASE_URL: homes[dc - 1]!.url, AEROGRAM_DC_LINK_PORT: '4440' });

/** Every command, in an order in which all of them can be run, with the arguments after its name and the settings that it needs. */
const COMMANDS: readonly [command: string, args?: string, settings?: () => Record<string, string>][] = [
  ['status'], ['adopt-database'], ['migrate'], ['accept-clock'], ['new-epoch'],
  ['user list'], ['user search', 'a'], ['user online'], ['user show', '@alice'], ['user mark', '@alice --verified'], ['user limit', '@alice --for 7d'], ['user support', '@alice on'], ['user export', '10 EXPORT'], ['admin grant', '@alice'], ['admin list'], ['admin revoke', '@alice'], ['user logout', '10'], ['user ban', '+15550002222'], ['user unban', '+15550002222'],
  ['user reset-password', '10'], ['user change-phone', '10 +15550003333'], ['user delete', '11 --yes'], ['code', '+15550001111'],
  ['chats list'], ['chats show', '-77'], ['chats mark', '-1000000000088 --scam'], ['chats links', '-77'], ['chats retention', 'all 365'], ['chats creators', 'channels listed --add 10'], ['chats newcomers', '--add -1000000000088'],
  ['chats transfer', '-77 11'], ['chats rescue', '-1000000000088'], ['chats delete', '-77 --yes'], ['chats log'],
  ['reports list'], ['reports close', '1'],
  ['bot create', '--name Bot --username one_bot'], ['bot import', `777:${'f'.repeat(35)} --name Bot --username two_bot`], ['bot list'], ['bot revoke', '@one_bot'],
  ['bot set', '@one_bot --groups off'], ['bot delete', '@one_bot'],
  ['invite create', '--phone +15550004444'], ['invite list'], ['invite revoke', '+15550004444'],
  ['key show'], ['key create', '', () => ({ AEROGRAM_DATA_DIR: at('keys') })], ['client-config'],
  ['notice', 'Hello --yes'], ['notice list'], ['notice stop', 'NOTICE'], ['maintenance'], ['maintenance start', '--at TOMORROW'], ['maintenance stop'],
  ['push list', '10'], ['push stats'], ['push test', '10'], ['push forget', '10'],
  ['search rebuild'],
  ['blobs stats'], ['blobs check', '--content'], ['blobs link', '5'], ['blobs rotate-key'], ['blobs adopt', '--yes'], ['blobs confirm-strays'], ['blobs hash', 'PICTURE'],
  ['blobs block', HASH], ['blobs list-blocked'], ['blobs unblock', HASH], ['blobs delete', `${HASH} --yes`],
  ['stickers list'], ['stickers default', '--add AerogramSignEmoji'], ['stickers list-in-search', 'sea'], ['stickers unlist', 'sea'], ['stickers show', 'sea'], ['stickers delete', 'sea --yes'],
  ['cdn add', 'CDN --region DE'], ['cdn list'], ['cdn remove', '203'],
  ['dc init', '--dc 1', homeOf(1)], ['dc ticket', '2 TICKET', homeOf(1)], ['dc join', 'TICKET', homeOf(2)], ['dc list', '', homeOf(1)], ['dc plan', '', homeOf(2)],
  ['dc pause', '2', homeOf(1)], ['dc resume', '2', homeOf(1)], ['dc remove', '2 --yes', homeOf(1)],
  ['node list'], ['node drain', 'aa'], ['node remove', 'b'],
  ['backup', 'BACKUP', () => ({ AEROGRAM_DATA_DIR: at('embedded') })], ['restore', 'BACKUP', () => ({ AEROGRAM_DATA_DIR: at('restored') })],
  ['dev seed', '--users 20 --messages 10 --devices 2', () => ({ AEROGRAM_DATA_DIR: at('seeded'), AEROGRAM_TEST_MODE: '1' })],
];

/** Commands that run until they are stopped. */
const RUNNING: ReadonlySet<string> = new Set(['push relay']);

it('is there for every command, and is one document whose numbers of 64 bits and dates are texts', { timeout: 120_000 }, async () => {
  await db.q.updateTable('users').set({ username: 'alice' }).where('user_id', '=', 10n).execute();
  await db.q.insertInto('usernames').values({ name: 'alice', peer_id: 10n, confirmed: true, reserved_date: NOW }).execute();
  expect(COMMANDS.map(([command]) => command).toSorted()).toEqual(listDoing(createProgram({}, () => {})).map(([path]) => path).filter((path) => !RUNNING.has(path)).toSorted());
  for (const [command, args = '', settings] of COMMANDS) {
    const notice = await db.q.selectFrom('notices').select('notice_id').executeTakeFirst();
    const words = `${command} ${args}`.replace('PICTURE', at('picture')).replace('CDN', at('cdn')).replace('TICKET', at('ticket')).replace('BACKUP', at('backup')).replace('EXPORT', at('export')).replace('NOTICE', String(notice?.notice_id)).replace('TOMORROW', new Date((NOW + 86_400) * 1000).toISOString()).trim().split(' ');
    const lines = await run(words, settings?.());
    expect(lines, command).toHaveLength(1);
    const value: unknown = JSON.parse(lines[0]!);
    for (const [name, leaf] of eachLeaf(value)) {
      expect(name, command).toMatch(/^[a-z][a-z0-9_]*$/);
      if (name.endsWith('_date') || name === 'date') expect(leaf === null || (typeof leaf === 'string' && !Number.isNaN(Date.parse(leaf))), `${command}: ${name}`).toBe(true);
      if (name === 'id') expect(leaf === null || typeof leaf === 'string', `${command}: ${name}`).toBe(true);
      if (typeof leaf === 'number') expect(Number.isSafeInteger(leaf) || !Number.isInteger(leaf), `${command}: ${name}`).toBe(true);
    }
  }
});

/** The names and values in a document, at any depth. */
function* eachLeaf(value: unknown, name = 'value'): Iterable<[string, unknown]> {
  if (Array.isArray(value)) for (const part of value) yield* eachLeaf(part, name);
  else if (typeof value === 'object' && value !== null) for (const [key, part] of Object.entries(value)) yield* eachLeaf(part, key);
  else yield [name, value];
}

it('keeps every digit of an id', async () => {
  expect(JSON.parse((await run(['user', 'show', String(BIG)]))[0]!)).toMatchObject({ id: '9007199254740993', devices: [] });
});
