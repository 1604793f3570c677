import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import ChartBar from 'lucide-static/icons/chart-bar.svg';
import FileIcon from 'lucide-static/icons/file.svg';
import ListChecks from 'lucide-static/icons/list-checks.svg';
import ImageIcon from 'lucide-static/icons/image.svg';
import Paperclip from 'lucide-static/icons/paperclip.svg';
import type { MessageContext, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { offerChecklist } from '../checklists/new-checklist.tsx';
import { openMenu } from '../parts/menu.tsx';
import { notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { DropZone } from './drop-zone.tsx';
import { maySendMedia, noMediaText } from './offer-files.tsx';

export interface AttachProps {
  peer: PeerId;
  /** Returns which message and thread something that is sent now belongs to. */
  context?(): MessageContext;
  /** Offers files to be sent. @param asFile sends the bytes of pictures as they are */
  offer(files: File[], asFile: boolean): Promise<void>;
  /** A checklist or a poll is on its way. */
  onSent?(): void;
}

/** The button for photos and files, which can also be dropped on the chat. */
export const Attach: FunctionComponent<AttachProps> = ({ peer, context, offer, onSent }) => {
  const isAllowed = maySendMedia(peer);
  // Of a person, the button itself says why.
  const isShut = !isAllowed && peerSignal(peer).value?.kind !== 'user';
  const button = useRef<HTMLButtonElement>(null);
  const media = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const makeChecklist = async (): Promise<void> => {
    if (await offerChecklist(peer, context?.())) onSent?.();
  };
  const makePoll = async (): Promise<void> => {
    const { offerPoll } = await import('../polls/new-poll.tsx');
    if (await offerPoll(peer, context?.())) onSent?.();
  };
  const take = (input: HTMLInputElement, asFile: boolean): void => {
    const files = [...(input.files ?? [])];
    input.value = '';
    void offer(files, asFile);
  };
  const open = (place: HTMLElement): void =>
    openMenu({
      label: t('attach'),
      place,
      items: [
        { name: t('photoOrVideo'), icon: ImageIcon, act: () => media.current?.click() },
        { name: t('file'), icon: FileIcon, act: () => file.current?.click() },
        ...(peerSignal(peer).value?.kind === 'channel' ? [] : [{ name: t('checklist'), icon: ListChecks, act: () => void makeChecklist() }]),
        ...(peerSignal(peer).value?.rights.sends.includes('poll') ? [{ name: t('poll'), icon: ChartBar, act: () => void makePoll() }] : []),
      ],
    });
  return (
    <>
      <button ref={button} class="round" type="button" aria-label={t('attach')} aria-haspopup="menu" disabled={isShut} title={isAllowed ? undefined : noMediaText(peer)} onClick={({ currentTarget }) => (isAllowed ? open(currentTarget) : notify(noMediaText(peer)))}>
        <Paperclip />
      </button>
      <input class="file-input" ref={media} type="file" multiple accept="image/*,video/*" aria-label={t('photoOrVideo')} tabIndex={-1} onChange={({ currentTarget }) => take(currentTarget, false)} />
      <input class="file-input" ref={file} type="file" multiple aria-label={t('file')} tabIndex={-1} onChange={({ currentTarget }) => take(currentTarget, true)} />
      <DropZone inside={button} onFiles={(files) => void offer(files, false)} />
    </>
  );
};
