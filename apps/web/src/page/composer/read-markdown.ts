import type { EntityKind, FormattedText, TextEntity } from '../../protocol/index.ts';
import { safeTarget } from '../parts/safe-target.ts';

/** Marks that enclose a part of a line, and the format that they give it. */
const MARKS = [['**', 'bold'], ['__', 'italic'], ['~~', 'strike'], ['||', 'spoiler']] as const satisfies readonly (readonly [string, EntityKind])[];

const PRE = /```(?:([\w+#-]{1,32})\n)?\n?([\s\S]+?)\n?```/g;
const CODE = /`([^`\n]+)`/g;
const LINK = /\[([^[\]\n]+)\]\(([^\s()]{1,2048})\)/g;
const ADDRESS = /\b(?:https?:\/\/|www\.)\S+/g;
/** What may stand in the round brackets of a link: an address with a scheme, or at least something with a dot, such as a host. */
const TARGET = /^[a-z]+:\S|\S\.\S/i;
/** Formats whose text is taken literally: marks in it stay characters. */
const LITERAL: ReadonlySet<EntityKind> = new Set(['code', 'pre', 'url', 'link', 'email', 'customEmoji']);

/** A part of a text. */
export interface Span {
  from: number;
  to: number;
}

const overlaps = (first: Span, second: Span): boolean => first.from < second.to && first.to > second.from;

/** Finds the formats in a text with Markdown. All its offsets are those of the text before the marks are removed. */
class MarkdownReader {
  readonly found: TextEntity[] = [];
  /** Where the marks themselves stand, such as `**` and brackets. They are removed from the text that is sent. */
  readonly marks: Span[] = [];
  readonly #text: string;
  /** Parts that are taken literally: code, addresses, and what has such a format already. */
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
    // A link may be bold, so only its address is literal and not its text.
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

  /** Notes a format whose content is taken literally. */
  #take(kind: EntityKind, match: RegExpExecArray, inside: Span, more: Partial<TextEntity> = {}): void {
    const whole = { from: match.index, to: match.index + match[0].length };
    this.#mark(kind, whole, inside, more);
    this.#literal.push(whole);
  }

  #mark(kind: EntityKind, whole: Span, inside: Span, more: Partial<TextEntity> = {}): void {
    this.marks.push({ from: whole.from, to: inside.from }, { from: inside.to, to: whole.to });
    this.found.push({ kind, offset: inside.from, length: inside.to - inside.from, ...more });
  }

  /** Finds pairs of a mark in one line, with no space next to the mark inside of the pair: `**a**`, but not `** a **`. */
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

/** What Markdown makes of a text: its formats, and where the marks stand that are removed. All offsets are those of the text with its marks. Pure. */
export function findMarkdown(written: FormattedText): { formats: readonly TextEntity[]; marks: readonly Span[] } {
  const reader = new MarkdownReader(written);
  reader.read();
  return { formats: reader.found, marks: reader.marks };
}

/**
 * Makes formats of Markdown as people type it: `**bold**`, `__italic__`, `~~struck~~`, `||hidden||`, `` `code` ``, code of several lines between three backticks, and a text in brackets with an address behind it.
 * Formats that the text has already stay. Pure.
 */
export function readMarkdown(written: FormattedText): FormattedText {
  const found = findMarkdown(written);
  if (found.formats.length === 0) return written;
  const marks = found.marks.toSorted((first, second) => first.from - second.from);
  let text = '';
  let end = 0;
  for (const { from, to } of marks) {
    text += written.text.slice(end, from);
    end = Math.max(end, to);
  }
  text += written.text.slice(end);
  const placeOf = (offset: number): number => offset - marks.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(offset, to) - from), 0);
  const entities = [...written.entities, ...found.formats].flatMap((entity): TextEntity[] => {
    const offset = placeOf(entity.offset);
    const length = placeOf(entity.offset + entity.length) - offset;
    return length === 0 ? [] : [{ ...entity, offset, length }];
  });
  return { text, entities: entities.sort((first, second) => first.offset - second.offset || second.length - first.length) };
}
