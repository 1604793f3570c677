import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Address and port on which something listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Host and port as they stand in a URL: an IPv6 address in brackets. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where the HTTP port listens. */
export interface WebEndpoint extends Endpoint {
  /** It serves https, and nothing else. */
  tls?: true;
}

/** The beginning of URLs of a server, without a slash at the end. */
export function formatOrigin({ tls, ...endpoint }: WebEndpoint): string {
  return `${tls === true ? 'https' : 'http'}://${formatEndpoint(endpoint)}`;
}

/** A public RSA key of the server, as clients need it. */
export interface ServerPublicKey {
  /** PKCS#1 PEM. */
  pem: string;
  /** Signed decimal. */
  fingerprint: string;
}

/** What a ready server writes about itself to `<data-dir>/server.json`, for tools and clients. */
export interface ServerFile {
  /** The serving process. */
  pid: number;
  dc_id: number;
  mtproto: Endpoint;
  http: WebEndpoint;
  /** Where it accepts the links of other data centres; absent if it is alone. */
  link?: Endpoint;
  public_keys: ServerPublicKey[];
  layer: number;
  test_mode: boolean;
}

const NAME = 'server.json';

/** Replaces a JSON file in a data directory atomically: a reader sees the old or the new file, never a part. */
export function writeJsonFile(dataDir: string, name: string, value: unknown): void {
  const draft = join(dataDir, `.${name}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(draft, join(dataDir, name));
}

/** Replaces `server.json` atomically. */
export function writeServerFile(dataDir: string, file: ServerFile): void {
  writeJsonFile(dataDir, NAME, file);
}

/** When the server of a data directory became ready, in milliseconds since 1970; undefined if it is not. */
export function findReadyMs(dataDir: string): number | undefined {
  return statSync(join(dataDir, NAME), { throwIfNoEntry: false })?.mtimeMs;
}

/** Deletes `server.json` when the server stops. */
export function removeServerFile(dataDir: string): void {
  rmSync(join(dataDir, NAME), { force: true });
}

/** Reads `server.json`; undefined if it does not exist. It may be left over from a killed server: see `pid`. */
export function readServerFile(dataDir: string): ServerFile | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as ServerFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
