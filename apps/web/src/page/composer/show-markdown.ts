import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { Decoration, type DecorationAttrs, DecorationSet } from 'prosemirror-view';
import type { EntityKind } from '../../protocol/index.ts';
import { readWhole } from './document.ts';
import { findMarkdown, type Span } from './read-markdown.ts';

/** How a format that Markdown will make is shown in the field. */
const LOOKS: Partial<Record<EntityKind, DecorationAttrs>> = {
  bold: { nodeName: 'strong' },
  italic: { nodeName: 'em' },
  strike: { nodeName: 's' },
  spoiler: { class: 'spoiler is-shown' },
  code: { nodeName: 'code' },
  pre: { nodeName: 'code' },
  link: { class: 'markdown-link' },
};

const MARK: DecorationAttrs = { class: 'markdown-mark' };

/** Longer texts show their marks alone, so that each key is drawn at once. In characters. */
const SHOWN_MAX = 20_000;

const MAY_HAVE_MARKS = /[*_~|`\]]/;

/** Returns the position in a document for an offset in its text. Pure. */
function placesIn(doc: Node): (offset: number) => number {
  const blocks: { start: number; end: number; content: number }[] = [];
  let start = 0;
  doc.forEach((block, position) => {
    const end = start + block.content.size;
    blocks.push({ start, end, content: position + 1 });
    // A line feed joins it to the next one.
    start = end + 1;
  });
  return (offset) => {
    const block = blocks.find(({ end }) => offset <= end) ?? blocks.at(-1)!;
    return block.content + Math.max(0, offset - block.start);
  };
}

/** The parts of a document that Markdown gives a format, and its marks, each with how it looks. Pure. */
export function markdownParts(doc: Node): (Span & { look: DecorationAttrs })[] {
  if (doc.content.size > SHOWN_MAX || !MAY_HAVE_MARKS.test(doc.textContent)) return [];
  const { formats, marks } = findMarkdown(readWhole(doc));
  const placeOf = placesIn(doc);
  const part = ({ from, to }: Span, look: DecorationAttrs): Span & { look: DecorationAttrs } => ({ from: placeOf(from), to: placeOf(to), look });
  return [...formats.map(({ kind, offset, length }) => part({ from: offset, to: offset + length }, LOOKS[kind] ?? {})), ...marks.map((mark) => part(mark, MARK))];
}

const decorate = (doc: Node): DecorationSet => DecorationSet.create(doc, markdownParts(doc).map(({ from, to, look }) => Decoration.inline(from, to, look)));

/** Shows the formats of Markdown while it is being typed; the text stays as it is until it is sent. */
export const showMarkdown: Plugin<DecorationSet> = new Plugin<DecorationSet>({
  state: {
    init: (_, { doc }) => decorate(doc),
    apply: ({ docChanged, doc }, shown) => (docChanged ? decorate(doc) : shown),
  },
  props: { decorations: (state) => showMarkdown.getState(state) },
});
