import type { MediaQuestions } from '../../protocol/index.ts';
import { countMedia, listMedia } from '../list-media.ts';
import { publicMessage } from '../models/message.ts';
import { Refused } from '../refusal.ts';
import { tellContentsRead } from '../see-messages.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Photos, videos, sounds and files of chats. */
export function answerMedia({ account, files, outbox }: AnswerDeps): AnswersTo<MediaQuestions> {
  return {
    'media.list': async (say, page) => {
      const { rows, count, hasMore } = await listMedia(account, say);
      const messages = rows.map(publicMessage);
      page.introduce(messages.flatMap((message) => [...peersOfMessage(message)]));
      return { messages, count, hasMore };
    },
    'media.counts': ({ peer }) => countMedia(account, peer),
    'media.sendKept': async ({ list, file, ...message }) => {
      const found = list === 'set' ? { ...(await files.stickers.file(file)), role: 'sticker' as const } : await files.kept.find(list, file);
      if (!found) throw new Refused({ code: 'FILE_ID_INVALID' });
      const { document, role, location } = found;
      await outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'document', role, document }, locations: { [document.id]: location } });
    },
    'media.setRecording': async ({ peer, isRecording }) => {
      const action = isRecording ? 'sendMessageRecordAudioAction' : 'sendMessageCancelAction';
      await account.call({ _: 'messages.setTyping', peer: await account.inputPeer(peer), action: { _: action } });
    },
    'media.played': async ({ peer, message }) => {
      if ((await account.store.findMessage(peer, message))?.isUnplayed === true) await tellContentsRead(account, peer, [message]);
    },
  };
}
