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

/** Writes a cookie for the pages below a path, which scripts cannot read and other sites cannot have sent along except by a link. Pure. @param lifeS 0 removes it */
export function writeCookie(name: string, value: string, { path, lifeS, isSecure }: { path: string; lifeS: number; isSecure: boolean }): string {
  return `${name}=${value}; Path=${path}; Max-Age=${lifeS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
