import type { IncomingMessage } from 'node:http';
import { type ClientAddress, lastForwarded } from '@aerogram/gateway';
import { isLoopbackHost, networkOf } from '@aerogram/runtime';

/**
 * The network that a request is counted for; undefined for this machine. A reverse proxy on this machine that is not in
 * `AEROGRAM_TRUSTED_PROXIES` is believed in this only: otherwise nobody behind it would be counted.
 */
export function networkOfClient(request: IncomingMessage, { remoteAddress }: ClientAddress): string | undefined {
  if (!isLoopbackHost(remoteAddress)) return networkOf(remoteAddress);
  const forwarded = lastForwarded(String(request.headers['x-forwarded-for'] ?? ''));
  return forwarded === undefined || isLoopbackHost(forwarded) ? undefined : networkOf(forwarded);
}
