import { ADMIN_SESSION_LIFE_S } from '@aerogram/domain';
import { cookieName, readCookie } from '../cookies.ts';

const NAME = 'aerogram_admin';
const VALUE = /^[\w-]{20,64}$/;

/** The token in the header `Cookie`; undefined if there is none, or several. Pure. @param isSecure whether the page was loaded over TLS: then only a cookie of this very host counts */
export function readAdminCookie(header: string | undefined, isSecure: boolean): string | undefined {
  const value = readCookie({ headers: { cookie: header } }, cookieName(NAME, isSecure));
  return value !== undefined && VALUE.test(value) ? value : undefined;
}

/** The header `Set-Cookie` with a token; without one it deletes the cookie. Pure. */
export function adminCookie(token: string | undefined, isSecure: boolean): string {
  // Browsers take a name with `__Host-` only with the path of the whole host. Without TLS the path stays that of earlier programs: a browser that still has their cookie would send two of the
  // same name, and neither would count.
  return `${cookieName(NAME, isSecure)}=${token ?? ''}; Path=${isSecure ? '/' : '/admin'}; HttpOnly; SameSite=Strict; Max-Age=${token === undefined ? 0 : ADMIN_SESSION_LIFE_S}${isSecure ? '; Secure' : ''}`;
}
