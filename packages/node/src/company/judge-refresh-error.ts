import type { RefreshAnswer } from '@aerogram/domain';

/** Failures of a connection before anything was sent through it. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Answers that say that the request was not looked at. */
const TURNED_AWAY = new Set([429, 503]);

/** What is read of the errors of `openid-client`. */
interface RefreshError {
  /** The error of OAuth in the answer. */
  error?: string;
  status?: number;
  code?: string;
  message?: string;
  cause?: { status?: number; code?: string };
}

/**
 * Judges why a refresh token brought no new tokens. Whatever may have reached the provider may have replaced the token there, so that counts as unknown unless the answer says
 * otherwise. Pure.
 */
export function judgeRefreshError(thrown: unknown): RefreshAnswer {
  const { error, status, code, message, cause } = thrown as RefreshError;
  if (error === 'invalid_grant') return { kind: 'revoked' };
  const answered = Number(status ?? cause?.status);
  const reason = String(error ?? (Number.isNaN(answered) ? (cause?.code ?? code ?? message ?? 'unknown') : answered)).slice(0, 200);
  const isUnused = (answered >= 400 && answered < 500) || TURNED_AWAY.has(answered) || NOT_SENT.has(cause?.code ?? '');
  return { kind: isUnused ? 'unused' : 'unknown', reason };
}
