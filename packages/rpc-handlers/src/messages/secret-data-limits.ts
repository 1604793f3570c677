import type { MethodLimits } from '@aerogram/rpc';

/** Limits of a call that carries an encrypted message. */
export const SECRET_DATA_LIMITS: MethodLimits = { maxBytes: 160 * 1024, bytes: { data: { max: 64 * 1024, error: 'DATA_TOO_LONG' } } };
