import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { openLocalFiles } from '../src/open-local-files.ts';

test('copies of files for bots are only there in local mode: a start without it deletes those of before', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-local-'));
  const open = (botApiLocal: boolean, slot = 0): ReturnType<typeof openLocalFiles> =>
    openLocalFiles({
      config: { dataDir, botApiLocal, botApiLocalBytes: 1000, workers: 2 },
      slot,
      owns: () => true,
      refusal: () => undefined,
      domain: { auth: { botTokens: { hasBot: () => Promise.resolve(true) } as never }, botWebhooks: { onChange: () => ({ [Symbol.dispose]: () => undefined }) } },
      clock: createFakeClock(),
      log: silentLogger,
    });
  try {
    const files = await open(true);
    const copy = (name: string): Promise<string | undefined> => files!.copy(7n, `documents/${name}`, { size: 400, read: (_offset, limit) => Promise.resolve(new Uint8Array(limit)) });
    const [first, second] = [await copy('firstone'), await copy('secondone')];
    // Each of two processes has half of the bytes.
    expect([existsSync(first!), existsSync(second!)]).toEqual([false, true]);
    await files![Symbol.asyncDispose]();
    expect(await open(false, 1)).toBeUndefined();
    expect(existsSync(second!)).toBe(true);
    expect(await open(false)).toBeUndefined();
    expect(existsSync(join(dataDir, 'bot-files'))).toBe(false);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
