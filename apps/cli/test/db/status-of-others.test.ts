import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { createProgram } from '../../src/program.ts';

const NOWHERE = '127.0.0.1:1';

let db: TestDatabase;
let dataDir: string;
let nats: Server;
let silent: Server;
let s3: Server;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = async (server: Server): Promise<Server> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** Runs `aerogram status`. @returns what it prints, and why it then exits with 1; undefined if it does not */
async function status(settings: Record<string, string>, ...args: string[]): Promise<{ text: string; failure: string | undefined }> {
  const lines: string[] = [];
  const program = createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_CALLS: 'off', ...settings }, (line) => void lines.push(line));
  const failure = await program.parseAsync(['status', ...args], { from: 'user' }).then(() => undefined, (error: Error) => error.message);
  return { text: lines.join('\n'), failure };
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-status-'));
  nats = await listen(createServer((socket) => void socket.on('error', () => {}).write('INFO {"server_id":"N"}\r\n')));
  silent = await listen(createServer((socket) => void socket.on('error', () => {})));
  s3 = await listen(createHttpServer((_request, response) => void response.writeHead(403).end()));
});
afterAll(async () => {
  for (const server of [nats, silent, s3]) server?.close();
  await db?.[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram status', () => {
  it('says what it knows where the database does not answer, and exits with 1', async () => {
    for (const place of [NOWHERE, `127.0.0.1:${portOf(silent)}`]) {
      const { text, failure } = await status({ AEROGRAM_DATABASE_URL: `postgresql://aerogram@${place}/aerogram` });
      expect(text).toMatch(/^server {5}not running$/m);
      expect(text).toMatch(/^disk {7}/m);
      expect(text).toContain(`database   does not answer: the database at ${place}/aerogram (AEROGRAM_DATABASE_URL) cannot be reached: `);
      expect(text).toMatch(/^to do {6}the database does not answer, so nobody can send or read/m);
      expect(failure).toContain('cannot be reached');
    }
    const { text } = await status({ AEROGRAM_DATABASE_URL: `postgresql://aerogram@${NOWHERE}/aerogram` }, '--json');
    expect(JSON.parse(text)).toMatchObject({ server: null, database: null, to_do: [expect.stringContaining('the database does not answer')] });
  });

  it('asks the programs that nodes need, and lists the nodes', async () => {
    const settings = (port: number, endpoint: string): Record<string, string> => ({
      AEROGRAM_DATABASE_URL: db.url, AEROGRAM_NATS_URL: `nats://127.0.0.1:${port}`, AEROGRAM_S3_BUCKET: 'files', AEROGRAM_S3_ENDPOINT: endpoint, AEROGRAM_S3_ACCESS_KEY: 'a', AEROGRAM_S3_SECRET_KEY: 's',
    });
    const row = { host: 'a', pid: 1, state: 'serving', clock_ms: 0n, step_ms: null, stepped_ms: null } as const;
    const now = BigInt(Date.now());
    await db.q.insertInto('nodes').values([{ ...row, name: 'one', token: 1n, until_ms: now + 60_000n, link_address: '127.0.0.1:7001' }, { ...row, name: 'two', token: 2n, until_ms: now - 60_000n, link_address: '127.0.0.1:7002' }]).execute();
    const all = await status(settings(portOf(nats), `http://127.0.0.1:${portOf(s3)}`));
    expect(all.text).toMatch(/^nats {7}127\.0\.0\.1:\d+, answers$/m);
    expect(all.text).toMatch(/^s3 {9}http:\/\/127\.0\.0\.1:\d+\/?, bucket files, answers$/m);
    expect(all.text).toMatch(/^node {7}one {2}serving {2}process 1 on a {2}links 127\.0\.0\.1:7001/m);
    expect(all.text).toMatch(/^to do {6}the node two has not been heard of for \d+ s/m);
    expect(all.text).not.toContain('NATS server answers');
    const away = await status(settings(portOf(silent), `http://${NOWHERE}`));
    expect(away.text).toMatch(/^nats {7}127\.0\.0\.1:\d+, does not answer$/m);
    expect(away.text).toMatch(/^to do {6}no NATS server answers/m);
    expect(away.text).toMatch(/^to do {6}S3 at http:\/\/127\.0\.0\.1:1\/? does not answer/m);
    expect(JSON.parse((await status(settings(portOf(nats), `http://127.0.0.1:${portOf(s3)}`), '--json')).text)).toMatchObject({
      outside: { nats: [{ answers: true }], s3: { bucket: 'files', answers: true } }, nodes: [{ name: 'one' }, { name: 'two' }], links: null,
    });
    await db.q.deleteFrom('nodes').execute();
  });
});
