import type { EntityKind, FormattedText, TextEntity } from '../../protocol/index.ts';
import { safeTarget } from '../parts/safe-target.ts';

/** Marks that stand before and after a part of a line. */
const MARKS = [['**', 'bold'], ['__', 'italic'], ['~~', 'strike'], ['||', 'spoiler']] as const satisfies readonly (readonly [string, EntityKind])[];

const PRE = /```(?:([\w+#-]{1,32})\n)?\n?([\s\S]+?)\n?```/g;
const CODE = /`([^`\n]+)`/g;
const LINK = /\[([^[\]\n]+)\]\(([^\s()]{1,2048})\)/g;
const ADDRESS = /\b(?:https?:\/\/|www\.)\S+/g;
/** A target is a whole address, or has at least the dot of a host: otherwise brackets are brackets. */
const TARGET = /^[a-z]+:\S|\S\.\S/i;
/** Kinds in which marks are no marks. */
const LITERAL: ReadonlySet<EntityKind> = new Set(['code', 'pre', 'url', 'link', 'email', 'customEmoji']);

interface Span {
  from: number;
  to: number;
}

const overlaps = (first: Span, second: Span): boolean => first.from < second.to && first.to > second.from;

/** Finds what Markdown marks, in the offsets of the text with its marks. */
class MarkdownReader {
  readonly found: TextEntity[] = [];
  /** The marks, which are no part of the text that is sent. */
  readonly marks: Span[] = [];
  readonly #text: string;
  /** Where marks are text. */
  readonly #literal: Span[];

  constructor({ text, entities }: FormattedText) {
    this.#text = text;
    this.#literal = entities.filter(({ kind }) => LITERAL.has(kind)).map(({ offset, length }) => ({ from: offset, to: offset + length }));
  }

  read(): void {
    for (const match of this.#matches(PRE)) {
      const [whole, language, body] = match;
      if (body!.trim() === '') continue;
      const start = match.index + whole.indexOf(body!, 3 + (language === undefined ? 0 : language.length + 1));
      this.#take('pre', match, { from: start, to: start + body!.length }, language === undefined ? {} : { language });
    }
    for (const match of this.#matches(CODE)) if (match[1]!.trim() !== '') this.#take('code', match, { from: match.index + 1, to: match.index + match[0].length - 1 });
    // Marks around a link are marks, so only its address is literal.
    for (const match of this.#matches(LINK)) {
      const [, body, typed] = match;
      const url = TARGET.test(typed!) ? safeTarget({ kind: 'link', offset: 0, length: 0, url: typed! }, '') : undefined;
      if (url === undefined) continue;
      const inside = { from: match.index + 1, to: match.index + 1 + body!.length };
      this.#mark('link', { from: match.index, to: match.index + match[0].length }, inside, { url });
      this.#literal.push({ from: inside.to, to: match.index + match[0].length });
    }
    for (const match of this.#matches(ADDRESS)) this.#literal.push({ from: match.index, to: match.index + match[0].length });
    for (const [mark, kind] of MARKS) this.#readMarks(mark, kind);
  }

  #isFree(span: Span): boolean {
    return !this.#literal.some((taken) => overlaps(taken, span));
  }

  *#matches(pattern: RegExp): Generator<RegExpExecArray> {
    for (const match of this.#text.matchAll(pattern)) if (this.#isFree({ from: match.index, to: match.index + match[0].length })) yield match;
  }

  /** Takes a part whose content is literal. */
  #take(kind: EntityKind, match: RegExpExecArray, inside: Span, more: Partial<TextEntity> = {}): void {
    const whole = { from: match.index, to: match.index + match[0].length };
    this.#mark(kind, whole, inside, more);
    this.#literal.push(whole);
  }

  #mark(kind: EntityKind, whole: Span, inside: Span, more: Partial<TextEntity> = {}): void {
    this.marks.push({ from: whole.from, to: inside.from }, { from: inside.to, to: whole.to });
    this.found.push({ kind, offset: inside.from, length: inside.to - inside.from, ...more });
  }

  /** A mark opens where something follows it, and closes where something comes before it, in the same line. */
  #readMarks(mark: string, kind: EntityKind): void {
    const { length } = mark;
    for (let at = this.#text.indexOf(mark); at !== -1; ) {
      const end = this.#text.indexOf(mark, at + length);
      if (end === -1) return;
      const body = this.#text.slice(at + length, end);
      const isPair = body !== '' && body.trim() === body && !body.includes('\n') && this.#isFree({ from: at, to: at + length }) && this.#isFree({ from: end, to: end + length });
      if (isPair) this.#mark(kind, { from: at, to: end + length }, { from: at + length, to: end });
      at = this.#text.indexOf(mark, isPair ? end + length : at + 1);
    }
  }
}

/**
 * Makes formats of Markdown as people type it: `**bold**`, `__italic__`, `~~struck~~`, `||hidden||`, `` `code` ``, code of several lines between three backticks, and a text in brackets with an address behind it.
 * Formats that the text has already stay. Pure.
 */
export function readMarkdown(written: FormattedText): FormattedText {
  const reader = new MarkdownReader(written);
  reader.read();
  if (reader.found.length === 0) return written;
  const marks = reader.marks.sort((first, second) => first.from - second.from);
  let text = '';
  let end = 0;
  for (const { from, to } of marks) {
    text += written.text.slice(end, from);
    end = Math.max(end, to);
  }
  text += written.text.slice(end);
  const placeOf = (offset: number): number => offset - marks.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(offset, to) - from), 0);
  const entities = [...written.entities, ...reader.found].flatMap((entity): TextEntity[] => {
    const offset = placeOf(entity.offset);
    const length = placeOf(entity.offset + entity.length) - offset;
    return length === 0 ? [] : [{ ...entity, offset, length }];
  });
  return { text, entities: entities.sort((first, second) => first.offset - second.offset || second.length - first.length) };
}
