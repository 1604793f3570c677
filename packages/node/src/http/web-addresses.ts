import { formatOrigin, type WebEndpoint } from '@aerogram/runtime';

/** What the server may listen on so that `localhost` reaches it from this machine. */
const REACHED_BY_LOCALHOST = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/**
 * Returns the addresses of the web client, the one to open on this machine first: browsers refuse passkeys at 127.0.0.1, but not at
 * `localhost`. Pure.
 * @param http what the HTTP port listens on
 */
export function listWebAddresses(http: WebEndpoint): string[] {
  const hosts = REACHED_BY_LOCALHOST.has(http.host) ? ['localhost', http.host] : [http.host];
  return hosts.map((host) => `${formatOrigin({ ...http, host })}/`);
}
