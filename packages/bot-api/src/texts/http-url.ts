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

/** Why a text is no link, in the words of the official server. No Error, because most labels are checked as links and are none. */
export class UrlProblem {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Maximum length of host, port and user. No host has a longer name; it keeps the check of very many labels as links cheap. */
const AUTHORITY_MAX = 512;

const PROTOCOL = /^([^:/?#@[\]]{0,32}):\/\//;
const AUTHORITY = new RegExp(`^[^/?#]{0,${AUTHORITY_MAX + 1}}`);
const PORT_MAX = 65_535;
/** What may stand in a host or the name of a user besides letters and digits of any script. */
const PART = /^(?:[\w.\-!$,~*'();&+=]|%[0-9A-Fa-f]{2}|[^\0-\x7f])*$/;

const WRONG_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** Reads a link to the web as the official server does: without a protocol it is `http`, and white space in its path is escaped. */
export function parseHttpUrl(text: string): HttpUrl | UrlProblem {
  const [given, name] = PROTOCOL.exec(text) ?? ['', 'http'];
  const protocol = asciiLower(name);
  if (protocol !== 'http' && protocol !== 'https') return new UrlProblem('Unsupported URL protocol');
  const afterProtocol = text.slice(given.length);
  const [authority] = AUTHORITY.exec(afterProtocol)!;
  if (authority.length > AUTHORITY_MAX) return new UrlProblem('Wrong HTTP URL');
  const { place, port } = splitPort(authority);
  if (port < 0 || port > PORT_MAX) return new UrlProblem('Wrong port number specified in the URL');
  const at = place.lastIndexOf('@');
  const userInfo = place.slice(0, Math.max(at, 0));
  const host = asciiLower(place.slice(at + 1));
  const isIpv6 = host.startsWith('[') && host.endsWith(']');
  if (host === '') return new UrlProblem('URL host is empty');
  if (host === '.') return new UrlProblem('Host is invalid');
  if (isIpv6 && !URL.canParse(`http://${host}/`)) return new UrlProblem('Wrong IPv6 address specified in the URL');
  const problem = isIpv6 ? undefined : (problemOf(host, 'host') ?? problemOf(userInfo.replaceAll(':', ''), 'userinfo'));
  if (problem !== undefined) return problem;
  return { protocol, userInfo, host, isIpv6, port, rest: restOf(afterProtocol.slice(authority.length)) };
}

/** A link as text, with what {@link parseHttpUrl} added. */
export function formatHttpUrl({ protocol, userInfo, host, port, rest }: HttpUrl): string {
  return `${protocol}://${userInfo === '' ? '' : `${userInfo}@`}${host}${port === 0 ? '' : `:${port}`}${rest}`;
}

/** Splits a port off that ends the text, which is -1 if it is wrong; a colon before `@` or `]` belongs to something else. */
function splitPort(authority: string): { place: string; port: number } {
  const colon = authority.lastIndexOf(':');
  if (colon <= 0 || /[\]@]/.test(authority.slice(colon))) return { place: authority, port: 0 };
  const digits = authority.slice(colon + 1).replace(/^0+(?=.)/, '');
  return { place: authority.slice(0, colon), port: /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : -1 };
}

function problemOf(part: string, name: string): UrlProblem | undefined {
  if (PART.test(part)) return undefined;
  return new UrlProblem(WRONG_ESCAPE.test(part) ? `Wrong percent-encoded symbol in URL ${name}` : `Disallowed character in URL ${name}`);
}

function restOf(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n\0\v'.includes(text[end - 1]!)) end--;
  // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
  const escaped = text.slice(0, end).replaceAll(/[\0-\x20]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return escaped.startsWith('/') ? escaped : `/${escaped}`;
}
