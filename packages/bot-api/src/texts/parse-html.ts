import type { tl } from '@aerogram/tl';

import { parseDateFormat } from './date-format.ts';
import { linkEntity, parseEmojiId } from './links.ts';
import { asciiLower, byteOffset, codeBlock, type MarkedText, markupError, sortEntities, type Span } from './marked-text.ts';

/** A tag that is open. */
interface OpenTag {
  name: string;
  /** What its attributes say, such as the link of `a`; '' if nothing. */
  argument: string;
  /** The date of `tg-time`. */
  date: number;
  /** Where its content begins in the text. */
  offset: number;
}

type Simple = 'messageEntityBold' | 'messageEntityItalic' | 'messageEntityUnderline' | 'messageEntityStrike' | 'messageEntitySpoiler';

/** Tags without attributes that matter. */
const SIMPLE_TAGS: ReadonlyMap<string, Simple> = new Map([
  ['b', 'messageEntityBold'],
  ['strong', 'messageEntityBold'],
  ['i', 'messageEntityItalic'],
  ['em', 'messageEntityItalic'],
  ['u', 'messageEntityUnderline'],
  ['ins', 'messageEntityUnderline'],
  ['s', 'messageEntityStrike'],
  ['strike', 'messageEntityStrike'],
  ['del', 'messageEntityStrike'],
  ['tg-spoiler', 'messageEntitySpoiler'],
  ['span', 'messageEntitySpoiler'],
]);
const OTHER_TAGS: ReadonlySet<string> = new Set(['a', 'pre', 'code', 'blockquote', 'tg-emoji', 'tg-time']);

const NAMED = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"']]);
/** With its `&#` or `&#x`, a number has at most nine characters. */
const REFERENCE = /&(?:#x(?<hex>[0-9A-Fa-f]{1,6})(?![0-9A-Fa-f])|#(?<decimal>\d{1,7})(?!\d)|(?<name>[A-Za-z]+));?/y;

const CODE_POINT_END = 0x10ffff;

const PLAIN = /[^&<]+/y;
const SPACE = /[ \t\r\n\v\0]*/y;
const TAG_NAME = /[^ \t\r\n\v\0>]*/y;
const ATTRIBUTE_NAME = /[^ \t\r\n\v\0=>/"']*/y;
const NAME_TOKEN = /[A-Za-z0-9.-]*/y;
const QUOTED = { '"': /[^"&]+/y, "'": /[^'&]+/y };
const ENDS_NAME_TOKEN = ' \t\r\n\v\0>';

/**
 * Parses a text in the HTML style of the Bot API. It takes linear time and does not recurse.
 * @throws BotError 400 with the texts of the official server
 */
export function parseHtml(source: string): MarkedText {
  return new HtmlParser(source).parse();
}

class HtmlParser {
  readonly #source: string;
  readonly #open: OpenTag[] = [];
  readonly #entities: tl.MessageEntity[] = [];
  /** The languages of `code`, which count only if a `pre` has the same content. */
  readonly #languages = new Map<tl.MessageEntity, string>();
  #at = 0;
  #text = '';
  #hasSurrogates = false;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): MarkedText {
    while (this.#at < this.#source.length) {
      this.#text += this.#take(PLAIN);
      const character = this.#source[this.#at];
      if (character === '&') this.#text += this.#takeReference();
      else if (character === '<') this.#takeTag();
    }
    const last = this.#open.at(-1);
    if (last !== undefined) throw markupError(`Can't find end tag corresponding to start tag "${last.name}"`);
    if (this.#hasSurrogates) {
      throw markupError('Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units');
    }
    return { text: this.#text, entities: sortEntities(this.#entities) };
  }

  /** Moves past what the pattern matches here, and returns it; '' if it does not match. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return '';
    this.#at += match[0].length;
    return match[0];
  }

  /** Moves past a character reference and returns what it stands for. An `&` that begins none stands for itself. */
  #takeReference(): string {
    REFERENCE.lastIndex = this.#at;
    const match = REFERENCE.exec(this.#source);
    const character = match === null ? undefined : this.#decode(match.groups as { hex?: string; decimal?: string; name?: string });
    this.#at += character === undefined ? 1 : match![0].length;
    return character ?? '&';
  }

  #decode({ hex, decimal, name }: { hex?: string; decimal?: string; name?: string }): string | undefined {
    if (name !== undefined) return NAMED.get(name);
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (code === 0 || code >= CODE_POINT_END) return undefined;
    if (code >= 0xd800 && code <= 0xdfff) this.#hasSurrogates = true;
    return String.fromCodePoint(code);
  }

  #takeTag(): void {
    const begin = this.#at++;
    if (this.#source[this.#at] !== '/') return this.#takeStartTag(begin);
    this.#at++;
    this.#takeEndTag(begin);
  }

  #takeStartTag(begin: number): void {
    const place = (): number => byteOffset(this.#source, begin);
    const name = asciiLower(this.#take(TAG_NAME));
    if (this.#isAtEnd()) throw markupError(`Unclosed start tag at byte offset ${place()}`);
    if (!SIMPLE_TAGS.has(name) && !OTHER_TAGS.has(name)) throw markupError(`Unsupported start tag "${name}" at byte offset ${place()}`);
    const tag: OpenTag = { name, argument: '', date: 0, offset: this.#text.length };
    for (;;) {
      this.#take(SPACE);
      if (this.#source[this.#at] === '>') break;
      const attribute = this.#take(ATTRIBUTE_NAME);
      if (attribute === '') throw markupError(`Empty attribute name in the tag "${name}" at byte offset ${place()}`);
      this.#take(SPACE);
      const hasValue = this.#source[this.#at] === '=';
      if (hasValue) {
        this.#at++;
        this.#take(SPACE);
      }
      if (this.#isAtEnd()) throw markupError(`Unclosed start tag "${name}" at byte offset ${place()}`);
      const value = hasValue ? this.#takeValue() : '';
      if (this.#isAtEnd()) throw markupError(`Unclosed start tag at byte offset ${place()}`);
      if (hasValue || name === 'blockquote') noteAttribute(tag, attribute, value);
    }
    this.#at++;
    if (name === 'span' && tag.argument !== 'spoiler') throw markupError(`Tag "span" must have class "tg-spoiler" at byte offset ${place()}`);
    this.#open.push(tag);
  }

  /** Moves past the value of an attribute: a text in quotes, or a name in any case. */
  #takeValue(): string {
    const quote = this.#source[this.#at];
    if (quote !== '"' && quote !== "'") {
      const begin = this.#at;
      const token = this.#take(NAME_TOKEN);
      if (!this.#isAtEnd() && !ENDS_NAME_TOKEN.includes(this.#source[this.#at]!)) {
        throw markupError(`Unexpected end of name token at byte offset ${byteOffset(this.#source, begin)}`);
      }
      return asciiLower(token);
    }
    this.#at++;
    const hadSurrogates = this.#hasSurrogates;
    let value = '';
    while (!this.#isAtEnd() && this.#source[this.#at] !== quote) value += this.#source[this.#at] === '&' ? this.#takeReference() : this.#take(QUOTED[quote]);
    if (!this.#isAtEnd()) this.#at++;
    // Only those in the text itself are refused.
    this.#hasSurrogates = hadSurrogates;
    return value;
  }

  #takeEndTag(begin: number): void {
    const place = (): number => byteOffset(this.#source, begin);
    const tag = this.#open.pop();
    if (tag === undefined) throw markupError(`Unexpected end tag at byte offset ${place()}`);
    const name = asciiLower(this.#take(TAG_NAME));
    this.#take(SPACE);
    if (this.#source[this.#at] !== '>') throw markupError(`Unclosed end tag at byte offset ${place()}`);
    this.#at++;
    if (name !== '' && name !== tag.name) {
      throw markupError(`Unmatched end tag at byte offset ${place()}, expected "</${tag.name}>", found "</${name}>"`);
    }
    const { offset } = tag;
    const length = this.#text.length - offset;
    if (length > 0) this.#close(tag, { offset, length });
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Adds the entity of a tag that has content. */
  #close({ name, argument, date }: OpenTag, span: Span): void {
    const simple = SIMPLE_TAGS.get(name);
    if (simple !== undefined) return this.#add({ _: simple, ...span });
    switch (name) {
      case 'a':
        return this.#add(linkEntity(span, argument === '' ? this.#text.slice(span.offset) : argument));
      case 'blockquote':
        return this.#add({ _: 'messageEntityBlockquote', ...(argument !== '' && { collapsed: true }), ...span });
      case 'tg-emoji': {
        const id = parseEmojiId(argument);
        if (id === undefined) throw markupError('Invalid custom emoji identifier specified');
        return this.#add({ _: 'messageEntityCustomEmoji', ...span, document_id: id });
      }
      case 'tg-time': {
        const flags = parseDateFormat(argument, 'short');
        if (flags === undefined) throw markupError('Invalid date format used');
        return this.#add(date > 0 ? { _: 'messageEntityFormattedDate', ...flags, ...span, date } : undefined);
      }
      default:
        this.#closeCode(name, argument, span);
    }
  }

  /** Adds `pre` or `code`. Where one is all that the other contains, they are one block of code in the language that `code` names. */
  #closeCode(name: string, language: string, span: Span): void {
    const last = this.#entities.at(-1);
    const inner = last?.offset === span.offset && last.length === span.length ? last : undefined;
    const innerLanguage = inner && this.#languages.get(inner);
    if (name === 'pre') {
      if (innerLanguage !== undefined) this.#entities.pop();
      return this.#add(codeBlock(span, innerLanguage ?? ''));
    }
    if (language !== '' && inner?._ === 'messageEntityPre' && inner.language === '') {
      this.#entities.pop();
      return this.#add(codeBlock(span, language));
    }
    const code: tl.MessageEntity = { _: 'messageEntityCode', ...span };
    if (language !== '') this.#languages.set(code, language);
    this.#add(code);
  }

  #add(entity: tl.MessageEntity | undefined): void {
    if (entity !== undefined) this.#entities.push(entity);
  }
}

/** Keeps what an attribute says if it means something in its tag. */
function noteAttribute(tag: OpenTag, attribute: string, value: string): void {
  switch (`${tag.name} ${attribute}`) {
    case 'a href':
    case 'tg-emoji emoji-id':
    case 'tg-time format':
      tag.argument = value;
      break;
    case 'code class':
      if (value.startsWith('language-')) tag.argument = value.slice('language-'.length);
      break;
    case 'span class':
      if (value.startsWith('tg-')) tag.argument = value.slice('tg-'.length);
      break;
    case 'blockquote expandable':
      tag.argument = 'expandable';
      break;
    case 'tg-time unix':
      // The official server reads the number that the value begins with.
      tag.date = Number(BigInt.asIntN(32, BigInt(/^-?\d{1,19}/.exec(value)?.[0] ?? '0')));
      break;
  }
}
