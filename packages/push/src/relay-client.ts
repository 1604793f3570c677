import { TokenType } from '@aerogram/domain';

import type { PhoneService } from './phone-service.ts';
import { AGAIN_S } from './provider.ts';
import type { PushHosts } from './push-hosts.ts';
import { askService, readJson } from './read-answer.ts';
import { readOutcome, RELAY_PATH, writeRelayed } from './relay-protocol.ts';

interface RelayClientOptions {
  hosts: PushHosts;
  /** Origin of the relay. */
  address: string;
  /** By which it knows this server. */
  key: string;
}

/** Sends notices over a relay. Whoever builds an app and has its keys runs one, for servers without these keys. It sees token, size and time; contents are sealed. */
export function createRelayClient({ hosts, address, key }: RelayClientOptions): PhoneService {
  const { origin } = new URL(address);
  return {
    types: new Set([TokenType.apns, TokenType.fcm]),
    lane: origin,
    async deliver(tokenType, notice) {
      const relayed = writeRelayed(tokenType, notice);
      if (relayed === undefined) return { kind: 'refused', reason: 'the app has given no secret' };
      const answer = await askService(hosts, origin, {
        method: 'POST',
        path: RELAY_PATH,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(relayed)),
      });
      // Nothing that the relay itself answers says anything about the token.
      if ('kind' in answer) return { kind: 'later', afterS: AGAIN_S };
      if (answer.status === 400) return { kind: 'refused', reason: 'by the relay' };
      return answer.status === 200 ? readOutcome(readJson(answer.body), AGAIN_S) : { kind: 'later', afterS: Math.max(answer.retryAfterS, AGAIN_S) };
    },
    [Symbol.dispose]() {},
  };
}
