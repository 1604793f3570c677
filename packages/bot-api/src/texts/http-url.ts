import { asciiLower } from './marked-text.ts';

/** A link to the web, in the parts in which it is checked. */
export interface HttpUrl {
  protocol: 'http' | 'https';
  /** What stands before the `@` of the host; '' if there is none. */
  userInfo: string;
  /** In lower case; an IPv6 address in brackets. */
  host: string;
  isIpv6: boolean;
  /** 0 if none is given. */
  port: number;
  /** Path, query and fragment. It begins with a slash. */
  rest: string;
}

/** Why a text is no link to the web. */
export class UrlError extends Error {
  override readonly name = 'UrlError';
}

const PORT_MAX = 65_535;
/** What may stand in a host or the name of a user besides letters and digits of any script. */
const PART = /^(?:[\w.\-!$,~*'();&+=]|%[0-9A-Fa-f]{2}|[^\0-\x7f])*$/;
const WRONG_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Reads a link to the web as the official server does: without a protocol it is `http`, and white space in its path is escaped.
 * @throws UrlError with the reason in the words of the official server
 */
export function parseHttpUrl(text: string): HttpUrl {
  const [, given, afterProtocol] = /^(?:([^:/?#@[\]]*):\/\/)?([^]*)$/.exec(text) as unknown as [string, string | undefined, string];
  const protocol = asciiLower(given ?? 'http');
  if (protocol !== 'http' && protocol !== 'https') throw new UrlError('Unsupported URL protocol');
  const [authority] = /^[^/?#]*/.exec(afterProtocol)!;
  const { place, port } = splitPort(authority);
  const at = place.lastIndexOf('@');
  const userInfo = place.slice(0, Math.max(at, 0));
  const host = asciiLower(place.slice(at + 1));
  const isIpv6 = host.startsWith('[') && host.endsWith(']');
  if (host === '') throw new UrlError('URL host is empty');
  if (host === '.') throw new UrlError('Host is invalid');
  if (isIpv6) {
    if (!URL.canParse(`http://${host}/`)) throw new UrlError('Wrong IPv6 address specified in the URL');
  } else {
    checkPart(host, 'host');
    checkPart(userInfo.replaceAll(':', ''), 'userinfo');
  }
  return { protocol, userInfo, host, isIpv6, port, rest: restOf(afterProtocol.slice(authority.length)) };
}

/** A link as text, with what {@link parseHttpUrl} added. */
export function formatHttpUrl({ protocol, userInfo, host, port, rest }: HttpUrl): string {
  return `${protocol}://${userInfo === '' ? '' : `${userInfo}@`}${host}${port === 0 ? '' : `:${port}`}${rest}`;
}

/** Splits a port off that ends the text; a colon before `@` or `]` belongs to something else. */
function splitPort(authority: string): { place: string; port: number } {
  const colon = authority.lastIndexOf(':');
  if (colon <= 0 || /[\]@]/.test(authority.slice(colon))) return { place: authority, port: 0 };
  const digits = authority.slice(colon + 1).replace(/^0+(?=.)/, '');
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port === 0 || port > PORT_MAX) throw new UrlError('Wrong port number specified in the URL');
  return { place: authority.slice(0, colon), port };
}

function checkPart(part: string, name: string): void {
  if (PART.test(part)) return;
  throw new UrlError(WRONG_ESCAPE.test(part) ? `Wrong percent-encoded symbol in URL ${name}` : `Disallowed character in URL ${name}`);
}

function restOf(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n\0\v'.includes(text[end - 1]!)) end--;
  // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
  const escaped = text.slice(0, end).replaceAll(/[\0-\x20]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return escaped.startsWith('/') ? escaped : `/${escaped}`;
}
