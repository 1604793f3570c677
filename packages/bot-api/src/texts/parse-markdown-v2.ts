import type { tl } from '@aerogram/tl';

import { emojiOrDateEntity, linkEntity } from './links.ts';
import { byteOffset, codeBlock, type MarkedText, markupError, sortEntities, type Span } from './marked-text.ts';
import { takeCodeHead } from './parse-markdown.ts';

/** What is open; errors use these names. */
type Kind = 'Bold' | 'Italic' | 'Underline' | 'Strikethrough' | 'Spoiler' | 'Code' | 'Pre' | 'PreCode' | 'TextUrl' | 'CustomEmoji' | 'BlockQuote';

interface OpenEntity {
  kind: Kind;
  /** Where it begins in the source. */
  begin: number;
  /** Where its content begins in the text. */
  offset: number;
  /** Of a block of code. */
  language: string;
}

/** The mark that ends an entity. An underscore alone ends italics only if no second one follows. */
const END_MARKS: Readonly<Record<Exclude<Kind, 'BlockQuote'>, string>> = {
  Bold: '*',
  Italic: '_',
  Underline: '__',
  Strikethrough: '~',
  Spoiler: '||',
  Code: '`',
  Pre: '```',
  PreCode: '```',
  TextUrl: ']',
  CustomEmoji: ']',
};
/** The marks that begin an entity, a longer one before those that it begins with. */
const START_MARKS: readonly (readonly [string, Kind])[] = [
  ['__', 'Underline'],
  ['_', 'Italic'],
  ['*', 'Bold'],
  ['~', 'Strikethrough'],
  ['||', 'Spoiler'],
  ['![', 'CustomEmoji'],
  ['[', 'TextUrl'],
  ['```', 'Pre'],
  ['`', 'Code'],
];
const PLAIN = /[^\\_*[\]()~`>#+\-=|{}.!\n]+/y;
const PLAIN_IN_CODE = /[^\\`]+/y;
/** A backslash before anything but ASCII is an ordinary character. */
// oxlint-disable-next-line no-control-regex -- a line break may be escaped too
const ESCAPE = /\\([\x01-\x7e])/y;
const PLAIN_IN_URL = /[^\\)]+/y;

/**
 * Parses a text in the MarkdownV2 style of the Bot API. It takes linear time and does not recurse.
 * @throws BotError 400 with the texts of the official server
 */
export function parseMarkdownV2(source: string): MarkedText {
  return new MarkdownParser(source).parse();
}

class MarkdownParser {
  readonly #source: string;
  /** What is open, the innermost last. At most one of them is a quote. */
  readonly #open: OpenEntity[] = [];
  readonly #entities: tl.MessageEntity[] = [];
  #at = 0;
  #text = '';
  #isInQuote = false;
  /** Whether only marks stand between here and the start of the line. */
  #isLineStart = true;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): MarkedText {
    while (this.#at < this.#source.length) {
      this.#takePlain();
      if (this.#at < this.#source.length && !this.#takeEscape()) this.#takeMark();
    }
    this.#endLastQuote();
    const last = this.#open.at(-1);
    if (last !== undefined) throw this.#unended(last);
    return { text: this.#text, entities: sortEntities(this.#entities) };
  }

  #isInCode(): boolean {
    const kind = this.#open.at(-1)?.kind;
    return kind === 'Code' || kind === 'Pre' || kind === 'PreCode';
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #takePlain(): void {
    const plain = this.#match(this.#isInCode() ? PLAIN_IN_CODE : PLAIN)?.[0] ?? '';
    this.#append(plain);
  }

  #takeEscape(): boolean {
    if (this.#source[this.#at] !== '\\') return false;
    const escaped = this.#match(ESCAPE)?.[1];
    if (escaped === undefined) this.#at++;
    this.#append(escaped ?? '\\');
    if (escaped === '\n') this.#isLineStart = true;
    return true;
  }

  #append(plain: string): void {
    this.#text += plain;
    if (/[^\r]/.test(plain)) this.#isLineStart = false;
  }

  #takeMark(): void {
    const last = this.#open.at(-1);
    const isLineBreak = this.#source[this.#at] === '\n';
    if (isLineBreak && this.#isInQuote && this.#source[this.#at + 1] !== '>') return this.#endQuote();
    if (last !== undefined && this.#isAtEndOf(last)) return this.#end(last);
    if (isLineBreak) {
      this.#at++;
      this.#text += '\n';
      this.#isLineStart = true;
      return;
    }
    this.#begin();
  }

  #isAtEndOf({ kind }: OpenEntity): boolean {
    if (kind === 'BlockQuote') return false;
    return this.#source.startsWith(END_MARKS[kind], this.#at) && !(kind === 'Italic' && this.#source[this.#at + 1] === '_');
  }

  #begin(): void {
    const begin = this.#at;
    const mark = this.#source[begin]!;
    if (mark === '>' && this.#isLineStart) {
      this.#at++;
      if (!this.#isInQuote) this.#push('BlockQuote', begin);
      this.#isInQuote = true;
      return;
    }
    const start = START_MARKS.find(([text]) => this.#source.startsWith(text, begin));
    if (start === undefined) throw markupError(`Character '${mark}' is reserved and must be escaped with the preceding '\\'`);
    const [text, kind] = start;
    this.#at += text.length;
    if (kind !== 'Pre') return this.#push(kind, begin);
    const { language, end } = takeCodeHead(this.#source, this.#at);
    this.#at = end;
    this.#push(language === '' ? 'Pre' : 'PreCode', begin, language);
  }

  #push(kind: Kind, begin: number, language = ''): void {
    this.#open.push({ kind, begin, offset: this.#text.length, language });
  }

  /** Ends the innermost entity at its mark. */
  #end(entity: OpenEntity): void {
    const { kind, offset } = entity;
    this.#open.pop();
    const span = { offset, length: this.#text.length - offset };
    if (kind === 'CustomEmoji') return this.#endEmoji(span);
    if (kind === 'TextUrl') {
      this.#at++;
      const url = this.#takeUrl() ?? this.#text.slice(offset);
      return this.#add(span.length === 0 ? undefined : linkEntity(span, url));
    }
    this.#at += END_MARKS[kind as keyof typeof END_MARKS].length;
    this.#add(styleEntity(entity, span));
  }

  #endEmoji(span: Span): void {
    this.#at++;
    const url = this.#takeUrl();
    if (url === undefined) throw markupError('The entity must contain a tg://emoji or tg://time URL');
    const entity = emojiOrDateEntity(span, url);
    if (entity === undefined) throw markupError('Invalid tg://emoji or tg://time URL specified');
    this.#add(entity);
  }

  /** Moves past a URL in round brackets and returns it; undefined if none is here. */
  #takeUrl(): string | undefined {
    if (this.#source[this.#at] !== '(') return undefined;
    const begin = ++this.#at;
    let url = '';
    while (this.#source[this.#at] !== ')') {
      if (this.#at >= this.#source.length) throw markupError(`Can't find end of a URL at byte offset ${byteOffset(this.#source, begin)}`);
      const escaped = this.#match(ESCAPE)?.[1];
      url += escaped ?? this.#match(PLAIN_IN_URL)?.[0] ?? this.#source[this.#at++]!;
    }
    this.#at++;
    return url;
  }

  /** Ends the quote at the end of its last line, which belongs to it. A spoiler that begins there marks the quote as one that opens on a tap. */
  #endQuote(): void {
    const last = this.#open.at(-1)!;
    const isMark = last.kind === 'Spoiler' && /^\|\|\r?$/.test(this.#source.slice(last.begin, this.#at));
    if (isMark) this.#open.pop();
    const quote = this.#open.pop()!;
    if (quote.kind !== 'BlockQuote') throw this.#unended(quote);
    this.#at++;
    this.#text += '\n';
    this.#isLineStart = true;
    this.#isInQuote = false;
    this.#addQuote(quote, isMark);
  }

  /** Ends the quote that lasts to the end of the text. */
  #endLastQuote(): void {
    if (!this.#isInQuote) return;
    const last = this.#open.at(-1)!;
    const isMark = last.kind === 'Spoiler' && last.begin === this.#source.length - '||'.length;
    if (isMark) this.#open.pop();
    if (this.#open.at(-1)?.kind === 'BlockQuote') this.#addQuote(this.#open.pop()!, isMark);
  }

  #addQuote({ offset }: OpenEntity, isExpandable: boolean): void {
    this.#add({ _: 'messageEntityBlockquote', ...(isExpandable && { collapsed: true }), offset, length: this.#text.length - offset });
  }

  #add(entity: tl.MessageEntity | undefined): void {
    if (entity !== undefined && entity.length > 0) this.#entities.push(entity);
  }

  #unended({ kind, begin }: OpenEntity): Error {
    return markupError(`Can't find end of ${kind} entity at byte offset ${byteOffset(this.#source, begin)}`);
  }
}

function styleEntity({ kind, language }: OpenEntity, span: Span): tl.MessageEntity | undefined {
  switch (kind) {
    case 'Bold':
      return { _: 'messageEntityBold', ...span };
    case 'Italic':
      return { _: 'messageEntityItalic', ...span };
    case 'Underline':
      return { _: 'messageEntityUnderline', ...span };
    case 'Strikethrough':
      return { _: 'messageEntityStrike', ...span };
    case 'Spoiler':
      return { _: 'messageEntitySpoiler', ...span };
    case 'Code':
      return { _: 'messageEntityCode', ...span };
    case 'Pre':
    case 'PreCode':
      return codeBlock(span, language);
    case 'TextUrl':
    case 'CustomEmoji':
    case 'BlockQuote':
      return undefined;
  }
}
