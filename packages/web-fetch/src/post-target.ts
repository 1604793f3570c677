import { isIP } from 'node:net';

import type { Resolve } from './fetch-resource.ts';

/** Whom a `Poster` asks. */
export interface PostTarget {
  readonly isSecure: boolean;
  /** The name or address, without brackets, in lower case. */
  readonly host: string;
  readonly port: number;
  /** The header `Host`. */
  readonly authority: string;
}

/** Whom a request to a URL asks. Pure. @param url of http or https */
export function postTargetOf(url: URL): PostTarget {
  const isSecure = url.protocol === 'https:';
  const defaultPort = isSecure ? 443 : 80;
  return { isSecure, host: url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''), port: url.port === '' ? defaultPort : Number(url.port), authority: url.host };
}

/**
 * Finds the addresses of a target, without saying which of them may be asked.
 * @param timeoutMs how long a look-up may take
 * @returns empty if the name has none, or nobody answers
 */
export async function addressesOf({ host }: Pick<PostTarget, 'host'>, resolve: Resolve, timeoutMs: number): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  return resolve(host, AbortSignal.timeout(timeoutMs)).catch(() => []);
}
