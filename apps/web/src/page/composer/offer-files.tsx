import type { OutgoingMessage, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { groupFiles } from './prepare-file.ts';
import { type FilesToSend, SendFilesDialog } from './send-files-dialog.tsx';

/** What a message says beside its content: what it answers, and whether it makes no sound. */
export type MessageContext = Pick<OutgoingMessage, 'replyTo' | 'quote' | 'isSilent'>;

export interface OfferOptions {
  /** Sends the bytes of pictures as they are, unless the person chooses otherwise. */
  asFile?: boolean;
  context?: MessageContext;
}

/** Shows chosen files, and sends them if the person agrees. @returns whether they are on their way */
export async function offerFiles(peer: PeerId, files: File[], { asFile = false, context = {} }: OfferOptions = {}): Promise<boolean> {
  if (files.length === 0) return false;
  const toSend = await openDialog<FilesToSend>((close) => <SendFilesDialog files={files} asFile={asFile} close={close} />);
  if (!toSend) return false;
  for (const [index, group] of groupFiles(toSend.files).entries()) {
    // Only the first message has the text, and answers.
    const first = index === 0 ? { ...toSend.caption, ...context } : { text: '', entities: [], isSilent: context.isSilent };
    if (!(await attempt(ask('messages.send', { peer, ...first, files: group })))) return false;
  }
  return true;
}
