import type { PushOutcome } from '@aerogram/domain';

import type { PhoneNotice } from './phone-service.ts';

/** Where a relay takes notices. */
export const RELAY_PATH = '/v1/push';

/** A notice as a server gives it to a relay, in JSON. */
interface RelayedNotice {
  token_type: number;
  token: string;
  sandbox: boolean;
  p: string;
  sound: boolean;
  quiet: boolean;
  collapse: string;
  urgent: boolean;
  ttl: number;
}

/** Most characters of a token, of what is sealed, and of the name of what replaces each other. */
const [TOKEN_MAX, SEALED_MAX, COLLAPSE_MAX] = [4096, 4096, 64];
/** How long push services may be asked to keep a notice, in seconds. */
const TTL_MAX_S = 7 * 86_400;

/** Writes a notice for a relay. Pure. @returns undefined if it is not sealed: a relay is to learn nothing */
export function writeRelayed(tokenType: number, { token, sandbox, p, hasSound, isQuiet, collapse, isUrgent, ttlS }: PhoneNotice): RelayedNotice | undefined {
  return p === undefined ? undefined : { token_type: tokenType, token, sandbox, p, sound: hasSound, quiet: isQuiet, collapse, urgent: isUrgent, ttl: ttlS };
}

/** Reads a notice that a server gave. Pure. @returns undefined if it is malformed, or not sealed */
export function readRelayed(read: Record<string, unknown>): { tokenType: number; notice: PhoneNotice } | undefined {
  const { token_type: tokenType, token, sandbox, p, sound, quiet, collapse, urgent, ttl } = read;
  const isText = (value: unknown, most: number, form: RegExp): value is string => typeof value === 'string' && value.length <= most && form.test(value);
  if (typeof tokenType !== 'number' || !isText(token, TOKEN_MAX, /^[!-~]+$/) || !isText(p, SEALED_MAX, /^[\w-]{40,}$/) || !isText(collapse, COLLAPSE_MAX, /^[\w-]+$/)) return undefined;
  if (typeof ttl !== 'number' || !Number.isInteger(ttl) || ttl < 0 || ttl > TTL_MAX_S) return undefined;
  return { tokenType, notice: { token, sandbox: sandbox === true, p, plain: undefined, userId: '', hasSound: sound === true, isQuiet: quiet === true, collapse, isUrgent: urgent === true, ttlS: ttl } };
}

/** Writes what has become of a notice. Pure. */
export const writeOutcome = (outcome: PushOutcome): Record<string, unknown> => ({ outcome: outcome.kind, ...(outcome.kind === 'later' ? { after: outcome.afterS } : {}) });

/** Reads what a relay says has become of a notice. Pure. @param leastS how long to wait at least where it says "later", in seconds */
export function readOutcome({ outcome, after }: Record<string, unknown>, leastS: number): PushOutcome {
  if (outcome === 'sent' || outcome === 'gone') return { kind: outcome };
  if (outcome === 'refused') return { kind: 'refused', reason: 'by the service behind the relay' };
  return { kind: 'later', afterS: typeof after === 'number' && after > leastS && after <= 3600 ? after : leastS };
}
