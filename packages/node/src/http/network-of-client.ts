import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { ClientAddress } from '@aerogram/gateway';
import { isLoopbackHost, networkOf } from '@aerogram/runtime';

/** The network that a request is counted for; undefined for this machine. A reverse proxy on this machine names the client in the last place. */
export function networkOfClient(request: IncomingMessage, { remoteAddress }: ClientAddress): string | undefined {
  if (!isLoopbackHost(remoteAddress)) return networkOf(remoteAddress);
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',').at(-1)!.trim();
  return isIP(forwarded) === 0 || isLoopbackHost(forwarded) ? undefined : networkOf(forwarded);
}
