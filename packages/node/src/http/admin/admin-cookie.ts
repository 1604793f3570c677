import { ADMIN_SESSION_LIFE_S } from '@aerogram/domain';
import { readCookie } from '../cookies.ts';

const NAME = 'aerogram_admin';
const VALUE = /^[\w-]{20,64}$/;

/** The token in the header `Cookie`; undefined if there is none, or several. Pure. */
export function readAdminCookie(header: string | undefined): string | undefined {
  const value = readCookie({ headers: { cookie: header } }, NAME);
  return value !== undefined && VALUE.test(value) ? value : undefined;
}

/** The header `Set-Cookie` with a token; without one it deletes the cookie. Pure. */
export function adminCookie(token: string | undefined, isSecure: boolean): string {
  return `${NAME}=${token ?? ''}; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=${token === undefined ? 0 : ADMIN_SESSION_LIFE_S}${isSecure ? '; Secure' : ''}`;
}
