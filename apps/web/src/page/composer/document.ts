import type { Mark, Node } from 'prosemirror-model';
import type { EntityKind, FormattedText, TextEntity } from '../../protocol/index.ts';
import { schema } from './schema.ts';

const KINDS: Record<string, EntityKind> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strike',
  spoiler: 'spoiler',
  inlineCode: 'code',
  link: 'link',
  mention: 'userMention',
};
const BLOCKS: Record<string, EntityKind> = { blockquote: 'blockquote', code: 'pre' };

/** Reads what was written: lines joined by line feeds, and the formats of their parts, without space around the whole. Pure. */
export function readDocument(doc: Node): FormattedText {
  let text = '';
  const entities: TextEntity[] = [];
  const addMark = (mark: Mark, offset: number, length: number): void => {
    const kind = KINDS[mark.type.name]!;
    const last = entities.findLast((entity) => entity.kind === kind && entity.url === mark.attrs.url && entity.user === mark.attrs.user);
    // Parts of one format that touch are one entity.
    if (last && last.offset + last.length === offset) last.length += length;
    else entities.push({ kind, offset, length, ...(mark.attrs as { url?: string; user?: number }) });
  };
  doc.forEach((block, _, index) => {
    if (index > 0) text += '\n';
    const start = text.length;
    block.forEach((node) => {
      const part = node.isText ? node.text! : '\n';
      for (const mark of node.marks) addMark(mark, text.length, part.length);
      text += part;
    });
    const kind = BLOCKS[block.type.name];
    if (kind && text.length > start) entities.push({ kind, offset: start, length: text.length - start });
  });
  return trimText({ text, entities });
}

/** Takes space away from both ends, and from entities what lies in it. Pure. */
function trimText({ text, entities }: FormattedText): FormattedText {
  const trimmed = text.trim();
  const before = text.length - text.trimStart().length;
  return {
    text: trimmed,
    entities: entities
      .map((entity) => {
        const start = Math.max(entity.offset, before) - before;
        const end = Math.min(entity.offset + entity.length - before, trimmed.length);
        return { ...entity, offset: start, length: end - start };
      })
      .filter(({ length }) => length > 0)
      .sort((first, second) => first.offset - second.offset || second.length - first.length),
  };
}

/** Makes a document of a formatted text, for drafts and edits. Pure. */
export function writeDocument({ text, entities }: FormattedText): Node {
  const blocks = entities.filter(({ kind }) => kind === 'pre' || kind === 'blockquote');
  const names = new Map(Object.entries(KINDS).map(([name, kind]) => [kind, name]));
  const marksAt = (at: number): Mark[] =>
    entities.flatMap(({ kind, offset, length, url, user }) => {
      const type = schema.marks[names.get(kind) ?? ''];
      return type && offset <= at && at < offset + length ? [type.create({ url, user })] : [];
    });
  let at = 0;
  const lines = text.split('\n').map((line) => {
    const start = at;
    at += line.length + 1;
    const block = blocks.find(({ offset, length }) => offset <= start && start < offset + length);
    if (block?.kind === 'pre') return schema.nodes.code.create(null, line === '' ? [] : [schema.text(line)]);
    const cuts = [0, ...entities.flatMap(({ offset, length }) => [offset - start, offset + length - start]), line.length].filter((cut) => cut >= 0 && cut <= line.length);
    const bounds = [...new Set(cuts)].sort((first, second) => first - second);
    const parts = bounds.slice(1).map((end, index) => schema.text(line.slice(bounds[index], end), marksAt(start + bounds[index]!)));
    return schema.nodes[block ? 'blockquote' : 'paragraph'].create(null, parts);
  });
  return schema.nodes.doc.create(null, lines);
}
