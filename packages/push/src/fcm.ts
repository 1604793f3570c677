import type { KeyObject } from 'node:crypto';
import { type PushOutcome, TokenType } from '@aerogram/domain';
import { type Clock, OperatorError } from '@aerogram/runtime';

import type { PhoneService } from './phone-service.ts';
import { AGAIN_S } from './provider.ts';
import type { PushHosts } from './push-hosts.ts';
import { askService, readJson } from './read-answer.ts';
import { readKey, signToken } from './signed-token.ts';

/** An account of Google by which a server sends to the apps of one project. */
export interface FcmKey {
  projectId: string;
  email: string;
  key: KeyObject;
  /** Where a token is given for it. */
  tokenAddress: string;
}

const ORIGIN = 'https://fcm.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** How long Google's tokens are valid, and how much earlier a new one is fetched, in seconds. */
const [VALID_S, EARLY_S] = [3600, 300];

/** Reads the file of a service account. Pure. @throws OperatorError */
export function readFcmKey(json: string): FcmKey {
  const { project_id: projectId, client_email: email, private_key: pem, token_uri: tokenAddress } = readJson(Buffer.from(json));
  if (typeof projectId !== 'string' || !/^[\w:.-]+$/.test(projectId) || typeof email !== 'string' || typeof pem !== 'string' || typeof tokenAddress !== 'string' || !URL.canParse(tokenAddress)) {
    throw new OperatorError('AEROGRAM_FCM_KEY_FILE: this is not the JSON file of a service account of Firebase');
  }
  return { projectId, email, key: readKey(pem, 'AEROGRAM_FCM_KEY_FILE'), tokenAddress };
}

interface FcmOptions {
  hosts: PushHosts;
  key: FcmKey;
  clock: Clock;
  /** Where notices are sent to, for tests. */
  origin?: string;
}

/** Firebase Cloud Messaging, for apps of the Play Store that were built with the operator's own project. Google learns no content. An app that has registered no secret is only told to fetch what is new. */
export function createFcm({ hosts, key, clock, origin = ORIGIN }: FcmOptions): PhoneService {
  const tokens = new GoogleTokens(hosts, key, clock);
  return {
    types: new Set([TokenType.fcm]),
    lane: origin,
    async deliver(_type, { token, p, userId, isUrgent, ttlS }) {
      const access = await tokens.get();
      if (typeof access !== 'string') return access;
      // Without a secret of the app, Google is told only that there is something to fetch. Nothing replaces anything: Google keeps but four notices for a phone that can be replaced, and apps know doubles by themselves.
      const data = p === undefined ? { loc_key: 'MESSAGE_MUTED', user_id: userId, custom: '{}' } : { p };
      const message = { token, data, android: { priority: isUrgent ? 'HIGH' : 'NORMAL', ttl: `${ttlS}s` } };
      const answer = await askService(hosts, origin, {
        method: 'POST',
        path: `/v1/projects/${key.projectId}/messages:send`,
        headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ message })),
      });
      if ('kind' in answer) return answer;
      if (answer.status === 401) tokens.drop(access);
      return outcomeOfFcm(answer.status, readJson(answer.body), answer.retryAfterS);
    },
    [Symbol.dispose]() {},
  };
}

/** See https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
function outcomeOfFcm(status: number, body: Record<string, unknown>, retryAfterS: number): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const { details } = (body['error'] ?? {}) as { details?: { errorCode?: unknown }[] };
  const code = Array.isArray(details) ? details.map(({ errorCode }) => errorCode).find((one) => typeof one === 'string') : undefined;
  if (code === 'UNREGISTERED' || code === 'SENDER_ID_MISMATCH' || status === 404) return { kind: 'gone' };
  if (status === 400 || status === 403) return { kind: 'refused', reason: code ?? String(status) };
  return { kind: 'later', afterS: Math.max(retryAfterS, AGAIN_S) };
}

/** Tokens by which Google knows the project. One is fetched an hour. */
class GoogleTokens {
  readonly #hosts: PushHosts;
  readonly #key: FcmKey;
  readonly #clock: Clock;
  #known: { token: string; untilDate: number } | undefined;
  #fetching: Promise<string | PushOutcome> | undefined;

  constructor(hosts: PushHosts, key: FcmKey, clock: Clock) {
    this.#hosts = hosts;
    this.#key = key;
    this.#clock = clock;
  }

  /** @returns a token, or what is to be done because there is none now */
  get(): Promise<string | PushOutcome> | string {
    if (this.#known && this.#known.untilDate > this.#clock.now()) return this.#known.token;
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Google has refused a token. */
  drop(token: string): void {
    if (this.#known?.token === token) this.#known = undefined;
  }

  async #fetch(): Promise<string | PushOutcome> {
    const { email, key, tokenAddress } = this.#key;
    const nowDate = this.#clock.now();
    const { origin, pathname, search } = new URL(tokenAddress);
    const assertion = signToken('RS256', key, { iss: email, scope: SCOPE, aud: tokenAddress, iat: nowDate, exp: nowDate + VALID_S });
    const body = Buffer.from(new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString());
    const answer = await askService(this.#hosts, origin, { method: 'POST', path: pathname + search, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
    if ('kind' in answer) return { kind: 'later', afterS: AGAIN_S };
    const { access_token: token, expires_in: validS } = readJson(answer.body);
    if (answer.status !== 200 || typeof token !== 'string') return { kind: 'later', afterS: Math.max(answer.retryAfterS, AGAIN_S) };
    this.#known = { token, untilDate: nowDate + (typeof validS === 'number' ? validS : VALID_S) - EARLY_S };
    return token;
  }
}
