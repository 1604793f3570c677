import { type Config, readServerFile, type ServerFile } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** The input of every command. */
export interface CliOptions {
  config: Config;
  /** The open database, for a command that a server carries out. */
  db?: Database;
}

/**
 * Returns what the server wrote about itself when it was last ready.
 * @throws Error that says what to do if it never was
 */
export function requireServerFile({ config: { dataDir } }: CliOptions): ServerFile {
  const file = readServerFile(dataDir);
  if (!file) throw new Error(`no server.json in ${dataDir}; start the server, or give its directory with --data-dir`);
  return file;
}

/** A TL date as text in UTC. */
export function formatDate(date: number): string {
  return new Date(date * 1000).toISOString().replace('.000Z', 'Z');
}

/** A TL date as text; null for one that there is not. */
export function findDate(date: number | null | undefined): string | null {
  return date === null || date === undefined || date === 0 ? null : formatDate(date);
}
