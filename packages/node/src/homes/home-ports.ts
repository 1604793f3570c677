import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJsonFile } from '@aerogram/runtime';

/** The ports on which a data centre was served last. Others know it by them, so it has them again unless the settings name others. */
export interface HomePorts {
  port?: number;
  httpPort?: number;
  linkPort?: number;
}

const NAME = 'home-ports.json';

const isPort = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) <= 65_535;

/** Reads the ports of a data centre. @returns undefined if it has never served, and for a server that is alone */
export function readHomePorts(dataDir: string): HomePorts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(dataDir, NAME), 'utf8'));
  } catch {
    // Without the file, or with a damaged one, the ports are chosen anew, and the others are told.
    return undefined;
  }
  const { port, http_port: httpPort, link_port: linkPort } = (value ?? {}) as Record<string, unknown>;
  return { ...(isPort(port) && { port }), ...(isPort(httpPort) && { httpPort }), ...(isPort(linkPort) && { linkPort }) };
}

/** Keeps the ports of a data centre. */
export function writeHomePorts(dataDir: string, { port, httpPort, linkPort }: HomePorts): void {
  writeJsonFile(dataDir, NAME, { port, http_port: httpPort, link_port: linkPort });
}
