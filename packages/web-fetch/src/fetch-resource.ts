import { Resolver } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { type AddressGuard, createNetworkTest, LOOPBACK } from './address-guard.ts';

/** Resolves a host name to its addresses. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<string[]>;

export interface FetchLimits {
  /** Decides which addresses may be connected to. */
  guard: AddressGuard;
  /** Allowed ports. */
  ports: ReadonlySet<number>;
  /** Whether URLs may name a loopback address or `localhost`, with any port. */
  allowsLoopback: boolean;
  resolve: Resolve;
  userAgent: string;
  /** Maximum number of redirects. */
  maxRedirects: number;
  mayFollow: MayFollow;
}

/** Whether a redirect to a URL may be followed. Asked once for each redirect. */
export type MayFollow = (url: string) => boolean;

/** The content type of everything. */
export const ANY_TYPE = '*/*';

/** What may be read from a site. */
export interface ResourceKind {
  /** Content types, in lower case, or {@link ANY_TYPE}. */
  types: readonly string[];
  /** Maximum number of bytes that are read, both compressed and unpacked. */
  maxBytes: number;
  /** Whether longer content is refused, because a part of it is worth nothing. Otherwise the rest is ignored. */
  isWhole: boolean;
}

/** A page or picture as received. */
export interface Resource {
  /** Where it was after the redirects. */
  url: string;
  /** The first kind that has its content type. */
  kind: ResourceKind;
  bytes: Uint8Array;
  contentType: string;
}

/** Why a page or picture was not read. The message contains no address, so that it does not reveal how internal names resolve. */
export class FetchRefused extends Error {
  override name = 'FetchRefused';
}

/** Maximum number of addresses tried for one name. */
const MAX_TRIES = 3;

const MAX_HEADER_BYTES = 16_384;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Asks the machine's DNS servers, without the hosts file and other local names. */
export const resolveByDns: Resolve = async (hostname, signal) => {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/**
 * Reads a page or picture. Every address that its host name resolves to, also after a redirect, must satisfy the guard, and the connection goes
 * to exactly a checked address: a name that resolves differently a moment later leads nowhere. Nothing about the server is sent: no
 * cookies, credentials or referrer.
 * @param kinds what is wanted, best first
 * @param signal aborts at any point
 * @returns undefined if it is something else
 * @throws FetchRefused, and network errors
 */
export async function fetchResource(url: string, limits: FetchLimits, kinds: readonly ResourceKind[], signal: AbortSignal): Promise<Resource | undefined> {
  const accept = kinds.flatMap(({ types }) => types).map((type, index) => (index === 0 ? type : `${type};q=0.9`)).join(',');
  let target = new URL(url);
  // A page of the internet must not lead to this machine.
  let isLocal = limits.allowsLoopback && namesLoopback(target);
  for (let redirects = 0; ; redirects++) {
    const response = await open(target, { ...limits, allowsLoopback: isLocal }, accept, signal);
    const location = REDIRECTS.has(response.statusCode ?? 0) ? response.headers.location : undefined;
    if (location === undefined) {
      const read = await readResource(response, kinds, signal);
      return read && { ...read, url: target.href };
    }
    response.destroy();
    if (redirects === limits.maxRedirects) throw new FetchRefused('too many redirects');
    target = new URL(location, target);
    isLocal &&= namesLoopback(target);
    if (!limits.mayFollow(target.href)) throw new FetchRefused('the redirect may not be followed');
  }
}

/** Checks the target of a URL and connects to it. */
async function open(url: URL, limits: FetchLimits, accept: string, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted();
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new FetchRefused('not http');
  if (url.username !== '' || url.password !== '') throw new FetchRefused('credentials in the URL');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (!limits.allowsLoopback && !limits.ports.has(port)) throw new FetchRefused('this port is closed');
  const addresses = limits.allowsLoopback ? loopbackOf(url) : await findAddresses(url.hostname, limits, signal);
  let failure: unknown;
  for (const address of addresses.slice(0, MAX_TRIES)) {
    try {
      return await ask(url, { address, port }, { 'user-agent': limits.userAgent, accept }, signal);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

const isLoopback = createNetworkTest(LOOPBACK);

/** Whether a URL names this machine itself. */
function namesLoopback(url: URL): boolean {
  return loopbackOf(url).every(isLoopback);
}

/** The addresses of a host that names this machine. */
function loopbackOf({ hostname }: URL): string[] {
  return hostname === 'localhost' ? ['127.0.0.1', '::1'] : [hostname.replace(/^\[(.*)\]$/, '$1')];
}

/** Returns all addresses of a host after checking every one of them. */
async function findAddresses(hostname: string, { guard, resolve }: FetchLimits, signal: AbortSignal): Promise<string[]> {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const name = literal.replace(/\.$/, '');
  const isAddress = isIP(literal) !== 0;
  // A name without a dot belongs to the local network.
  if (!isAddress && !name.includes('.')) throw new FetchRefused('not a public name');
  const addresses = isAddress ? [literal] : await resolve(name, signal);
  signal.throwIfAborted();
  if (addresses.length === 0) throw new FetchRefused('the name has no address');
  if (!addresses.every(guard)) throw new FetchRefused('the address is closed');
  return addresses;
}

function ask(url: URL, { address, port }: { address: string; port: number }, headers: { 'user-agent': string; accept: string }, signal: AbortSignal): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const name = url.hostname.replace(/\.$/, '');
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)({
      // An address, so that nothing is resolved a second time.
      host: address,
      port,
      // The certificate must be for the name, not the address.
      servername: isIP(name.replace(/^\[|\]$/g, '')) === 0 ? name : '',
      path: url.pathname + url.search,
      agent: false,
      setHost: false,
      signal,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: {
        host: url.host,
        ...headers,
        'accept-encoding': 'gzip, deflate, br',
        'accept-language': 'en',
        connection: 'close',
      },
    });
    request.once('response', resolve);
    request.once('upgrade', (_response, socket) => {
      reject(new FetchRefused('upgraded'));
      // Node has taken its listeners from this connection: without one of ours, an error of it would end the process.
      socket.on('error', () => {});
      socket.destroy();
    });
    request.on('error', reject);
    request.end();
  });
}

async function readResource(response: IncomingMessage, kinds: readonly ResourceKind[], signal: AbortSignal): Promise<Omit<Resource, 'url'> | undefined> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) throw new FetchRefused(`status ${statusCode}`);
    const contentType = headers['content-type'] ?? '';
    const type = contentType.split(';')[0]!.trim().toLowerCase();
    const kind = kinds.find(({ types }) => types.includes(type) || types.includes(ANY_TYPE));
    if (kind === undefined) return undefined;
    if (kind.isWhole && Number(headers['content-length']) > kind.maxBytes) throw new FetchRefused('too long');
    const bytes = await readBody(response, headers['content-encoding'] ?? 'identity', kind);
    signal.throwIfAborted();
    return { kind, bytes, contentType };
  } finally {
    response.destroy();
  }
}

/** Reads and unpacks a body up to the limit; nothing beyond it is unpacked. */
async function readBody(response: IncomingMessage, encoding: string, { maxBytes, isWhole }: ResourceKind): Promise<Uint8Array> {
  // One byte more shows that there is more.
  const most = isWhole ? maxBytes + 1 : maxBytes;
  const body = unpack(response, encoding.trim().toLowerCase(), { maxBytes: most, isWhole });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) break;
    }
  } finally {
    body.destroy();
  }
  if (isWhole && length > maxBytes) throw new FetchRefused('too long');
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function unpack(response: IncomingMessage, encoding: string, { maxBytes, isWhole }: Pick<ResourceKind, 'maxBytes' | 'isWhole'>): Readable {
  if (encoding === 'identity') return response;
  const decoder = createDecoder(encoding, isWhole);
  let received = 0;
  response.on('data', (chunk: Uint8Array) => {
    received += chunk.length;
    // Some compressed streams unpack to nothing for ever.
    if (received > maxBytes) response.destroy(isWhole ? new FetchRefused('too long') : undefined);
  });
  response.once('close', () => decoder.end());
  response.once('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

/** @param isWhole whether a truncated body is an error. Otherwise it is fine, because the head of a page is at its beginning */
function createDecoder(encoding: string, isWhole: boolean) {
  const options = isWhole ? {} : { finishFlush: constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(options);
    case 'deflate':
      return createInflate(options);
    case 'br':
      return createBrotliDecompress(isWhole ? {} : { finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      throw new FetchRefused('an encoding that was not asked for');
  }
}
