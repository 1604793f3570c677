import type { KeyState } from '@aerogram/domain';
import { expect, test } from 'vitest';
import { checkAccess } from '../src/check-call.ts';
import { type CallerKind, defineMethod } from '../src/define-method.ts';

const ELSEWHERE: KeyState = {
  authKeyId: 1n, permAuthKeyId: 1n, expires_date: undefined, dcId: 2, userId: undefined, bot: false, passwordPending: false, pendingUserId: undefined,
  revoked: true, deactivated: false, layer: 200, init: undefined, seenDate: 0, homeDc: 1,
};

const method = (access: CallerKind | 'any') => defineMethod({ method: 'account.updateStatus', access, cost: 1, repeat: 'read', handler: () => Promise.resolve(true) });

test('a key whose user lives in another data centre is sent there, unless a guest may call', () => {
  for (const access of ['user', 'bot'] as const) expect(() => checkAccess(ELSEWHERE, method(access))).toThrow('USER_MIGRATE_1');
  for (const access of ['guest', 'any'] as const) expect(() => checkAccess(ELSEWHERE, method(access))).not.toThrow();
  expect(() => checkAccess({ ...ELSEWHERE, permAuthKeyId: undefined }, method('user'))).toThrow('AUTH_KEY_PERM_EMPTY');
  expect(() => checkAccess({ ...ELSEWHERE, homeDc: undefined }, method('user'))).toThrow('SESSION_REVOKED');
});
