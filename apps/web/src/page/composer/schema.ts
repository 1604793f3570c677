import { Schema } from 'prosemirror-model';

let lastKey = 0;

/** A key that no other custom emoji of this page has. */
export const nextEmojiKey = (): number => ++lastKey;

const DOCUMENT_ID = /^\d{1,19}$/;

function isDocumentId(value: unknown): void {
  if (typeof value !== 'string' || !DOCUMENT_ID.test(value)) throw new RangeError('no id of a document');
}

/** Reads a custom emoji that is pasted. Pure but for its key. */
const readEmoji = (id = ''): { emoji: string; key: number } | false => DOCUMENT_ID.test(id) && { emoji: id, key: nextEmojiKey() };

/** What a message can contain: lines, blocks of code and quotes, and formats within them. Everything pasted goes through it. */
export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'inline*', parseDOM: [{ tag: 'p' }, { tag: 'div' }, { tag: 'li' }], toDOM: () => ['p', 0] },
    /** Very many plain lines, as one text with line feeds: a paragraph for each would take a browser seconds. */
    lines: { group: 'block', content: 'inline*', whitespace: 'pre', parseDOM: [{ tag: 'p.lines', preserveWhitespace: 'full', priority: 60 }], toDOM: () => ['p', { class: 'lines' }, 0] },
    blockquote: {
      group: 'block',
      content: 'inline*',
      attrs: { isCollapsed: { default: false, validate: 'boolean' } },
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: () => ['blockquote', 0],
    },
    code: {
      group: 'block',
      content: 'text*',
      marks: '',
      code: true,
      attrs: { language: { default: '', validate: 'string' } },
      parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
      toDOM: () => ['pre', 0],
    },
    text: { group: 'inline' },
    hardBreak: { group: 'inline', inline: true, selectable: false, linebreakReplacement: true, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
  },
  marks: {
    bold: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }, { style: 'font-weight=bold' }], toDOM: () => ['strong', 0] },
    italic: { parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }], toDOM: () => ['em', 0] },
    underline: { parseDOM: [{ tag: 'u' }], toDOM: () => ['u', 0] },
    strike: { parseDOM: [{ tag: 's' }, { tag: 'del' }], toDOM: () => ['s', 0] },
    spoiler: { parseDOM: [{ tag: 'span.spoiler' }], toDOM: () => ['span', { class: 'spoiler is-shown' }, 0] },
    inlineCode: { excludes: '_', parseDOM: [{ tag: 'code' }], toDOM: () => ['code', 0] },
    link: {
      attrs: { url: { validate: 'string' } },
      inclusive: false,
      parseDOM: [{ tag: 'a[href^="http"]', getAttrs: (element) => ({ url: element.getAttribute('href') ?? '' }) }],
      toDOM: ({ attrs }) => ['a', { href: attrs.url as string, rel: 'noopener noreferrer' }, 0],
    },
    /** An emoji with a drawing in its place. The key keeps two that follow each other apart. */
    customEmoji: {
      attrs: { emoji: { validate: isDocumentId }, key: { validate: 'number' } },
      inclusive: false,
      parseDOM: [{ tag: 'span[data-emoji]', getAttrs: (element) => readEmoji(element.dataset['emoji']) }],
      toDOM: ({ attrs }) => ['span', { class: 'custom-emoji', 'data-emoji': attrs.emoji as string }, 0],
    },
    mention: { attrs: { user: { validate: 'number' } }, inclusive: false, toDOM: () => ['span', { class: 'mention' }, 0] },
  },
});

/** Formats within a line. */
export type MarkName = 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler' | 'inlineCode' | 'link';
/** Formats of whole lines. */
export type BlockName = 'blockquote' | 'code';
