import type { Domain } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';

import type { PlainErrorName } from './field-limits.ts';

/**
 * What a method does about a person who lives in another data centre, by the field of the request that names them: it works, or it is refused with this
 * error. In a field that does not stand here such a person is refused with 400 PEER_ID_INVALID.
 */
export type ElsewhereRules<Request> = { readonly [Field in keyof Request]?: 'works' | PlainErrorName };

/** The rules of any method. */
export type AnyElsewhereRules = Readonly<Record<string, 'works' | PlainErrorName | undefined>>;

/** Tells where somebody lives. */
type Homes = Pick<NonNullable<Domain['homes']>, 'dcOf'>;

/** The forms in which a request names a user. */
const NAMING = new Set(['inputUser', 'inputPeerUser', 'inputUserFromMessage', 'inputPeerUserFromMessage']);

/** What only shows somebody: a mention in a text, and a button that opens a profile. The peer of the others is not the one that is named, but where it was seen. */
const SHOWING = new Set(['inputMessageEntityMentionName', 'inputInlineButtonTypeUserProfile', 'inputChannelFromMessage', 'inputPeerChannelFromMessage']);

/**
 * Refuses a request that names a person elsewhere where its method does not work with one. It runs before anything is read, and reveals nothing: everybody
 * sees by an id where a person lives.
 * @throws RpcError PEER_ID_INVALID, or the error of the field
 */
export function checkElsewhere(request: object, rules: AnyElsewhereRules, homes: Homes): void {
  for (const field in request) {
    const rule = rules[field];
    if (rule !== 'works' && namesElsewhere(request[field as keyof typeof request], homes)) throw rpcError(rule ?? 'PEER_ID_INVALID');
  }
}

function namesElsewhere(value: unknown, homes: Homes): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  if (Array.isArray(value)) return value.some((item) => namesElsewhere(item, homes));
  const { _: name = '', user_id: userId } = value as { _?: string; user_id?: unknown };
  if (NAMING.has(name)) return typeof userId === 'bigint' && homes.dcOf(userId) !== undefined;
  if (SHOWING.has(name)) return false;
  for (const field in value) if (namesElsewhere(value[field as keyof typeof value], homes)) return true;
  return false;
}
