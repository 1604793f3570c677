import type { IncomingMessage } from 'node:http';

/** Longest header of cookies that is looked at. */
const HEADER_MAX = 8192;

/** Reads a cookie of a request; undefined if there is none, or several of the name, of which one may come from elsewhere. Pure. */
export function readCookie({ headers: { cookie = '' } }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  if (cookie.length > HEADER_MAX) return undefined;
  const values = cookie.split(';').flatMap((one) => {
    const at = one.indexOf('=');
    return at > 0 && one.slice(0, at).trim() === name ? [one.slice(at + 1).trim()] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

/** The name of a cookie. With TLS, browsers take it from this host only, and from no other one of the same domain. Pure. */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name);

/** Writes a cookie, which scripts cannot read and other sites cannot have sent along except by a link. Pure. @param lifeS 0 removes it */
export function writeCookie(name: string, value: string, { lifeS, isSecure }: { lifeS: number; isSecure: boolean }): string {
  return `${cookieName(name, isSecure)}=${value}; Path=/; Max-Age=${lifeS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
