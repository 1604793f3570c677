import { rpcError } from '@aerogram/errors';

import { cleanLine } from '../peers/index.ts';
import { isVisibleText } from '../shared/index.ts';

const TITLE_MAX = 128;
const ABOUT_MAX = 255;
const RANK_MAX = 16;

/**
 * Returns the title of a group in the form that is stored: one line, cut to the length that clients show.
 * @throws RpcError 400 CHAT_TITLE_EMPTY
 */
export function checkedTitle(title: string): string {
  // Cut between characters, not inside of one.
  const clean = Array.from(cleanLine(title)).slice(0, TITLE_MAX).join('').trim();
  if (clean === '') throw rpcError('CHAT_TITLE_EMPTY');
  return clean;
}

/**
 * Returns the description of a group in the form that is stored. It may have several lines.
 * @throws RpcError 400 CHAT_ABOUT_TOO_LONG
 */
export function checkedGroupAbout(about: string): string {
  const clean = isVisibleText(about) ? about.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)[\p{Cc}\p{Cs}]/gu, ' ').trim() : '';
  if (clean.length > ABOUT_MAX) throw rpcError('CHAT_ABOUT_TOO_LONG');
  return clean;
}

/**
 * Returns the title of a member in the form that is stored; '' for none.
 * @throws RpcError 400 ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED
 */
export function checkedRank(rank: string): string {
  const clean = cleanLine(rank);
  if (clean.length > RANK_MAX) throw rpcError('ADMIN_RANK_INVALID');
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(clean)) throw rpcError('ADMIN_RANK_EMOJI_NOT_ALLOWED');
  return clean;
}
