import { rpcError } from '@aerogram/errors';

import { cleanLine } from '../peers/index.ts';
import { isLongerThan } from '../shared/index.ts';

/** The longest title and the longest short name of a set, in characters. */
const NAME_MAX = 64;
/** Letters, digits and single underscores, from a letter on. */
const SHORT_NAME = /^[a-z](?:_?[a-z0-9])*$/i;

/** Letters of other scripts as they stand in suggested names, where Unicode does not take them apart. */
const LATIN: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'ch', ш: 'sh', щ: 'sch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', ß: 'ss', æ: 'ae', ø: 'o', ł: 'l', đ: 'd',
};

/** Names that look as if the set came with the server, or will in a later version. */
const RESERVED = /^_*(?:aero_*gram|tele_*gram|animated_*emoj|emoji_*animations|default_*statuses)/i;

/** Whether nobody may take a name, because it looks like one of the server. Pure. */
export function isReservedSetName(name: string): boolean {
  return RESERVED.test(name);
}

/** Whether a text has the form of a short name. Pure. */
export function isShortName(name: string): boolean {
  return name.length <= NAME_MAX && SHORT_NAME.test(name);
}

/**
 * The short name of a set, checked.
 * @param botUsername of the bot that makes the set, whose name must be at the end of it
 * @throws RpcError PACK_SHORT_NAME_INVALID
 */
export function checkedShortName(name: string, botUsername?: string): string {
  const isOfBot = botUsername !== undefined && name.toLowerCase().endsWith(`_by_${botUsername.toLowerCase()}`);
  if (!isShortName(name) || (botUsername === undefined ? isNameOfBot(name) : !isOfBot)) throw rpcError('PACK_SHORT_NAME_INVALID');
  return name;
}

/** Whether a name is one that only sets of bots have. Pure. */
export function isNameOfBot(name: string): boolean {
  return /_by_[a-z0-9_]*bot$/i.test(name);
}

/** The title of a set, in the form that is stored. @throws RpcError PACK_TITLE_INVALID */
export function checkedTitle(title: string): string {
  const clean = cleanLine(title);
  if (clean === '' || isLongerThan(clean, NAME_MAX)) throw rpcError('PACK_TITLE_INVALID');
  return clean;
}

/** A short name for a title: its letters and digits, with underscores between its words. Pure. @returns '' if it has none that can be written so */
export function shortNameFor(title: string): string {
  const plain = Array.from(title.slice(0, 4 * NAME_MAX).normalize('NFKD').toLowerCase(), (sign) => LATIN[sign] ?? sign).join('').replaceAll(/\p{M}/gu, '');
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const name = words.join('_').replace(/^[0-9_]+/, '').slice(0, NAME_MAX - 8).replace(/_$/, '');
  return isNameOfBot(name) ? name.replaceAll('_', '') : name;
}
