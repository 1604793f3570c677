import { rpcError } from '@aerogram/errors';

import { isVisibleText } from '../shared/index.ts';

/** Maximum length of a first or last name, and of the name of a bot, in UTF-16 units. */
export const NAME_MAX = 64;
/** Maximum length of the bio of a person, in UTF-16 units. */
const ABOUT_MAX = 70;

/** Of a longer text, so many times its maximum is looked at. The rest is not, because the event loop stands still meanwhile. */
const LOOKED_AT = 4;

/** Lone surrogates, and the marks that make text run in the other direction, also the text after a name. */
const MISLEADING = /[\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Reduces a text to one line: removes lone surrogates and directional marks that could reverse it, replaces control characters and line
 * breaks with spaces and trims the ends.
 * @param max maximum length in UTF-16 units; the rest is cut off, without splitting a surrogate pair
 * @returns '' when the text has no visible character in the first {@link LOOKED_AT} × `max` units
 */
export function cleanLine(text: string, max = Number.POSITIVE_INFINITY): string {
  const start = text.slice(0, LOOKED_AT * max);
  if (!isVisibleText(start)) return '';
  const line = start.replaceAll(MISLEADING, '').replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length <= max ? line : line.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/**
 * Returns the names in the form that is stored.
 * @throws RpcError 400 FIRSTNAME_INVALID, LASTNAME_INVALID
 */
export function checkedNames(firstName: string, lastName: string): { first_name: string; last_name: string } {
  const first_name = cleanLine(firstName);
  const last_name = cleanLine(lastName);
  if (first_name === '' || first_name.length > NAME_MAX) throw rpcError('FIRSTNAME_INVALID');
  if (last_name.length > NAME_MAX) throw rpcError('LASTNAME_INVALID');
  return { first_name, last_name };
}

/**
 * Returns the bio in the form that is stored.
 * @throws RpcError 400 ABOUT_TOO_LONG
 */
export function checkedAbout(about: string): string {
  const clean = cleanLine(about);
  if (clean.length > ABOUT_MAX) throw rpcError('ABOUT_TOO_LONG');
  return clean;
}

/**
 * Checks a username: 5–32 Latin letters, digits and single underscores, starting with a letter and not ending with an underscore.
 * @throws RpcError 400 USERNAME_INVALID
 */
export function checkUsername(username: string): void {
  if (!/^[a-z](?:_?[a-z0-9])+$/i.test(username)) throw rpcError('USERNAME_INVALID');
  if (username.length < 5 || username.length > 32) throw rpcError('USERNAME_INVALID');
}
