import type { Mark, Node } from 'prosemirror-model';
import type { EntityKind, FormattedText, TextEntity } from '../../protocol/index.ts';
import { nextEmojiKey, schema } from './schema.ts';

const KINDS: Record<string, EntityKind> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strike',
  spoiler: 'spoiler',
  inlineCode: 'code',
  link: 'link',
  mention: 'userMention',
  customEmoji: 'customEmoji',
};
const BLOCKS: Record<string, EntityKind> = { blockquote: 'blockquote', code: 'pre' };

type Written = Omit<TextEntity, 'offset' | 'length'>;

/** Collects entities. Parts of one format that touch become one entity. */
class Entities {
  readonly list: TextEntity[] = [];

  /** @param gap characters that may stand between two parts of one entity */
  add(written: Written, { offset, length, gap = 0 }: { offset: number; length: number; gap?: number }): void {
    const { kind, url, user, language, isCollapsed } = written;
    // Two custom emoji that follow each other stay two.
    const last = kind === 'customEmoji' ? undefined : this.list.findLast((entity) => entity.kind === kind);
    const isSame = last?.url === url && last?.user === user && last?.language === language && last?.isCollapsed === isCollapsed;
    if (last && isSame && last.offset + last.length + gap === offset) last.length += gap + length;
    else this.list.push({ ...written, offset, length });
  }
}

function ofMark({ type, attrs }: Mark): Written {
  const { key: _key, ...rest } = attrs as { url?: string; user?: number; emoji?: string; key?: number };
  return { kind: KINDS[type.name]!, ...rest };
}

function ofBlock({ type, attrs }: Node): Written | undefined {
  const kind = BLOCKS[type.name];
  if (kind === undefined) return undefined;
  const { language, isCollapsed } = attrs as { language?: string; isCollapsed?: boolean };
  return { kind, ...(language ? { language } : {}), ...(isCollapsed ? { isCollapsed } : {}) };
}

/** Reads what was written: lines joined by line feeds, and the formats of their parts, without space around the whole. Pure. */
export const readDocument = (doc: Node): FormattedText => trimText(readWhole(doc));

/** Reads what was written as {@link readDocument} does, but with the space around it. Pure. */
export function readWhole(doc: Node): FormattedText {
  let text = '';
  const entities = new Entities();
  let before: Node | undefined;
  doc.forEach((block, _, index) => {
    if (index > 0) text += '\n';
    const start = text.length;
    block.forEach((node) => {
      const part = node.isText ? node.text! : '\n';
      for (const mark of node.marks) entities.add(ofMark(mark), { offset: text.length, length: part.length });
      text += part;
    });
    const written = ofBlock(block);
    // Lines of one kind that follow each other are one block.
    if (written) entities.add(written, { offset: start, length: text.length - start, gap: before?.type === block.type ? 1 : 0 });
    before = block;
  });
  return { text, entities: entities.list };
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

const MARKS = new Map(Object.entries(KINDS).map(([name, kind]) => [kind, name]));

/** The formats of the character at a place. Pure. */
function marksAt(entities: readonly TextEntity[], at: number): Mark[] {
  return entities.flatMap(({ kind, offset, length, url, user, emoji }) => {
    const type = schema.marks[MARKS.get(kind) ?? ''];
    const isWhole = (kind !== 'link' || url !== undefined) && (kind !== 'userMention' || user !== undefined) && (kind !== 'customEmoji' || /^\d{1,19}$/.test(emoji ?? ''));
    return type && isWhole && offset <= at && at < offset + length ? [type.create({ url, user, emoji, key: kind === 'customEmoji' ? nextEmojiKey() : undefined })] : [];
  });
}

/** Makes one line of a document. Pure. @param start where it begins in the whole text */
function writeLine(line: string, start: number, entities: readonly TextEntity[]): Node {
  const end = start + line.length;
  // A block that covers a part of a line covers the line.
  const block = entities.find(({ kind, offset, length }) => (kind === 'pre' || kind === 'blockquote') && offset <= end && offset + length > start && (line === '' || offset < end));
  if (block?.kind === 'pre') return schema.nodes.code.create({ language: block.language ?? '' }, line === '' ? [] : [schema.text(line)]);
  const cuts = [0, ...entities.flatMap(({ offset, length }) => [offset - start, offset + length - start]), line.length].filter((cut) => cut >= 0 && cut <= line.length);
  const bounds = [...new Set(cuts)].sort((first, second) => first - second);
  const parts = bounds.slice(1).map((to, index) => schema.text(line.slice(bounds[index], to), addMarks(marksAt(entities, start + bounds[index]!))));
  return block ? schema.nodes.blockquote.create({ isCollapsed: block.isCollapsed === true }, parts) : schema.nodes.paragraph.create(null, parts);
}

/** Puts marks together as the schema allows it. Pure. */
const addMarks = (marks: readonly Mark[]): readonly Mark[] => marks.reduce<readonly Mark[]>((set, mark) => mark.addToSet(set), []);

/** A plain text with more lines is one block. */
export const LINES_MAX = 500;

/** Makes a document of a formatted text, for drafts and edits. Pure. */
export function writeDocument({ text, entities }: FormattedText): Node {
  let at = 0;
  const written = text.split('\n');
  if (written.length > LINES_MAX && entities.length === 0) return schema.nodes.doc.create(null, [schema.nodes.lines.create(null, [schema.text(text)])]);
  const lines = written.map((line) => {
    const start = at;
    at += line.length + 1;
    return writeLine(line, start, entities);
  });
  return schema.nodes.doc.create(null, lines);
}
