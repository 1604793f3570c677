import type { FunctionComponent } from 'preact';

/** Characters that are shown before the first match. */
const BEFORE = 20;

/** Cuts a text into parts, each a match or not. Pure. */
export function markMatches(text: string, query: string): { text: string; isMatch: boolean }[] {
  const words = query.trim().split(/\s+/).filter(Boolean).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (words.length === 0) return [{ text, isMatch: false }];
  const matches = new RegExp(`(${words.join('|')})`, 'iu');
  return text.split(matches).map((part, index) => ({ text: part, isMatch: index % 2 === 1 })).filter((part) => part.text !== '');
}

/** A line of text in which what was searched for stands out. A match far behind is brought to the front. */
export const Marked: FunctionComponent<{ text: string; query: string }> = ({ text, query }) => {
  const parts = markMatches(text, query);
  const [first] = parts;
  const isFar = parts.length > 1 && first && !first.isMatch && first.text.length > 2 * BEFORE;
  if (isFar) parts[0] = { text: `…${first.text.slice(-BEFORE)}`, isMatch: false };
  return (
    <>
      {parts.map((part, index) => (part.isMatch ? <mark key={index}>{part.text}</mark> : part.text))}
    </>
  );
};
