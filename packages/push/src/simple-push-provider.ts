import { TokenType } from '@aerogram/domain';
import type { Clock } from '@aerogram/runtime';

import type { PushProvider } from './provider.ts';
import type { PushHosts } from './push-hosts.ts';
import { askService, outcomeOf } from './read-answer.ts';

/** Simple push, as UnifiedPush: a service that the app names and that only wakes the app. It learns no content. */
export function createSimplePushProvider({ hosts, clock }: { hosts: PushHosts; clock: Clock }): PushProvider {
  /** Services that take POST only. */
  const takesPost = new Set<string>();
  return {
    types: new Set([TokenType.simple]),
    canCallBack: false,
    laneOf: (token) => new URL(token).origin,
    async send({ token }, { ttlS }) {
      const url = new URL(token);
      const path = url.pathname + url.search;
      const body = Buffer.from(`version=${clock.nowMs()}`);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ttl: String(ttlS) };
      const methods = takesPost.has(url.origin) ? (['POST'] as const) : (['PUT', 'POST'] as const);
      for (const method of methods) {
        const answer = await askService(hosts, url.origin, { method, path, headers, body });
        if ('kind' in answer) return answer;
        if (method === 'PUT' && (answer.status === 405 || answer.status === 404)) continue;
        if (method === 'POST' && methods.length > 1 && answer.status < 300) takesPost.add(url.origin);
        return outcomeOf(answer);
      }
      return { kind: 'gone' };
    },
    [Symbol.dispose]() {},
  };
}
