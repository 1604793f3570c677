import { URL_MAX } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { parseDateFormat } from './date-format.ts';
import { formatHttpUrl, type HttpUrl, parseHttpUrl, UrlProblem } from './http-url.ts';
import { asciiLower, type Span } from './marked-text.ts';

const APP_SCHEME = /^(tg|ton|tonsite):(?:\/\/)?/i;
/** Ids of users are numbers in JSON. */
const USER_ID_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The entity of a link that markup gives: a mention for `tg://user?id=`, else a link.
 * @returns undefined for a text that is no link, which the official server leaves without an entity
 */
export function linkEntity(span: Span, link: string): tl.MessageEntity | undefined {
  const userId = parseInteger(tgParameters(link, 'user', { lower: true })?.get('id') ?? '', 64);
  if (userId !== undefined && userId > 0n && userId <= USER_ID_MAX) return mentionEntity(span, userId);
  // A longer one would be refused. Where a label is its own link, labels in labels would also take time without this bound.
  if (link.length > URL_MAX) return undefined;
  const url = checkLink(link);
  return url instanceof UrlProblem ? undefined : { _: 'messageEntityTextUrl', ...span, url };
}

/**
 * A mention of a user of whom nothing but the id is known. With this constructor a user whom the bot may not mention stays plain text, as on
 * the official server; with `inputMessageEntityMentionName` the whole message would be refused.
 */
export function mentionEntity(span: Span, userId: bigint): tl.messageEntityMentionName {
  return { _: 'messageEntityMentionName', ...span, user_id: userId };
}

/** The entity that a link `tg://emoji?id=` or `tg://time?unix=` stands for; undefined if it is neither. */
export function emojiOrDateEntity(span: Span, link: string): tl.MessageEntity | undefined {
  const emojiId = parseEmojiId(tgParameters(link, 'emoji')?.get('id') ?? '');
  if (emojiId !== undefined) return { _: 'messageEntityCustomEmoji', ...span, document_id: emojiId };
  const parameters = tgParameters(link, 'time');
  const date = parseInteger(parameters?.get('unix') ?? '', 32);
  const flags = parseDateFormat(parameters?.get('format') ?? '', 'short');
  if (date === undefined || date <= 0n || flags === undefined) return undefined;
  return { _: 'messageEntityFormattedDate', ...flags, ...span, date: Number(date) };
}

/** The id of a custom emoji; undefined if it is none. */
export function parseEmojiId(text: string): bigint | undefined {
  const id = parseInteger(text, 64);
  return id === 0n ? undefined : id;
}

/** An integer written in the only way: no plus sign, no zeros before it; undefined for anything else. */
export function parseInteger(text: string, bits: 32 | 64): bigint | undefined {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

/** Checks a link and completes it as the official server does: a missing `http://` and the slash after the host are added. */
export function checkLink(link: string): string | UrlProblem {
  const [prefix, name] = APP_SCHEME.exec(link) ?? ['', ''];
  const rest = link.slice(prefix.length);
  const url = parseHttpUrl(rest);
  if (url instanceof UrlProblem) return url;
  if (name === undefined || name === '') {
    return url.host.includes('.') || url.isIpv6 ? formatHttpUrl(url) : new UrlProblem('Wrong HTTP URL');
  }
  return appLink(asciiLower(name), rest, url);
}

function appLink(scheme: string, rest: string, url: HttpUrl): string | UrlProblem {
  if (/^http:\/\//i.test(rest) || url.protocol === 'https' || url.userInfo !== '' || url.port !== 0 || url.isIpv6) {
    return new UrlProblem(scheme === 'tg' ? 'Wrong tg URL' : 'Wrong ton URL');
  }
  if (!(scheme === 'tonsite' ? /^[\w.-]*$/ : /^[\w-]*$/).test(url.host)) return new UrlProblem('Unallowed characters in URL host');
  return `${scheme}://${url.host}${url.rest.startsWith('/?') ? url.rest.slice(1) : url.rest}`;
}

/** The parameters of a link `tg://HOST?…`, the first of each name but for `unix` and `format`; undefined if it is another link. */
function tgParameters(link: string, host: string, { lower = false } = {}): ReadonlyMap<string, string> | undefined {
  const match = /^tg:(?:\/\/)?([a-z]+)\/?\?([^#]*)/i.exec(link);
  if (match === null || asciiLower(match[1]!) !== host) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of (lower ? asciiLower(match[2]!) : match[2]!).split('&')) {
    const equals = parameter.indexOf('=');
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    if (!parameters.has(name) || host === 'time') parameters.set(name, equals < 0 ? '' : parameter.slice(equals + 1));
  }
  return parameters;
}
