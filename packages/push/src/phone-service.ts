import { type PushEnvelope, type PushOutcome, type PushTarget, TokenType } from '@aerogram/domain';
import type { Random } from '@aerogram/runtime';

import type { PushProvider } from './provider.ts';
import { sealPayload } from './seal-notice.ts';

/** A notice for an app of a phone, as its push service gets it. */
export interface PhoneNotice {
  token: string;
  /** The token is one of Apple's for apps under development. */
  sandbox: boolean;
  /** What is said, sealed with the secret of the app, in base64url; undefined if it has given none. */
  p: string | undefined;
  /** What is said where nothing is sealed, if the operator allows that. */
  plain: object | undefined;
  /** The account, for apps with several that are only woken. */
  userId: string;
  hasSound: boolean;
  /** It shows nothing. */
  isQuiet: boolean;
  collapse: string;
  isUrgent: boolean;
  ttlS: number;
}

/** The push service of a kind of phones. */
export interface PhoneService extends Disposable {
  readonly types: ReadonlySet<number>;
  /** Its address: it has its own queue. */
  readonly lane: string;
  /** Never rejects. */
  deliver(tokenType: number, notice: PhoneNotice): Promise<PushOutcome>;
}

/** Most characters of what is sealed: services of phones take 4,096 bytes with all that stands beside it. */
const SEALED_MAX = 3500;

/** Seals notices for apps of phones. @param options.isPlain whether apps that have given no secret get texts, which their push service can read */
export function createPhoneProvider({ service, isPlain, random }: { service: PhoneService; isPlain: boolean; random: Random }): PushProvider {
  return {
    types: service.types,
    canCallBack: true,
    laneOf: () => service.lane,
    send: (target, envelope) => service.deliver(target.tokenType, writePhoneNotice(target, envelope, isPlain, random)),
    [Symbol.dispose]: () => service[Symbol.dispose](),
  };
}

interface Payload {
  user_id: string;
  custom: object;
  title: string;
  description: string;
  badge?: string;
  sound?: string;
}

function writePhoneNotice({ tokenType, token, secret, sandbox }: PushTarget, { json, shortJson, collapse, isUrgent, isQuiet, ttlS }: PushEnvelope, isPlain: boolean, random: Random): PhoneNotice {
  const payloads = [json, shortJson].map((one) => JSON.parse(one) as Payload);
  const [best, short] = payloads as [Payload, Payload];
  const written = payloads.map((payload) => JSON.stringify(tokenType === TokenType.apns ? flatten(payload) : payload));
  const sealed = secret.length === 0 ? [] : written.map((one) => sealPayload(secret, one, random));
  const plain = isPlain && secret.length === 0 ? flatten(written[0]!.length <= SEALED_MAX ? best : short) : undefined;
  return { token, sandbox, p: sealed.find(({ length }) => length <= SEALED_MAX) ?? sealed.at(-1), plain, userId: best.user_id, hasSound: best.sound !== undefined, isQuiet, collapse, isUrgent, ttlS };
}

/** As apps of Apple's phones read it: what belongs to a message stands beside `aps`, not in `custom`. */
function flatten({ custom, title, description, badge, sound, ...rest }: Payload): object {
  return { ...rest, ...custom, aps: { alert: { title, body: description }, 'mutable-content': 1, ...(badge === undefined ? {} : { badge: Number(badge) }), ...(sound === undefined ? {} : { sound }) } };
}
