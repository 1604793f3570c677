import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeJsonFile } from '@aerogram/runtime';

const NAME = 'calls.json';

/** What a server writes about its relay to `<data-dir>/calls.json`, for `aerogram status`. */
export interface RelayNote {
  /** Where it listens over UDP and TCP. */
  port: number;
  /** The process; 0 if it could not be started. */
  pid: number;
  /** Addresses that it holds for devices. */
  allocations: number;
  /** Why it cannot listen. */
  problem?: string;
}

export function noteRelay(dataDir: string, note: RelayNote): void {
  writeJsonFile(dataDir, NAME, note);
}

export function removeRelayNote(dataDir: string): void {
  rmSync(join(dataDir, NAME), { force: true });
}

/** What the server has noted last; undefined if there is no relay, or it has not begun yet. */
export function readRelayNote(dataDir: string): RelayNote | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as RelayNote;
  } catch {
    return undefined;
  }
}
