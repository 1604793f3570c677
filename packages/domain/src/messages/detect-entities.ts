import type { tl } from '@aerogram/tl';

import { detectNumbers, MAY_HOLD_NUMBER } from './detect-numbers.ts';

/** The kinds of entity that the server detects. */
export type DetectedEntity =
  | tl.messageEntityUrl
  | tl.messageEntityEmail
  | tl.messageEntityMention
  | tl.messageEntityHashtag
  | tl.messageEntityCashtag
  | tl.messageEntityBotCommand
  | tl.messageEntityPhone
  | tl.messageEntityBankCard;

/** Quick check: a text that matches neither this nor MAY_HOLD_NUMBER has no entities. Most texts end here. */
const MAY_HOLD = /\.[^\s.]|[@#$/]/;

// Each pattern starts only at a word boundary, and no text matches its parts in two ways, so the running time is linear in the text's
// length.
const URLS =
  /(?<![\p{L}\p{N}_.@$#/:-])(?:(?<scheme>https?|ftp|tg|ton|tonsite):\/\/)?(?<host>(?:[\p{L}\p{N}_-]{1,63}\.)+[\p{L}\p{N}-]{1,63})(?::\d{1,5})?(?:[/?#][^\s<>"«»“”]*)?/giu;
const APP_LINKS = /(?<![\p{L}\p{N}_.@$#/:-])(?:tg|ton):\/\/[^\s<>"«»“”.]+/giu;
const EMAILS = /(?<![\p{L}\p{N}_.+@/:-])[a-z0-9_][a-z0-9_.+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\p{L}\p{N}_@])/giu;
const MENTIONS = /(?<![\p{L}\p{N}_@/.])@[a-z][a-z0-9_]{2,31}(?![\p{L}\p{N}_@])/giu;
const HASHTAGS = /(?<![\p{L}\p{N}_#/&])#(?=[\p{N}_]*[\p{L}\p{M}])[\p{L}\p{N}\p{M}_]{1,256}(?![\p{L}\p{N}_#])/gu;
const CASHTAGS = /(?<![\p{L}\p{N}_$])\$[A-Z]{1,8}(?![\p{L}\p{N}_])/gu;
const COMMANDS = /(?<![\p{L}\p{N}_/<>:.])\/[a-z0-9_]{1,64}(?:@[a-z][a-z0-9_]{2,31})?(?![\p{L}\p{N}_/.])/giu;

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

/** Top-level domains under which a name without a scheme counts as a link. "e.g", "file.txt" and "1.5" are not links. */
const ENDINGS = new Set(
  (
    'com org net edu gov mil int info biz name pro mobi aero asia cat coop jobs museum post tel travel app dev page blog cloud club design ' +
    'digital email games group guru host link live media network news online agency academy art bar beer berlin bike bot cafe care chat city ' +
    'codes coffee community company computer cool deals dog earth energy events expert express family fashion film finance fit fun fund ' +
    'gallery game gift global gold green guide health help house how institute international kitchen land law legal life london love ' +
    'market moe money nyc one party photo photos pictures pizza place plus press pub red report review rocks run sale school science security ' +
    'services shop show site ski social software solutions space store stream studio style support systems team tech technology tips today tools top ' +
    'tours town toys training university video vip watch web website wiki win work works world wtf xyz yoga zone ton ' +
    'рф рус онлайн сайт дети орг ком москва укр бел срб ' +
    // Country codes, without those that are words or abbreviations often written after a full stop.
    'ac ae af ag al ar at au az ba bd be bg bo br by bz ca cc ch cl cm cn co cr cu cx cy cz de dk dz ec ee es eu fi fm fo fr ge gg gl gr ' +
    'gt hk hn hr hu id ie il im in io iq ir is it je jo jp ke kg kh kr kw kz la lb li lk lt lu lv ly ma md me mk mm mn mt mu mx my ng ni nl ' +
    'no np nu nz pa pe ph pk pl pm ps pt pw py qa re ro rs ru rw sa sc se sg sh si sk sm so st su sv tc tf th tj tk tl tm tn to tr tt tv tw tz ' +
    'ua ug uk us uy uz va ve vg vn vu ws za zw ai'
  ).split(' '),
);

/** Entities that detected entities may not overlap. */
const ATOMIC = new Set<tl.MessageEntity['_']>([
  'messageEntityCode',
  'messageEntityPre',
  'messageEntityTextUrl',
  'messageEntityMentionName',
  'messageEntityUrl',
  'messageEntityEmail',
  'messageEntityMention',
  'messageEntityHashtag',
  'messageEntityCashtag',
  'messageEntityBotCommand',
  'messageEntityPhone',
  'messageEntityBankCard',
]);

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Detects links, e-mail addresses, mentions, tags, bot commands and numbers in a text; clients leave this to the server. Pure.
 * @param given entities from the client; nothing is detected inside its links and code
 * @returns at most `limit` entities
 * @see https://core.telegram.org/api/entities
 */
export function detectEntities(text: string, given: readonly tl.MessageEntity[], limit: number): DetectedEntity[] {
  if (limit <= 0 || !(MAY_HOLD.test(text) || MAY_HOLD_NUMBER.test(text))) return [];
  const taken = given.filter(({ _ }) => ATOMIC.has(_)).map(({ offset, length }) => ({ offset, end: offset + length }));
  const found: DetectedEntity[] = [];
  const take = (_: DetectedEntity['_'], offset: number, length: number): void => {
    const end = offset + length;
    if (found.length >= limit || taken.some((other) => offset < other.end && other.offset < end)) return;
    taken.push({ offset, end });
    found.push({ _, offset, length });
  };
  const find = (mark: string, pattern: RegExp): Iterable<RegExpExecArray> => (text.includes(mark) ? text.matchAll(pattern) : []);
  for (const match of find('@', EMAILS)) take('messageEntityEmail', match.index, match[0].length);
  for (const match of find('.', URLS)) {
    const { scheme, host } = match.groups as { scheme?: string; host: string };
    if (isHost(host, scheme !== undefined)) take('messageEntityUrl', match.index, lengthOfLink(match[0]));
  }
  for (const match of find('://', APP_LINKS)) take('messageEntityUrl', match.index, lengthOfLink(match[0]));
  for (const match of find('@', MENTIONS)) take('messageEntityMention', match.index, match[0].length);
  for (const match of find('#', HASHTAGS)) take('messageEntityHashtag', match.index, match[0].length);
  for (const match of find('$', CASHTAGS)) take('messageEntityCashtag', match.index, match[0].length);
  for (const match of find('/', COMMANDS)) take('messageEntityBotCommand', match.index, match[0].length);
  for (const { _, offset, length } of detectNumbers(text)) take(_, offset, length);
  return found;
}

function isHost(host: string, hasScheme: boolean): boolean {
  if (IPV4.test(host)) return hasScheme;
  const ending = host.slice(host.lastIndexOf('.') + 1).toLowerCase();
  return hasScheme ? /^(?:\p{L}{2,}|xn--[a-z0-9-]+)$/u.test(ending) : ENDINGS.has(ending) || ending.startsWith('xn--');
}

/**
 * Length of a link without the punctuation that ends the sentence around it. A closing bracket stays only if the link contains its opening
 * bracket.
 */
function lengthOfLink(link: string): number {
  const balance = new Map(Object.entries(CLOSING).map(([closing, opening]) => [closing, count(link, closing) - count(link, opening)]));
  let length = link.length;
  for (; length > 0; length--) {
    const last = link[length - 1]!;
    if (/[.,:;!?'`…*_~]/.test(last)) continue;
    const surplus = balance.get(last) ?? 0;
    if (surplus <= 0) break;
    balance.set(last, surplus - 1);
  }
  return length;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
