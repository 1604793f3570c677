import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

/** The library's representation of an object. */
export interface ReadBack {
  class: string;
  /** What the library writes for the object it read. */
  bytes: string;
  left: number;
}

/** Lets Telethon read objects, given in hex by name, and write them again. `layer` is the library's layer. */
export function readWithTelethon(python: string, objects: Record<string, string>): { layer: number; objects: Record<string, ReadBack> } {
  const script = join(findRepositoryRoot(), 'tests/interop/drivers/telethon_golden.py');
  const options = { input: JSON.stringify(objects), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(python, [script], options)) as ReturnType<typeof readWithTelethon>;
}
