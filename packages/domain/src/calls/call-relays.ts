import { createHmac } from 'node:crypto';

import type { tl } from '@aerogram/tl';

import type { CallRelay } from '../shared/index.ts';

/** For how long the password of a relay is good, in seconds: a device uses one for the whole call. */
const PASSWORD_S = 86_400;

/**
 * The relays of a call, as clients get them. A relay of the kind `turn` is named twice, because some apps do not ask it for their address otherwise. User and password are those of
 * coturn's REST interface (`use-auth-secret`): the user is the time at which the password ends, and the call. Pure.
 * @param call.startedDate unix seconds
 */
export function projectRelays(relays: readonly CallRelay[], secret: string | undefined, call: { callId: bigint; startedDate: number }): tl.phoneConnectionWebrtc[] {
  const username = `${call.startedDate + PASSWORD_S}:${call.callId.toString(36)}`;
  const password = secret === undefined ? '' : createHmac('sha1', secret).update(username).digest('base64');
  const shown = relays.flatMap((relay): CallRelay[] => (relay.kind === 'stun' || secret === undefined ? [{ ...relay, kind: 'stun' }] : [{ ...relay, kind: 'stun' }, relay]));
  const unique = new Map(shown.map((relay) => [`${relay.kind} ${relay.host} ${relay.port}`, relay]));
  return [...unique.values()].map(({ kind, host, port }, index) => {
    const isV6 = host.includes(':');
    return {
      _: 'phoneConnectionWebrtc',
      [kind]: true,
      id: BigInt(index + 1),
      ip: isV6 ? '' : host,
      ipv6: isV6 ? host : '',
      port,
      username: kind === 'turn' ? username : '',
      password: kind === 'turn' ? password : '',
    };
  });
}
