import { LINES_MAX } from './document.ts';

/** Characters that the field takes: about 25 messages. */
export const WRITTEN_MAX = 100_000;
/** A longer text is pasted without its formats. */
const FORMATTED_MAX = 10_000;
/** As long as its formats may be, in characters of HTML. */
const HTML_MAX = 200_000;

/** What is pasted: its text, and perhaps the same with formats. */
export interface Pasted {
  text: string;
  html: string;
}

/**
 * Says how to take what is pasted, so that nothing holds up the page. Pure.
 * @param written how many characters are there already
 */
export function judgePaste({ text, html }: Pasted, written: number): 'asItIs' | 'plain' | 'tooLong' {
  if (written + text.length > WRITTEN_MAX) return 'tooLong';
  const isLong = text.length > FORMATTED_MAX || html.length > HTML_MAX || text.split('\n', LINES_MAX + 1).length > LINES_MAX;
  if (!isLong) return 'asItIs';
  // Formats without a text cannot be left out.
  return text === '' ? 'tooLong' : 'plain';
}
