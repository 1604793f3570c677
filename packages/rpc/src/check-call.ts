import type { KeyState } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { CallerKind, RpcMethod } from './define-method.ts';
import { checkFields, DEFAULT_LIMITS } from './field-limits.ts';

/** Returns which kind of caller a key belongs to. */
export function callerKind(key: KeyState): CallerKind {
  if (key.userId === undefined) return 'guest';
  return key.bot ? 'bot' : 'user';
}

/**
 * Checks that this key may call the method. A key that is bound to a person of another data centre may call what a guest may, so that its client can log in, bind
 * the key anew or log out, and is sent there with all else.
 * @throws RpcError 303 USER_MIGRATE_%d, 401 AUTH_KEY_PERM_EMPTY, AUTH_KEY_UNREGISTERED, SESSION_REVOKED, USER_DEACTIVATED or SESSION_PASSWORD_NEEDED, 400
 * BOT_METHOD_INVALID or USER_BOT_REQUIRED
 */
export function checkAccess(key: KeyState, method: RpcMethod): void {
  if (key.permAuthKeyId === undefined && method.method !== 'auth.bindTempAuthKey') {
    throw rpcError('AUTH_KEY_PERM_EMPTY');
  }
  const kind = callerKind(key);
  if (method.callers.has(kind)) return;
  if (kind === 'bot') throw rpcError('BOT_METHOD_INVALID');
  if (kind === 'user') throw rpcError(method.callers.has('bot') ? 'USER_BOT_REQUIRED' : 'METHOD_INVALID');
  if (key.homeDc !== undefined) throw rpcError('USER_MIGRATE_%d', key.homeDc);
  if (key.passwordPending) {
    if (method.pending2fa) return;
    throw rpcError('SESSION_PASSWORD_NEEDED');
  }
  if (key.deactivated) throw rpcError('USER_DEACTIVATED');
  throw rpcError(key.revoked ? 'SESSION_REVOKED' : 'AUTH_KEY_UNREGISTERED');
}

/**
 * Checks that the layer is known for methods that need a user. Guests are served without a layer, because several clients ask for the
 * configuration or bind a key before their first initConnection.
 * @throws RpcError 400 CONNECTION_NOT_INITED
 */
export function checkConnection(key: KeyState, method: RpcMethod): void {
  if (key.layer === undefined && !method.callers.has('guest')) throw rpcError('CONNECTION_NOT_INITED');
}

/**
 * Checks the declared limits of a request.
 * @param bytes length of the request as received, uncompressed
 * @throws RpcError 400 INPUT_REQUEST_TOO_LONG, and as {@link checkFields}
 */
export function checkLimits(method: RpcMethod, request: tl.AnyMethod, bytes: number): void {
  if (bytes > (method.limits.maxBytes ?? DEFAULT_LIMITS.maxBytes)) throw rpcError('INPUT_REQUEST_TOO_LONG');
  checkFields(request, method.bounds);
}
