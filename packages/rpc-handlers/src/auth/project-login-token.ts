import type { LoginToken, MovedLogin } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** Projects a token that a device shows as a QR code, or with which it goes on in another data centre. Pure. */
export function projectLoginToken(given: LoginToken | MovedLogin): tl.auth.loginToken | tl.auth.loginTokenMigrateTo {
  if ('dcId' in given) return { _: 'auth.loginTokenMigrateTo', dc_id: given.dcId, token: given.token };
  return { _: 'auth.loginToken', expires: given.expires_date, token: given.token };
}
