import type { tl } from '@mtcute/core';
import { GENERAL_TOPIC, type MessageQuestions, type ReportStep } from '../../protocol/index.ts';
import { publicMessage } from '../models/message.ts';
import { portions } from '../portions.ts';
import { tellContentsRead } from '../see-messages.ts';
import { inputReply } from '../send/input-entities.ts';
import { randomLong } from '../send/random-long.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

function readReportStep(result: tl.TypeReportResult): ReportStep {
  switch (result._) {
    case 'reportResultChooseOption':
      return { step: 'choose', options: result.options.map(({ text, option }) => ({ text, option })) };
    case 'reportResultAddComment':
      return { step: 'comment', option: result.option, isOptional: result.optional === true };
    case 'reportResultReported':
      return { step: 'reported' };
  }
}

/** What is done with messages. */
export function answerMessages({ account, changes, history, outbox }: AnswerDeps): AnswersTo<MessageQuestions> {
  return {
    'messages.send': (message) => outbox.send(message),
    'messages.throw': ({ emoji, ...message }) =>
      outbox.sendStored({ ...message, text: '', entities: [] }, { media: { kind: 'dice', emoji, value: 0 }, uploaded: { _: 'inputMediaDice', emoticon: emoji } }),
    'messages.retry': ({ peer, key }) => outbox.retry(peer, key),
    'messages.replaceFile': ({ peer, key, file }) => outbox.replaceFile(peer, key, file),
    'messages.discard': ({ peer, key }) => outbox.discard(peer, key),
    'messages.edit': ({ peer, message, text, entities }) => changes.make({ kind: 'edit', peer, messages: [message], text, entities }),
    'messages.delete': ({ peer, messages, forBoth }) => changes.make({ kind: 'delete', peer, messages, forBoth }),
    'messages.forward': async ({ from, messages, to, topic, isSilent: silent, hidesSender: dropAuthor, hidesCaptions: dropMediaCaptions }) => {
      const topMsgId = topic === GENERAL_TOPIC ? undefined : topic;
      const [fromPeer, toPeer] = await Promise.all([account.inputPeer(from), account.inputPeer(to)]);
      for (const id of portions(messages)) await account.change({ _: 'messages.forwardMessages', fromPeer, toPeer, topMsgId, id, silent, dropAuthor, dropMediaCaptions, randomId: id.map(randomLong) });
    },
    'messages.comment': async ({ peer, topic, text, isSilent: silent }) => {
      const replyTo = await inputReply(account, { thread: topic === GENERAL_TOPIC ? undefined : topic });
      await account.change({ _: 'messages.sendMessage', peer: await account.inputPeer(peer), message: text, replyTo, silent, randomId: randomLong() });
    },
    'messages.setPinned': async ({ peer, message, isPinned, isForMe }) => {
      await account.change({ _: 'messages.updatePinnedMessage', peer: await account.inputPeer(peer), id: message, unpin: !isPinned, pmOneside: isForMe });
    },
    'messages.report': async ({ peer, messages, option = new Uint8Array(), comment = '' }) => {
      const input = await account.inputPeer(peer);
      for (const id of portions(messages)) {
        const step = readReportStep(await account.call({ _: 'messages.report', peer: input, id, option, message: comment }));
        if (step.step !== 'reported') return step;
      }
      return { step: 'reported' };
    },
    'messages.open': ({ peer, message }) => tellContentsRead(account, peer, [message]),
    'messages.saveDraft': ({ peer, topic, draft }) => outbox.drafts.save(peer, draft, topic),
    'messages.get': async ({ peer, messages }, page) => {
      const found = (await history.get(peer, messages)).map(publicMessage);
      page.introduce(found.flatMap((message) => [...peersOfMessage(message)]));
      return found;
    },
    'messages.setTyping': async ({ peer, thread, isTyping }) => {
      await account.call({ _: 'messages.setTyping', peer: await account.inputPeer(peer), topMsgId: thread === GENERAL_TOPIC ? undefined : thread, action: { _: isTyping ? 'sendMessageTypingAction' : 'sendMessageCancelAction' } });
    },
  };
}
