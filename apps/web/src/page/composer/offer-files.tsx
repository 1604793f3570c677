import type { FormattedText, MessageContext, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { openDialog } from '../parts/dialog.tsx';
import { attempt, notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { groupFiles } from '../files/prepare-file.ts';
import { type FilesToSend, SendFilesDialog } from './send-files-dialog.tsx';

export interface OfferOptions {
  /** Sends the bytes of pictures as they are, unless the person chooses otherwise. */
  asFile?: boolean;
  context?: MessageContext;
  /** What is written already, and becomes the text below the files unless the person changes it. */
  caption?: FormattedText | undefined;
}

/** Whether the account may send photos, files and voice messages here. */
export const maySendMedia = (peer: PeerId): boolean => peerSignal(peer).value?.rights.sendMedia === true;

/** Says why the account may not. */
export const noMediaText = (peer: PeerId): string => t(peerSignal(peer).value?.kind === 'user' ? 'onlyTexts' : 'cannotSendMedia');

/** Shows chosen files, and sends them if the person agrees. @returns whether they are on their way */
export async function offerFiles(peer: PeerId, files: File[], { asFile = false, context = {}, caption }: OfferOptions = {}): Promise<boolean> {
  if (files.length === 0) return false;
  if (!maySendMedia(peer)) {
    notify(noMediaText(peer));
    return false;
  }
  const toSend = await openDialog<FilesToSend>((close) => <SendFilesDialog files={files} asFile={asFile} caption={caption} close={close} />);
  if (!toSend) return false;
  for (const [index, group] of groupFiles(toSend.files).entries()) {
    // Only the first message has the text, and answers.
    const first = index === 0 ? { ...toSend.caption, ...context } : { text: '', entities: [], isSilent: context.isSilent, thread: context.thread };
    if (!(await attempt(ask('messages.send', { peer, ...first, files: group })))) return false;
  }
  return true;
}
