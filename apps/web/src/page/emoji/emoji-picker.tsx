import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask } from '../ground/link.ts';
import { Tabs } from '../parts/tabs.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { type Emoji, emojiGroups, emojiName, findEmoji } from './find-emoji.ts';

export interface EmojiPickerProps {
  onChoose(emoji: string): void;
}

/** The group of those that were used lately. */
const RECENT = 'recent';
const COLUMNS = 8;

/** Moves the focus among the emoji by the arrow keys. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (step === undefined || !(event.currentTarget instanceof Element)) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Emoji by groups, with a search by their names. */
export const EmojiPicker: FunctionComponent<EmojiPickerProps> = ({ onChoose }) => {
  const query = useSignal('');
  const recent = useSignal<readonly Emoji[]>([]);
  const group = useSignal(emojiGroups[0]!.name);
  useEffect(() => {
    ask('emoji.recent', undefined).then(
      (found) => {
        recent.value = found.map((emoji) => [emoji, emojiName(emoji)]);
        if (found.length > 0) group.value = RECENT;
      },
      () => undefined,
    );
  }, []);
  const choose = (emoji: string): void => {
    void ask('emoji.use', { emoji }).catch(() => undefined);
    onChoose(emoji);
  };
  const tabs = [...(recent.value.length > 0 ? [{ name: RECENT, emoji: recent.value }] : []), ...emojiGroups];
  const shown = query.value.trim() === '' ? (tabs.find(({ name }) => name === group.value)?.emoji ?? []) : findEmoji(query.value);
  return (
    <>
      <SearchBox label={t('searchEmoji')} query={query} />
      <div class="emoji-tabs">
        <Tabs
          label={t('emojiGroups')}
          tabs={tabs.map(({ name, emoji }) => ({ id: name, title: <span class="emoji">{name === RECENT ? '🕒' : emoji[0]![0]}</span>, name: name === RECENT ? t('recentEmoji') : name }))}
          chosen={query.value === '' ? group.value : undefined}
          onChoose={(name) => {
            group.value = name;
            query.value = '';
          }}
        />
      </div>
      <div key={`${group.value} ${query.value}`} class="emoji-grid" role="tabpanel" onKeyDown={moveFocus}>
        {shown.map(([emoji, name]) => (
          <button key={emoji} class="emoji-button emoji" type="button" aria-label={`${emoji} ${name}`} title={name} onClick={() => choose(emoji)}>
            {emoji}
          </button>
        ))}
        {shown.length === 0 && <p class="empty">{t('nothingFound')}</p>}
      </div>
    </>
  );
};
