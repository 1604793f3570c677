import type { EntityKind, Message, Quote, TextEntity } from '../../protocol/index.ts';

/** The server takes quotes up to this length, in UTF-16 code units. */
const QUOTE_MAX = 1024;
/** What a quote keeps of the formatting. */
const KEPT: ReadonlySet<EntityKind> = new Set(['bold', 'italic', 'underline', 'strike', 'spoiler']);

/** Cuts a part out of a text, without the space around it. Pure. @returns undefined if nothing is left */
export function cutQuote({ text, entities = [] }: Pick<Message, 'text' | 'entities'>, from: number, to: number): Quote | undefined {
  const whole = text.slice(from, Math.min(to, from + QUOTE_MAX));
  const part = whole.trim();
  if (part === '') return undefined;
  const at = from + whole.length - whole.trimStart().length;
  const inside = entities.flatMap((entity): TextEntity[] => {
    const start = Math.max(entity.offset, at);
    const length = Math.min(entity.offset + entity.length, at + part.length) - start;
    return length > 0 && KEPT.has(entity.kind) ? [{ kind: entity.kind, offset: start - at, length }] : [];
  });
  return { text: part, entities: inside, at };
}

/** How many characters stand in an element before a place in it. */
function offsetIn(element: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.setEnd(node, offset);
  return range.toString().length;
}

/**
 * What is selected of the text of a message.
 * @param element that shows exactly the text
 * @returns undefined if nothing of it is
 */
export function selectedQuote(element: Element | null | undefined, message: Message): Quote | undefined {
  const selection = getSelection();
  if (!element || !selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(element)) return undefined;
  const from = element.contains(range.startContainer) ? offsetIn(element, range.startContainer, range.startOffset) : 0;
  const to = element.contains(range.endContainer) ? offsetIn(element, range.endContainer, range.endOffset) : message.text.length;
  return cutQuote(message, from, to);
}
