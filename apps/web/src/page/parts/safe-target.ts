import type { TextEntity } from '../../protocol/index.ts';

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'tg:']);

/** Where a link in a text leads; undefined if a browser should not go there. Pure. */
export function safeTarget({ kind, url }: TextEntity, text: string): string | undefined {
  if (kind === 'email') return `mailto:${encodeURIComponent(text).replace('%40', '@')}`;
  if (kind === 'phone') return `tel:${text.replaceAll(/[^\d+]/g, '')}`;
  const target = kind === 'link' ? url : text;
  if (target === undefined) return undefined;
  const whole = /^[a-z][a-z\d+.-]*:/i.test(target) && !/^[^:/]+\.[^:/]+:\d/.test(target) ? target : `https://${target}`;
  try {
    const parsed = new URL(whole);
    return SCHEMES.has(parsed.protocol) ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}

/** What a person compares of an address. */
const plain = (address: string): string => address.trim().replace(/^(?:https?:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '').toLowerCase();

/** Writes an address as people do, with the letters of other scripts in its path. */
function readable(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/**
 * Whether a link leads where its text says. Names of hosts that only look like Latin ones differ from what they are called in addresses, so they
 * do not count as the same. Pure.
 */
export function isShownAs(target: string, text: string): boolean {
  return plain(target) === plain(text) || plain(readable(target)) === plain(text);
}
