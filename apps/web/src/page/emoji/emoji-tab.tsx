import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { openMenu, type MenuPlace } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { COLUMNS, EmojiGrid } from './emoji-grid.tsx';
import { type Emoji, emojiGroups, emojiName, findEmoji } from './find-emoji.ts';
import { tonesOf } from './skin-tones.ts';

/** The group of those that were used lately. */
const RECENT = 'recent';
/** Emoji of that group. */
const RECENT_MAX = 16;
/** Height of one line, and of the heading of a group, in pixels, as in the styles. */
const LINE = 42;
const HEADING = 32;
/** A group is drawn when it comes so near to what can be seen, in pixels: drawing all at once would take too long. */
const NEAR = 300;

interface Group {
  name: string;
  title: string;
  emoji: readonly Emoji[];
}

const heightOf = ({ emoji }: Group): number => HEADING + Math.ceil(emoji.length / COLUMNS) * LINE;

/** Moves the focus among all emoji by the arrow keys, Home and End. @returns whether the key was for that */
function moveFocus(key: string, grid: HTMLElement): boolean {
  const buttons = [...grid.querySelectorAll<HTMLElement>('[role="gridcell"] button')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const side = getComputedStyle(grid).direction === 'rtl' ? -1 : 1;
  const byStep = { ArrowRight: at + side, ArrowLeft: at - side, Home: 0, End: buttons.length - 1 }[key];
  const next = byStep === undefined ? inNextLine(key, buttons, at) : buttons[byStep];
  if (!next) return false;
  next.focus();
  return true;
}

/** The emoji above or below another one, also of another group, whose last line may be shorter. */
function inNextLine(key: string, buttons: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const from = buttons[at]?.getBoundingClientRect();
  if (!from || (key !== 'ArrowDown' && key !== 'ArrowUp')) return undefined;
  const candidates = key === 'ArrowDown' ? buttons.slice(at + 1) : buttons.slice(0, at).toReversed();
  let line: number | undefined;
  let best: HTMLElement | undefined;
  for (const button of candidates) {
    const { top, left } = button.getBoundingClientRect();
    if (Math.abs(top - from.top) < 1) continue;
    line ??= top;
    if (Math.abs(top - line) >= 1) break;
    if (!best || Math.abs(left - from.left) < Math.abs(best.getBoundingClientRect().left - from.left)) best = button;
  }
  return best;
}

/** Lets the person choose the colour of skin of an emoji, if it has several. @param choose gets the emoji in that colour */
function chooseTone(button: HTMLElement, choose: (emoji: string) => void): void {
  const tones = tonesOf(button.dataset['emoji'] ?? '');
  if (tones.length > 1) openMenu({ label: t('skinTone'), place: button, className: 'skin-tones', items: tones.map((emoji) => ({ name: `${emoji} ${button.title}`, shown: emoji, act: () => choose(emoji) })) });
}

/** Emoji by groups in one list, with a search by their names. */
export const EmojiTab: FunctionComponent<{ choose(emoji: string): void }> = ({ choose }) => {
  const query = useSignal('');
  const recent = useSignal<readonly string[]>([]);
  const near = useSignal<ReadonlySet<string>>(new Set());
  const current = useSignal<string | undefined>(undefined);
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
  const look = (): void => {
    const { scrollTop, clientHeight } = scroller.current!;
    let top = 0;
    const seen = new Set<string>();
    let first: string | undefined;
    for (const group of groups) {
      const bottom = top + heightOf(group);
      if (bottom > scrollTop - NEAR && top < scrollTop + clientHeight + NEAR) seen.add(group.name);
      if (first === undefined && bottom > scrollTop + 1) first = group.name;
      top = bottom;
    }
    if (seen.size !== near.value.size || [...seen].some((name) => !near.value.has(name))) near.value = seen;
    current.value = first;
  };
  const isSearching = query.value.trim() !== '';
  useEffect(look, [groups.length, isSearching]);
  const goTo = (name: string): void => {
    query.value = '';
    const before = groups.slice(0, groups.findIndex((group) => group.name === name));
    requestAnimationFrame(() => scroller.current?.scrollTo({ top: before.reduce((sum, group) => sum + heightOf(group), 0) }));
  };
  const offerTones = (place: MenuPlace): void => {
    const at = place instanceof HTMLElement ? document.activeElement : document.elementFromPoint(place.x, place.y);
    const button = at?.closest<HTMLElement>('[data-emoji]');
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
          scroller.current?.querySelector<HTMLElement>('[role="gridcell"] button')?.focus();
        }}
      />
      <div class="emoji-tabs">
        <Tabs
          label={t('emojiGroups')}
          tabs={groups.map(({ name, title, emoji }) => ({ id: name, title: <span class="emoji">{name === RECENT ? '🕒' : emoji[0]![0]}</span>, name: title }))}
          chosen={isSearching ? undefined : (current.value ?? groups[0]!.name)}
          onChoose={goTo}
        />
      </div>
      <div class="emoji-scroller" hidden={isSearching && found.length === 0} ref={scroller} tabIndex={0} role="grid" aria-label={t('emoji')} {...gestures} onScroll={look} onKeyDown={onKeyDown} onFocus={({ target, currentTarget }) => target === currentTarget && currentTarget.querySelector<HTMLElement>('[role="gridcell"] button')?.focus()}>
        {isSearching ? (
          found.length > 0 && (
            <div role="rowgroup" aria-label={t('searchEmoji')}>
              <EmojiGrid emoji={found} choose={use} />
            </div>
          )
        ) : (
          groups.map((group) => (
            // A group that is not drawn is only room.
            <div key={group.name} {...(near.value.has(group.name) ? { role: 'rowgroup', 'aria-label': group.title } : { 'aria-hidden': true })} style={{ blockSize: `${heightOf(group)}px` }}>
              <h3 role="presentation">{group.title}</h3>
              {near.value.has(group.name) && <EmojiGrid emoji={group.emoji} choose={use} />}
            </div>
          ))
        )}
      </div>
      {isSearching && found.length === 0 && <p class="empty">{t('nothingFound')}</p>}
    </>
  );
};
