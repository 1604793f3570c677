import { openWebPushToken, TokenType } from '@aerogram/domain';
import type { Random } from '@aerogram/runtime';

import type { PushProvider } from './provider.ts';
import type { PushHosts } from './push-hosts.ts';
import { askService, outcomeOf } from './read-answer.ts';
import { sealNotice } from './seal-notice.ts';
import type { Vapid } from './vapid.ts';
import { writeWebPush } from './web-push.ts';

/** Web Push: the push services of browsers, each named by the browser. */
export function createWebPushProvider({ hosts, vapid, random }: { hosts: PushHosts; vapid: Vapid; random: Random }): PushProvider {
  const originOf = (token: string): string => new URL(openWebPushToken(token).endpoint).origin;
  return {
    types: new Set([TokenType.webPush]),
    canCallBack: false,
    laneOf: originOf,
    async send({ token, secret }, envelope) {
      const bodies = [envelope.json, envelope.shortJson].map((json) => (secret.length === 0 ? json : sealNotice(secret, json, random)));
      const answer = await askService(hosts, originOf(token), writeWebPush(token, bodies, envelope, vapid));
      return 'kind' in answer ? answer : outcomeOf(answer);
    },
    [Symbol.dispose]() {},
  };
}
