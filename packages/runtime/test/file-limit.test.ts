import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { raiseFileLimit, readFileLimit } from '../src/file-limit.ts';
import { createLogger } from '../src/log.ts';

it('reads the limit of open files', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aerogram-limits-'));
  const file = join(dir, 'limits');
  const head = 'Limit                     Soft Limit           Hard Limit           Units     \n';
  writeFileSync(file, `${head}Max open files            1024                 4096                 files     \n`);
  expect(readFileLimit(file)).toBe(1024);
  writeFileSync(file, `${head}Max open files            unlimited            unlimited            files     \n`);
  expect(readFileLimit(file)).toBe(Infinity);
  expect(readFileLimit(join(dir, 'nothing'))).toBeUndefined();
  rmSync(dir, { recursive: true });
});

it('warns if the limit cannot be raised that far', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } });
  const limit = readFileLimit() ?? 0;
  expect(raiseFileLimit(10, log)).toBe(readFileLimit());
  expect(lines).toEqual([]);
  // More than any system allows.
  raiseFileLimit(2 ** 40, log);
  expect(lines.join()).toContain('AEROGRAM_MAX_CONNECTIONS');
  expect(readFileLimit()).toBeGreaterThanOrEqual(limit);
});
