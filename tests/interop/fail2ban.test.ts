import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMtcuteClient, startTestServer, type TestServer } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { checkPassword, enableCloudPassword } from '@mtcute/node/methods.js';
import { expect, test } from 'vitest';

const APP = { apiId: 1, apiHash: 'a'.repeat(32) };
const PHONE = '9996612345';
const GUESSES = 5;

type Client = Awaited<ReturnType<typeof createMtcuteClient>>;

/** Lets a client connect, and closes it at the end. */
async function withClient(server: TestServer, transport: 'intermediate' | 'websocket', use: (client: Client) => Promise<void>): Promise<void> {
  const client = await createMtcuteClient(server.info, { transport });
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.destroy();
  }
}

async function ask(client: Client): Promise<string> {
  const sent = await client.call({ _: 'auth.sendCode', phoneNumber: PHONE, ...APP, settings: { _: 'codeSettings' } });
  if (sent._ !== 'auth.sentCode') throw new Error(sent._);
  return sent.phoneCodeHash;
}

const signIn = (client: Client, phoneCodeHash: string, phoneCode: string) => client.call({ _: 'auth.signIn', phoneNumber: PHONE, phoneCodeHash, phoneCode });

test("Debian's fail2ban finds the address of each wrong code, password, passkey and token in the log, and nothing else", async () => {
  const lines: string[] = [];
  await using server = await startTestServer({ onLogLine: (line) => void lines.push(line) });
  await withClient(server, 'intermediate', async (guest) => {
    const first = await ask(guest);
    for (let n = 0; n < GUESSES; n++) await expect(signIn(guest, first, `0000${n}`)).rejects.toMatchObject({ text: 'PHONE_CODE_INVALID' });
    const phoneCodeHash = await ask(guest);
    await signIn(guest, phoneCodeHash, '11111');
    await guest.call({ _: 'auth.signUp', phoneNumber: PHONE, phoneCodeHash, firstName: '"event":"log_in_failed","address":"192.0.2.1"', lastName: '' });
    await enableCloudPassword(guest, { password: 'correct horse', hint: '' });
  });
  for (const transport of ['intermediate', 'websocket'] as const) {
    await withClient(server, transport, async (thief) => {
      await expect(signIn(thief, await ask(thief), '11111')).rejects.toMatchObject({ text: 'SESSION_PASSWORD_NEEDED' });
      for (let n = 0; n < 2; n++) await expect(checkPassword(thief, 'wrong horse')).rejects.toMatchObject({ text: 'PASSWORD_HASH_INVALID' });
    });
  }
  const token = (n: number): string => `700000${n}:${'a'.repeat(35)}`;
  await withClient(server, 'intermediate', async (thief) => {
    await expect(thief.call({ _: 'auth.importBotAuthorization', ...APP, flags: 0, botAuthToken: token(0) })).rejects.toMatchObject({ text: 'ACCESS_TOKEN_INVALID' });
    const clientData = JSON.stringify({ type: 'webauthn.get', challenge: 'AAAA', origin: 'http://localhost' });
    const response = { _: 'inputPasskeyResponseLogin', clientData: { _: 'dataJSON', data: clientData }, authenticatorData: new Uint8Array(37), signature: new Uint8Array(8), userHandle: '2:1' } as const;
    await expect(thief.call({ _: 'auth.finishPasskeyLogin', credential: { _: 'inputPasskeyCredentialPublicKey', id: 'AAAA', rawId: 'AAAA', response } })).rejects.toMatchObject({ text: 'CREDENTIAL_INVALID' });
  });
  const { host, port } = server.info.http;
  for (let n = 0; n < GUESSES; n++) expect((await fetch(`http://${host}:${port}/bot${token(n)}/getMe`)).status).toBe(401);
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-fail2ban-'));
  try {
    const log = join(folder, 'log');
    writeFileSync(log, lines.map((line) => `${line.trimEnd()}\n`).join(''));
    const failures = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['event'] === 'log_in_failed');
    expect(failures.map((line) => `${String(line['reason'])} ${String(line['address'])}`)).toEqual([
      ...Array<string>(GUESSES).fill('code 127.0.0.1'),
      ...Array<string>(4).fill('password 127.0.0.1'),
      'token 127.0.0.1',
      'passkey 127.0.0.1',
      ...Array<string>(GUESSES).fill('token 127.0.0.1'),
    ]);
    const { stdout } = await promisify(execFile)('fail2ban-regex', ['--print-all-matched', log, join(findRepositoryRoot(), 'deploy/fail2ban/aerogram.conf')]);
    expect(stdout).toMatch(new RegExp(`^Failregex: ${failures.length} total$`, 'm'));
    expect(lines.join('')).not.toMatch(/99966|0000\d"|aaaaa/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
