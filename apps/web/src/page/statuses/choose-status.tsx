import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId, Sticker, UnixTime } from '../../protocol/index.ts';
import { EmojiChooser } from '../emoji/emoji-chooser.tsx';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { DAY_S, nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import './words.ts';

const HOUR_S = 3600;
/** For how long an emoji is shown, in seconds; 0: for ever. */
const TIMES = [0, HOUR_S, 2 * HOUR_S, 8 * HOUR_S, 2 * DAY_S];

const describeTime = (seconds: number): string => (seconds === 0 ? t('statusEver') : seconds < DAY_S ? t('statusHours', { n: seconds / HOUR_S }) : t('statusDays', { n: seconds / DAY_S }));

/** The custom emoji to choose from: those that were used before, those that the server offers, and those of the account's sets. */
const Emoji: FunctionComponent<{ peer: PeerId; choose(sticker: Sticker): void }> = ({ peer, choose }) => {
  const offered = useLoaded(() => ask('statuses.offered', { peer }));
  const first = [
    { name: 'recent', title: t('statusRecent'), stickers: offered?.recent ?? [] },
    { name: 'others', title: t('statusOthers'), stickers: offered?.others ?? [] },
  ];
  return <EmojiChooser label={t('statusTitle')} first={first} isBusy={offered === undefined} choose={choose} />;
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
