import type { MessageQuestions } from '../../protocol/index.ts';
import { channelIdOf, isChannel } from '../models/ids.ts';
import { publicMessage } from '../models/message.ts';
import { writeEntities } from '../models/text.ts';
import { removeMessages } from '../reduce/index.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** What is done with messages. */
export function answerMessages({ account, history, outbox }: AnswerDeps): AnswersTo<MessageQuestions> {
  return {
    'messages.send': (message) => outbox.send(message),
    'messages.retry': ({ peer, key }) => outbox.retry(peer, key),
    'messages.discard': ({ peer, key }) => outbox.discard(peer, key),
    'messages.edit': async ({ peer, message, text, entities }) => {
      await account.change({ _: 'messages.editMessage', peer: await account.inputPeer(peer), id: message, message: text, entities: writeEntities(entities, () => undefined) });
    },
    'messages.delete': async ({ peer, messages, forBoth }) => {
      if (isChannel(peer)) {
        const { pts, ptsCount } = await account.call({ _: 'channels.deleteMessages', channel: await account.inputChannel(peer), id: messages });
        account.stepChannel(channelIdOf(peer), pts, ptsCount);
      } else {
        const { pts, ptsCount } = await account.call({ _: 'messages.deleteMessages', id: messages, revoke: forBoth });
        account.stepBox(pts, ptsCount);
      }
      removeMessages(account.context, peer, messages);
    },
    'messages.get': async ({ peer, messages }, page) => {
      const found = (await history.get(peer, messages)).map(publicMessage);
      page.introduce(found.flatMap((message) => [...peersOfMessage(message)]));
      return found;
    },
    'messages.setTyping': async ({ peer }) => {
      await account.call({ _: 'messages.setTyping', peer: await account.inputPeer(peer), action: { _: 'sendMessageTypingAction' } });
    },
  };
}
