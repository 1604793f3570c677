import type { mt } from '@aerogram/tl';

/** The kind of key that a client asked for. */
export interface RequestedKey {
  kind: 'perm' | 'temp';
  /** Lifetime of a temporary key in seconds. */
  expiresInS: number | undefined;
  /** The DC that the key belongs to. */
  dcId: number;
  media: boolean;
  test: boolean;
}

/** The DC ids that this server serves, and the one to use when a client names none of them. */
export interface PlayedDcs {
  dcIds: readonly number[];
  homeDcId: number;
}

/** Maximum lifetime of a temporary key, in seconds; clients ask for a day. A server may discard keys earlier than requested. */
export const TEMP_KEY_LIMIT_S = 7 * 86_400;

/**
 * Reads the request from the inner data. `dc` may be `dc`, `−dc` (media) or `±(dc + 10000)` (test). It is recorded and never a reason to
 * refuse, because clients fill it in differently.
 * @returns undefined when a temporary key is requested that would have expired already.
 */
export function readRequestedKey(inner: mt.P_Q_inner_data, played: PlayedDcs): RequestedKey | undefined {
  const dc = 'dc' in inner ? inner.dc : 0;
  const positive = Math.abs(dc);
  const id = positive % 10_000;
  const place = {
    dcId: played.dcIds.includes(id) ? id : played.homeDcId,
    media: dc < 0,
    test: positive >= 10_000,
  };
  if (!('expires_in' in inner)) return { kind: 'perm', expiresInS: undefined, ...place };
  if (inner.expires_in <= 0) return undefined;
  return { kind: 'temp', expiresInS: Math.min(inner.expires_in, TEMP_KEY_LIMIT_S), ...place };
}
