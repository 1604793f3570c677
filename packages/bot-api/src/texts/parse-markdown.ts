import type { tl } from '@aerogram/tl';

import { linkEntity } from './links.ts';
import { byteOffset, codeBlock, type MarkedText, markupError, type Span } from './marked-text.ts';

const PLAIN = /[^\\_*`[]+/y;
const ESCAPABLE = '_*`[';

/**
 * Parses a text in the old Markdown style of the Bot API, in which entities are not nested. Linear time.
 * @throws BotError 400 with the text of the official server
 */
export function parseMarkdown(source: string): MarkedText {
  const entities: tl.MessageEntity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(source)?.[0] ?? '';
    text += plain;
    at += plain.length;
    const mark = source[at];
    if (mark === undefined) break;
    if (mark === '\\') {
      const next = source[at + 1];
      const isEscape = next !== undefined && ESCAPABLE.includes(next);
      text += isEscape ? next : mark;
      at += isEscape ? 2 : 1;
      continue;
    }
    const marked = takeMarked(source, at);
    const span = { offset: text.length, length: marked.content.length };
    const entity = span.length === 0 ? undefined : marked.entityOf(span);
    if (entity !== undefined) entities.push(entity);
    text += marked.content;
    at = marked.end;
  }
  return { text, entities };
}

interface Marked {
  /** What stands between the marks. */
  content: string;
  entityOf(span: Span): tl.MessageEntity | undefined;
  /** Where the source goes on. */
  end: number;
}

/** Reads what begins with a mark at a place. */
function takeMarked(source: string, begin: number): Marked {
  const contentTo = (from: number, mark: string): string => {
    const end = source.indexOf(mark, from);
    if (end < 0) throw markupError(`Can't find end of the entity starting at byte offset ${byteOffset(source, begin)}`);
    return source.slice(from, end);
  };
  const mark = source[begin]!;
  if (source.startsWith('```', begin)) {
    const { language, end: from } = takeCodeHead(source, begin + 3);
    const content = contentTo(from, '```');
    return { content, entityOf: (span) => codeBlock(span, language), end: from + content.length + 3 };
  }
  if (mark !== '[') {
    const content = contentTo(begin + 1, mark);
    const _ = mark === '*' ? 'messageEntityBold' : mark === '_' ? 'messageEntityItalic' : 'messageEntityCode';
    return { content, entityOf: (span) => ({ _, ...span }), end: begin + content.length + 2 };
  }
  const content = contentTo(begin + 1, ']');
  const end = begin + content.length + 2;
  // As on the official server, an empty label takes no link, and a link may lack its end.
  if (content === '' || source[end] !== '(') return { content, entityOf: (span) => linkEntity(span, content), end };
  const close = source.indexOf(')', end);
  const linkEnd = close < 0 ? source.length : close;
  return { content, entityOf: (span) => linkEntity(span, source.slice(end + 1, linkEnd)), end: linkEnd + 1 };
}

/**
 * Reads what follows the three backticks of a block of code: the language, if white space ends it, and one line break.
 * @returns where the code begins; `language` is '' if there is none
 */
export function takeCodeHead(source: string, from: number): { language: string; end: number } {
  const word = /[^ \t\r\n\v\0`]*/y;
  word.lastIndex = from;
  const [name] = word.exec(source)!;
  const after = source[from + name.length];
  const language = after === undefined || after === '`' ? '' : name;
  const codeOrBreak = from + language.length;
  const lineBreak = /\r\n?|\n\r?|/y;
  lineBreak.lastIndex = codeOrBreak;
  return { language, end: codeOrBreak + lineBreak.exec(source)![0].length };
}
