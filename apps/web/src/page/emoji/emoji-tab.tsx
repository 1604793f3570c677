import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { openMenu, type MenuPlace } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useView } from '../ground/use-view.ts';
import { EmojiSetGrid } from './custom-emoji-grid.tsx';
import { EmojiGrid, heightOfEmoji } from './emoji-grid.tsx';
import { type Emoji, emojiGroups, emojiName, findEmoji } from './find-emoji.ts';
import { GridSection } from './grid-section.tsx';
import { cellAt, focusFirst, moveFocus } from './move-focus.ts';
import { SetCover } from './set-cover.tsx';
import { tonesOf } from './skin-tones.ts';
import { useSections } from './use-sections.ts';

/** The group of those that were used lately. */
const RECENT = 'recent';
/** Emoji of that group. */
const RECENT_MAX = 16;
/** What stands before the id of a set in the name of its section. */
const SET = 'set ';

interface Group {
  name: string;
  title: string;
  emoji: readonly Emoji[];
}

/** Lets the person choose the colour of skin of an emoji, if it has several. @param choose gets the emoji in that colour */
function chooseTone(button: HTMLElement, choose: (emoji: string) => void): void {
  const tones = tonesOf(button.dataset['emoji'] ?? '');
  if (tones.length > 1) openMenu({ label: t('skinTone'), place: button, className: 'skin-tones', items: tones.map((emoji) => ({ name: `${emoji} ${button.title}`, shown: emoji, act: () => choose(emoji) })) });
}

/** Emoji by groups in one list, with a search by their names, and below them the custom emoji of the account. @param choose gets the id of a custom emoji, too */
export const EmojiTab: FunctionComponent<{ choose(emoji: string, custom?: string): void }> = ({ choose }) => {
  const query = useSignal('');
  const recent = useSignal<readonly string[]>([]);
  const { sets = [] } = useView('stickerSets', { kind: 'emoji' }).state.value;
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    ask('emoji.recent', undefined).then((found) => (recent.value = found.slice(0, RECENT_MAX)), () => undefined);
  }, []);
  const use = (emoji: string): void => {
    void ask('emoji.use', { emoji }).catch(() => undefined);
    choose(emoji);
  };
  const named: Group = { name: RECENT, title: t('recentEmoji'), emoji: recent.value.map((emoji) => [emoji, emojiName(emoji)]) };
  const groups: Group[] = [named, ...emojiGroups.map(({ name, emoji }) => ({ name, title: name, emoji }))].filter(({ emoji }) => emoji.length > 0);
  const isSearching = query.value.trim() !== '';
  const heights = [...groups.map((group) => ({ name: group.name, height: heightOfEmoji(group.emoji.length) })), ...sets.map(({ id, count }) => ({ name: SET + id, height: heightOfEmoji(count) }))];
  const sections = useSections(scroller, heights, !isSearching);
  const goTo = (name: string): void => {
    query.value = '';
    sections.goTo(name);
  };
  const offerTones = (place: MenuPlace): void => {
    const button = cellAt(place, 'data-emoji');
    if (button) chooseTone(button, use);
  };
  const gestures = useMenuGestures(offerTones);
  const onKeyDown: typeof gestures.onKeyDown = (event) => {
    gestures.onKeyDown?.(event);
    if (event.defaultPrevented) return;
    if (event.key === '/') field.current?.focus();
    else if (event.key === 'Enter' && event.altKey) offerTones(event.currentTarget);
    else if (event.altKey || !moveFocus(event.key, scroller.current!)) return;
    event.preventDefault();
  };
  const found = isSearching ? findEmoji(query.value) : [];
  return (
    <>
      <SearchBox
        label={t('searchEmoji')}
        query={query}
        field={field}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          focusFirst(scroller.current);
        }}
      />
      <div class="emoji-tabs">
        <Tabs
          label={t('emojiGroups')}
          tabs={[
            ...groups.map(({ name, title, emoji }) => ({ id: name, title: <span class="emoji">{name === RECENT ? '🕒' : emoji[0]![0]}</span>, name: title })),
            ...sets.map((set) => ({ id: SET + set.id, title: <SetCover set={set} />, name: set.title })),
          ]}
          chosen={isSearching ? undefined : (sections.current ?? groups[0]!.name)}
          onChoose={goTo}
        />
      </div>
      <div class="emoji-scroller" hidden={isSearching && found.length === 0} ref={scroller} tabIndex={0} role="grid" aria-label={t('emoji')} {...gestures} onScroll={sections.look} onKeyDown={onKeyDown} onFocus={({ target, currentTarget }) => target === currentTarget && focusFirst(currentTarget)}>
        {isSearching ? (
          found.length > 0 && (
            <div role="rowgroup" aria-label={t('searchEmoji')}>
              <EmojiGrid emoji={found} choose={use} />
            </div>
          )
        ) : (
          <>
            {groups.map((group) => (
              <GridSection key={group.name} title={group.title} height={heightOfEmoji(group.emoji.length)} isNear={sections.isNear(group.name)} draw={() => <EmojiGrid emoji={group.emoji} choose={use} />} />
            ))}
            {sets.map((set) => (
              <GridSection key={set.id} title={set.title} height={heightOfEmoji(set.count)} isNear={sections.isNear(SET + set.id)} draw={() => <EmojiSetGrid set={set} choose={({ emoji, document }) => choose(emoji, document.id)} />} />
            ))}
          </>
        )}
      </div>
      {isSearching && found.length === 0 && <p class="empty">{t('nothingFound')}</p>}
    </>
  );
};
