import type { FunctionComponent } from 'preact';
import type { Emoji } from './find-emoji.ts';

/** Emoji in one line. */
export const COLUMNS = 8;

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
