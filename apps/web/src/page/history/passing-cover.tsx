import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Flame from 'lucide-static/icons/flame.svg';
import { type FileRef, type Message, VIEW_ONCE } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { blobAddress } from '../ground/pictures.ts';
import { t } from '../ground/text.ts';
import { useSeconds } from '../parts/use-seconds.ts';

/** Whether what a message has disappears after it was seen. */
export function isPassing({ media }: Message): boolean {
  return media !== undefined && 'ttl' in media && media.ttl !== undefined;
}

/** The whole file of a message. */
function wholeFile({ peer, id, media }: Message): FileRef | undefined {
  const of = { of: 'message', peer, message: id } as const;
  if (media?.kind === 'photo') return { ...of, file: media.photo.id, size: media.photo.sizes.at(-1)?.name ?? '' };
  return media?.kind === 'document' ? { ...of, file: media.document.id, size: '' } : undefined;
}

const Content: FunctionComponent<{ message: Message; address: string }> = ({ message: { media }, address }) => {
  if (media?.kind === 'photo') return <img src={address} alt={t('mediaPhoto')} draggable={false} />;
  const isSound = media?.kind === 'document' && (media.role === 'voice' || media.role === 'audio');
  return isSound ? <audio src={address} controls autoPlay /> : <video src={address} controls autoPlay playsInline />;
};

interface PassingProps {
  message: Message;
  address: string;
  seconds: number;
  onClose(): void;
}

const Passing: FunctionComponent<PassingProps> = ({ message, address, seconds, onClose }) => {
  const isOnce = seconds === VIEW_ONCE;
  const until = useSignal(nowSeconds() + (isOnce ? 0 : seconds)).value;
  const left = until - useSeconds(until);
  useEffect(() => {
    if (!isOnce && left <= 0) onClose();
  }, [left]);
  return (
    <Dialog title={t(isOnce ? 'viewOnce' : 'disappears')} onClose={onClose} className="passing">
      <Content message={message} address={address} />
      {!isOnce && (
        <p class="passing-left" role="timer">
          {t('secondsLeft', { n: left })}
        </p>
      )}
    </Dialog>
  );
};

/** Loads what disappears, says that it was opened, and shows it. The file is loaded first, because the server forgets it then. */
async function openPassing(message: Message, seconds: number): Promise<void> {
  const file = wholeFile(message);
  if (!file) return;
  const loading = ask('files.load', { file });
  if (!(await attempt(loading)) || !(await attempt(ask('messages.open', { peer: message.peer, message: message.id })))) return;
  const address = blobAddress(await loading);
  await openDialog((close) => <Passing message={message} address={address} seconds={seconds} onClose={() => close()} />);
  URL.revokeObjectURL(address);
}

/** The cover of a photo or video that disappears after it was seen. */
export const PassingCover: FunctionComponent<{ message: Message }> = ({ message }) => {
  const { media, isOut } = message;
  const seconds = media && 'ttl' in media ? (media.ttl ?? 0) : 0;
  const name = seconds === VIEW_ONCE ? t('viewOnce') : t('seconds', { n: seconds });
  if (isOut) {
    return (
      <p class="passing-cover">
        <Flame />
        {name}
      </p>
    );
  }
  return (
    <button class="passing-cover" type="button" onClick={() => void openPassing(message, seconds)}>
      <Flame />
      {name}
    </button>
  );
};
