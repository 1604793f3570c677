import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import type { Sticker } from '../../protocol/index.ts';
import { useView } from '../ground/use-view.ts';
import { CustomEmojiGrid, EmojiSetGrid } from './custom-emoji-grid.tsx';
import { heightOfEmoji } from './emoji-grid.tsx';
import { GridSection } from './grid-section.tsx';
import { focusFirst, moveFocus } from './move-focus.ts';
import { useSections } from './use-sections.ts';

interface Section {
  name: string;
  title: string;
  count: number;
  draw(): ComponentChildren;
}

/** Custom emoji that stand above those of the sets. */
export interface FirstEmoji {
  name: string;
  title: string;
  stickers: readonly Sticker[];
}

interface EmojiChooserProps {
  label: string;
  /** Lists to come first, without which there are only those of the sets. */
  first?: readonly FirstEmoji[];
  isBusy?: boolean;
  choose(sticker: Sticker): void;
}

/** The custom emoji to choose from: those of the account's sets, and others above them. */
export const EmojiChooser: FunctionComponent<EmojiChooserProps> = ({ label, first = [], isBusy = false, choose }) => {
  const scroller = useRef<HTMLDivElement>(null);
  const { sets = [] } = useView('stickerSets', { kind: 'emoji' }).state.value;
  const all = [
    ...first.map(({ name, title, stickers }): Section => ({ name, title, count: stickers.length, draw: () => <CustomEmojiGrid stickers={stickers} title={title} choose={choose} /> })),
    ...sets.map((set): Section => ({ name: set.id, title: set.title, count: set.count, draw: () => <EmojiSetGrid set={set} choose={choose} /> })),
  ].filter(({ count }) => count > 0);
  const sections = useSections(scroller, all.map(({ name, count }) => ({ name, height: heightOfEmoji(count) })), true);
  return (
    <div
      class="emoji-scroller status-emoji"
      ref={scroller}
      tabIndex={0}
      role="grid"
      aria-label={label}
      aria-busy={isBusy}
      onScroll={sections.look}
      onKeyDown={(event) => !event.altKey && moveFocus(event.key, event.currentTarget) && event.preventDefault()}
      onFocus={({ target, currentTarget }) => target === currentTarget && focusFirst(currentTarget)}
    >
      {all.map(({ name, title, count, draw }) => (
        <GridSection key={name} title={title} height={heightOfEmoji(count)} isNear={sections.isNear(name)} draw={draw} />
      ))}
    </div>
  );
};
