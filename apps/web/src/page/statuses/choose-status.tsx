import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { PeerId, Sticker, UnixTime } from '../../protocol/index.ts';
import { CustomEmojiGrid, EmojiSetGrid } from '../emoji/custom-emoji-grid.tsx';
import { heightOfEmoji } from '../emoji/emoji-grid.tsx';
import { GridSection } from '../emoji/grid-section.tsx';
import { focusFirst, moveFocus } from '../emoji/move-focus.ts';
import { useSections } from '../emoji/use-sections.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { DAY_S, nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import './words.ts';

const HOUR_S = 3600;
/** For how long an emoji is shown, in seconds; 0: for ever. */
const TIMES = [0, HOUR_S, 2 * HOUR_S, 8 * HOUR_S, 2 * DAY_S];

const describeTime = (seconds: number): string => (seconds === 0 ? t('statusEver') : seconds < DAY_S ? t('statusHours', { n: seconds / HOUR_S }) : t('statusDays', { n: seconds / DAY_S }));

interface Section {
  name: string;
  title: string;
  count: number;
  draw(): ComponentChildren;
}

/** The custom emoji to choose from: those that were used before, those that the server offers, and those of the account's sets. */
const Emoji: FunctionComponent<{ peer: PeerId; choose(sticker: Sticker): void }> = ({ peer, choose }) => {
  const scroller = useRef<HTMLDivElement>(null);
  const offered = useLoaded(() => ask('statuses.offered', { peer }));
  const { sets = [] } = useView('stickerSets', { kind: 'emoji' }).state.value;
  const listed = (name: string, title: string, stickers: readonly Sticker[] = []): Section => ({ name, title, count: stickers.length, draw: () => <CustomEmojiGrid stickers={stickers} title={title} choose={choose} /> });
  const all = [
    listed('recent', t('statusRecent'), offered?.recent),
    listed('others', t('statusOthers'), offered?.others),
    ...sets.map((set): Section => ({ name: set.id, title: set.title, count: set.count, draw: () => <EmojiSetGrid set={set} choose={choose} /> })),
  ].filter(({ count }) => count > 0);
  const sections = useSections(scroller, all.map(({ name, count }) => ({ name, height: heightOfEmoji(count) })), true);
  return (
    <div
      class="emoji-scroller status-emoji"
      ref={scroller}
      tabIndex={0}
      role="grid"
      aria-label={t('statusTitle')}
      aria-busy={offered === undefined}
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

const StatusDialog: FunctionComponent<{ peer: PeerId; close(): void }> = ({ peer, close }) => {
  const seconds = useSignal(0);
  const isBusy = useSignal(false);
  const set = async (emoji?: string): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    const until: UnixTime | undefined = emoji === undefined || seconds.value === 0 ? undefined : nowSeconds() + seconds.value;
    if (await attempt(ask('statuses.set', { peer, emoji, until }))) close();
    isBusy.value = false;
  };
  return (
    <Dialog title={t('statusTitle')} onClose={close} className="choose-status">
      <label class="field">
        <span>{t('statusFor')}</span>
        <select value={seconds.value} onChange={({ currentTarget }) => (seconds.value = Number(currentTarget.value))}>
          {TIMES.map((time) => (
            <option key={time} value={time}>
              {describeTime(time)}
            </option>
          ))}
        </select>
      </label>
      <Emoji peer={peer} choose={({ document }) => void set(document.id)} />
      {peerSignal(peer).value?.status && (
        <button class="button button-wide button-plain" type="button" disabled={isBusy.value} onClick={() => void set()}>
          {t('removeStatus')}
        </button>
      )}
    </Dialog>
  );
};

/** Lets the person choose the emoji beside their name, or beside the title of a supergroup or channel. */
export const chooseStatus = (peer: PeerId): Promise<void> => openDialog<void>((close) => <StatusDialog peer={peer} close={() => close()} />);
