import { openWebPushToken, type PushEnvelope, type PushOutcome, type PushSender, type PushTarget, TokenType } from '@aerogram/domain';
import type { Clock, Random } from '@aerogram/runtime';
import { PostFailure, type Resolve } from '@aerogram/web-fetch';

import { PushAddressClosed, PushHosts, type PushPlaces } from './push-hosts.ts';
import { sealNotice } from './seal-notice.ts';
import { Vapid } from './vapid.ts';
import { writeWebPush } from './web-push.ts';

/** When a push service is asked again that did not answer, in seconds; failures after that wait longer. */
const AGAIN_S = 2;
/** How a push service says that a subscription is over. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** How it says that it will never take this notice: malformed, too long, or meant for another key. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 413]);

interface PushSenderOptions {
  /** Secret keys of this server by version; the newest is used. */
  keys: ReadonlyMap<number, Uint8Array>;
  /** How the operator can be reached, for push services. */
  contact: string;
  places: PushPlaces;
  clock: Clock;
  random: Random;
  resolve?: Resolve;
}

/** Sends notices to browsers' push services (Web Push) and to services that only wake an app (simple push, as UnifiedPush). */
export function createPushSender({ keys, contact, places, clock, random, resolve }: PushSenderOptions): PushSender {
  const vapid = new Vapid({ secret: keys.get(Math.max(...keys.keys()))!, subject: contact, clock });
  const hosts = new PushHosts({ places, clock, ...(resolve === undefined ? {} : { resolve }) });
  /** Services that take POST only. */
  const takesPost = new Set<string>();

  const ask = async (origin: string, request: Parameters<PushHosts['post']>[1]): Promise<{ status: number; retryAfterS: number } | PushOutcome> => {
    try {
      return await hosts.post(origin, request);
    } catch (error) {
      if (error instanceof PushAddressClosed) return { kind: 'gone' };
      if (error instanceof PostFailure) return { kind: 'later', afterS: AGAIN_S };
      throw error;
    }
  };
  const sendWebPush = async ({ token, secret }: PushTarget, envelope: PushEnvelope): Promise<PushOutcome> => {
    const bodies = [envelope.json, envelope.shortJson].map((json) => (secret.length === 0 ? json : sealNotice(secret, json, random)));
    const { origin } = new URL(openWebPushToken(token).endpoint);
    const answer = await ask(origin, writeWebPush(token, bodies, envelope, vapid));
    return 'kind' in answer ? answer : outcomeOf(answer);
  };
  const sendSimple = async ({ token }: PushTarget, { ttlS }: PushEnvelope): Promise<PushOutcome> => {
    const url = new URL(token);
    const path = url.pathname + url.search;
    const body = Buffer.from(`version=${clock.nowMs()}`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ttl: String(ttlS) };
    const methods = takesPost.has(url.origin) ? (['POST'] as const) : (['PUT', 'POST'] as const);
    for (const method of methods) {
      const answer = await ask(url.origin, { method, path, headers, body });
      if ('kind' in answer) return answer;
      if (method === 'PUT' && (answer.status === 405 || answer.status === 404)) continue;
      if (method === 'POST' && methods.length > 1 && answer.status < 300) takesPost.add(url.origin);
      return outcomeOf(answer);
    }
    return { kind: 'gone' };
  };
  return {
    publicKey: vapid.publicKey,
    serves: (tokenType) => tokenType === TokenType.webPush || tokenType === TokenType.simple,
    laneOf: ({ tokenType, token }) => new URL(tokenType === TokenType.webPush ? openWebPushToken(token).endpoint : token).origin,
    send: (target, envelope) => (target.tokenType === TokenType.webPush ? sendWebPush(target, envelope) : sendSimple(target, envelope)),
    [Symbol.dispose]: () => hosts[Symbol.dispose](),
  };
}

function outcomeOf({ status, retryAfterS }: { status: number; retryAfterS: number }): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (GONE.has(status)) return { kind: 'gone' };
  if (REFUSED.has(status)) return { kind: 'refused', reason: String(status) };
  return { kind: 'later', afterS: retryAfterS };
}
