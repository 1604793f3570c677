import type { FunctionComponent } from 'preact';
import type { Emoji } from './find-emoji.ts';
import { HEADING } from './grid-section.tsx';

/** Emoji in one line. */
export const COLUMNS = 8;
/** Height of one line, in pixels, as in the styles. */
const LINE = 42;

/** Height of a section with so many emoji, in pixels. */
export const heightOfEmoji = (count: number): number => HEADING + Math.ceil(count / COLUMNS) * LINE;

/** Emoji in lines. */
export const EmojiGrid: FunctionComponent<{ emoji: readonly Emoji[]; choose(emoji: string): void }> = ({ emoji, choose }) => {
  const lines = Array.from({ length: Math.ceil(emoji.length / COLUMNS) }, (_, index) => emoji.slice(index * COLUMNS, (index + 1) * COLUMNS));
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} class="emoji-line" role="row">
          {line.map(([each, name]) => (
            <span key={each} role="gridcell">
              <button class="emoji-button emoji" type="button" tabIndex={-1} aria-label={`${each} ${name}`} title={name} data-emoji={each} onClick={() => choose(each)}>
                {each}
              </button>
            </span>
          ))}
        </div>
      ))}
    </>
  );
};
