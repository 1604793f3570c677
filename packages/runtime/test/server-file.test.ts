import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readServerFile, removeServerFile, type ServerFile, writeServerFile } from '@aerogram/runtime';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aerogram-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const file: ServerFile = {
  pid: 1,
  dc_id: 2,
  mtproto: { host: '127.0.0.1', port: 4430 },
  http: { host: '127.0.0.1', port: 8080 },
  public_keys: [{ pem: 'PEM', fingerprint: '-1' }],
  layer: 228,
  test_mode: true,
};

describe('server.json', () => {
  it('is written atomically, read back and deleted', () => {
    expect(readServerFile(dir)).toBeUndefined();
    writeServerFile(dir, file);
    writeServerFile(dir, { ...file, pid: 2 });
    expect(readServerFile(dir)).toEqual({ ...file, pid: 2 });
    expect(readdirSync(dir)).toEqual(['server.json']);
    removeServerFile(dir);
    removeServerFile(dir);
    expect(readServerFile(dir)).toBeUndefined();
  });
});
