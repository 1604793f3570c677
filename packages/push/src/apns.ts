import type { KeyObject } from 'node:crypto';
import { type PushOutcome, TokenType } from '@aerogram/domain';
import type { Clock } from '@aerogram/runtime';

import { Http2Hosts } from './http2-hosts.ts';
import type { PhoneNotice, PhoneService } from './phone-service.ts';
import { AGAIN_S } from './provider.ts';
import { readJson } from './read-answer.ts';
import { signToken } from './signed-token.ts';

/** The key by which a server sends to an app of the App Store that its operator builds. */
export interface ApnsKey {
  key: KeyObject;
  keyId: string;
  teamId: string;
  /** The bundle of the app. */
  topic: string;
}

const ORIGINS = { real: 'https://api.push.apple.com', sandbox: 'https://api.sandbox.push.apple.com' } as const;
/** How long a token of ours is used, in seconds: Apple takes none that is older than an hour, and no newer one more often than each 20 minutes. */
const TOKEN_USED_S = 2400;
/** What Apple's tokens look like. Anything else would become part of the path. */
const TOKEN = /^[0-9a-f]{8,200}$/i;
/** By these reasons Apple says that a token will never work. */
const DEAD: ReadonlySet<string> = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered']);
/** By these, that our own token is not taken. */
const STALE: ReadonlySet<string> = new Set(['ExpiredProviderToken', 'InvalidProviderToken']);
/** What Apple is told instead of a text. */
const HIDDEN = 'You have a new message';

interface ApnsOptions {
  key: ApnsKey;
  clock: Clock;
  /** Where notices are sent to, and whom a connection trusts, for tests. */
  origins?: Readonly<Record<keyof typeof ORIGINS, string>>;
  ca?: string;
}

/** Apple's push service. What an app with a secret gets is sealed, and is opened by the app's own extension. Tokens for calls (type 9) are not served: an app that is woken by one must show a call. */
export function createApns({ key, clock, origins = ORIGINS, ca }: ApnsOptions): PhoneService {
  const hosts = new Http2Hosts({ clock, ca });
  let known: { token: string; untilDate: number } | undefined;
  const ownToken = (): string => {
    const nowDate = clock.now();
    if (known && known.untilDate > nowDate) return known.token;
    const token = signToken('ES256', key.key, { iss: key.teamId, iat: nowDate }, { kid: key.keyId });
    known = { token, untilDate: nowDate + TOKEN_USED_S };
    return token;
  };
  return {
    types: new Set([TokenType.apns]),
    lane: origins.real,
    async deliver(_type, notice) {
      const { token, sandbox, collapse, isUrgent, isQuiet, ttlS } = notice;
      if (!TOKEN.test(token)) return { kind: 'gone' };
      const used = ownToken();
      const headers = {
        authorization: `bearer ${used}`,
        'apns-push-type': isQuiet ? 'background' : 'alert',
        'apns-topic': key.topic,
        'apns-expiration': String(clock.now() + ttlS),
        'apns-priority': isUrgent ? '10' : '5',
        'apns-collapse-id': collapse,
      };
      const answer = await hosts.post(sandbox ? origins.sandbox : origins.real, `/3/device/${token}`, headers, Buffer.from(JSON.stringify(bodyOf(notice))));
      if (answer === undefined) return { kind: 'later', afterS: AGAIN_S };
      const read = readJson(answer.body);
      const reason = typeof read['reason'] === 'string' ? read['reason'] : String(answer.status);
      if (STALE.has(reason) && known?.token === used) known = undefined;
      return outcomeOfApns(answer.status, reason, read['timestamp']);
    },
    [Symbol.dispose]: () => hosts[Symbol.dispose](),
  };
}

/** See https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
function outcomeOfApns(status: number, reason: string, timestamp: unknown): PushOutcome {
  if (status === 200) return { kind: 'sent' };
  // An app that was installed anew may have registered the same token after Apple has last seen it gone.
  if (status === 410) return { kind: 'gone', ...(typeof timestamp === 'number' ? { atDate: Math.floor(timestamp / 1000) } : {}) };
  if (DEAD.has(reason)) return { kind: 'gone' };
  if (STALE.has(reason) || status === 429 || status >= 500) return { kind: 'later', afterS: AGAIN_S };
  return { kind: 'refused', reason };
}

/** What Apple sees: that there is a message, and what the app's extension puts in its place. */
function bodyOf({ p, plain, hasSound, isQuiet }: PhoneNotice): object {
  if (isQuiet) return { aps: { 'content-available': 1 }, p };
  return plain ?? { aps: { alert: { body: HIDDEN }, 'mutable-content': 1, ...(hasSound ? { sound: 'default' } : {}) }, ...(p === undefined ? {} : { p }) };
}
