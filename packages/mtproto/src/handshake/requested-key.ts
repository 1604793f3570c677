import type { mt } from '@aerogram/tl';

/** What kind of key a client asked for. */
export interface RequestedKey {
  kind: 'perm' | 'temp';
  /** Lifetime of a temporary key in seconds. */
  expiresInS: number | undefined;
  /** The DC that the key belongs to. */
  dcId: number;
  media: boolean;
  test: boolean;
}

/** The DC ids that this server plays, and the one meant when a client names none of them. */
export interface PlayedDcs {
  dcIds: readonly number[];
  homeDcId: number;
}

/** Longest life of a temporary key; clients ask for a day. The server is free to discard keys earlier than asked. */
export const TEMP_KEY_LIMIT_S = 7 * 86_400;

/**
 * Reads what the inner data asks for. `dc` may be `dc`, `−dc` (media), `±(dc + 10000)` (test); it is noted and never
 * a reason to refuse, since clients fill it in differently.
 * @returns undefined when a temporary key is asked for that would be dead at once.
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
