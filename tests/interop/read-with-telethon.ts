import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

/** What the library made of an object. */
export interface ReadBack {
  class: string;
  /** What the library writes for what it read. */
  bytes: string;
  left: number;
}

/** Has Telethon read objects, by name as hex, and write them again. `layer` is that of the library. */
export function readWithTelethon(python: string, objects: Record<string, string>): { layer: number; objects: Record<string, ReadBack> } {
  const script = join(findRepositoryRoot(), 'tests/interop/drivers/telethon_golden.py');
  const options = { input: JSON.stringify(objects), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(python, [script], options)) as ReturnType<typeof readWithTelethon>;
}
