import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMtcuteClient, startTestServer } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

const APP = { apiId: 1, apiHash: 'a'.repeat(32) };

test("Debian's fail2ban finds the address of each wrong code in the log, and nothing else", async () => {
  const lines: string[] = [];
  await using server = await startTestServer({ onLogLine: (line) => void lines.push(line) });
  const guest = await createMtcuteClient(server.info);
  try {
    await guest.connect();
    const phoneNumber = '9996612345';
    const ask = async (): Promise<string> => {
      const sent = await guest.call({ _: 'auth.sendCode', phoneNumber, ...APP, settings: { _: 'codeSettings' } });
      if (sent._ !== 'auth.sentCode') throw new Error(sent._);
      return sent.phoneCodeHash;
    };
    const first = await ask();
    for (let n = 0; n < 5; n++) {
      await expect(guest.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash: first, phoneCode: `0000${n}` })).rejects.toMatchObject({ text: 'PHONE_CODE_INVALID' });
    }
    const phoneCodeHash = await ask();
    await guest.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash, phoneCode: '11111' });
    await guest.call({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName: '"event":"log_in_failed","address":"192.0.2.1"', lastName: '' });
  } finally {
    await guest.destroy();
  }
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-fail2ban-'));
  try {
    const log = join(folder, 'log');
    writeFileSync(log, lines.map((line) => `${line.trimEnd()}\n`).join(''));
    const { stdout } = await promisify(execFile)('fail2ban-regex', ['--print-all-matched', log, join(findRepositoryRoot(), 'deploy/fail2ban/aerogram.conf')]);
    expect(stdout).toMatch(/^Failregex: 5 total$/m);
    expect(lines.filter((line) => line.includes('"event":"log_in_failed"') && line.includes('"address":"127.0.0.1"'))).toHaveLength(5);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
