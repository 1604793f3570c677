import type { FunctionComponent } from 'preact';

/** Characters that are shown before the first match, if there are more than twice as many: the line of a narrow list has room for few more. */
const BEFORE = 10;

/** Cuts a text into parts, each a match or not. Pure. */
export function markMatches(text: string, query: string): { text: string; isMatch: boolean }[] {
  const words = query.trim().split(/\s+/).filter(Boolean).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (words.length === 0) return [{ text, isMatch: false }];
  const matches = new RegExp(`(${words.join('|')})`, 'iu');
  return text.split(matches).map((part, index) => ({ text: part, isMatch: index % 2 === 1 })).filter((part) => part.text !== '');
}

/** The last words before a match that is far behind, or what is there of one long word. Pure. */
export function cutBefore(text: string): string {
  if (text.length <= 2 * BEFORE) return text;
  const last = text.slice(-BEFORE);
  const at = text.at(-BEFORE - 1) === ' ' ? 0 : last.trimEnd().indexOf(' ') + 1;
  return `…${last.slice(at)}`;
}

/** A line of text in which what was searched for stands out. A match far behind is brought to the front. */
export const Marked: FunctionComponent<{ text: string; query: string }> = ({ text, query }) => {
  const parts = markMatches(text, query);
  const [first] = parts;
  if (parts.length > 1 && first && !first.isMatch) parts[0] = { text: cutBefore(first.text), isMatch: false };
  return (
    <>
      {parts.map((part, index) => (part.isMatch ? <mark key={index}>{part.text}</mark> : part.text))}
    </>
  );
};
