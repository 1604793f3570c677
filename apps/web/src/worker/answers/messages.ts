import type { tl } from '@mtcute/core';
import type { MessageId, MessageQuestions, ReportStep } from '../../protocol/index.ts';
import { listReactions } from '../list-reactions.ts';
import { channelIdOf, isChannel } from '../models/ids.ts';
import { publicMessage } from '../models/message.ts';
import { removeMessages } from '../reduce/index.ts';
import { isRefusal } from '../refusal.ts';
import { tellContentsRead } from '../see-messages.ts';
import { inputEntities } from '../send/input-entities.ts';
import { randomLong } from '../send/random-long.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Messages in one call. */
const CALL_MAX = 100;

/** Ids in the order of the messages, in portions that the server takes. */
const portions = (ids: readonly MessageId[]): MessageId[][] => {
  const sorted = [...ids].sort((first, second) => first - second);
  return Array.from({ length: Math.ceil(sorted.length / CALL_MAX) }, (_, index) => sorted.slice(index * CALL_MAX, (index + 1) * CALL_MAX));
};

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
export function answerMessages({ account, history, outbox }: AnswerDeps): AnswersTo<MessageQuestions> {
  return {
    'messages.send': (message) => outbox.send(message),
    'messages.retry': ({ peer, key }) => outbox.retry(peer, key),
    'messages.discard': ({ peer, key }) => outbox.discard(peer, key),
    'messages.edit': async ({ peer, message, text, entities }) => {
      const edit = { peer: await account.inputPeer(peer), id: message, message: text, entities: await inputEntities(account, entities) };
      await account.change({ _: 'messages.editMessage', ...edit }).catch((error: unknown) => {
        if (!isRefusal(error, 'MESSAGE_NOT_MODIFIED')) throw error;
      });
    },
    'messages.delete': async ({ peer, messages, forBoth }) => {
      for (const id of portions(messages)) {
        if (isChannel(peer)) {
          const { pts, ptsCount } = await account.call({ _: 'channels.deleteMessages', channel: await account.inputChannel(peer), id });
          account.stepChannel(channelIdOf(peer), pts, ptsCount);
        } else {
          const { pts, ptsCount } = await account.call({ _: 'messages.deleteMessages', id, revoke: forBoth });
          account.stepBox(pts, ptsCount);
        }
        removeMessages(account.context, peer, id);
      }
    },
    'messages.forward': async ({ from, messages, to }) => {
      const [fromPeer, toPeer] = await Promise.all([account.inputPeer(from), account.inputPeer(to)]);
      for (const id of portions(messages)) await account.change({ _: 'messages.forwardMessages', fromPeer, toPeer, id, randomId: id.map(randomLong) });
    },
    'messages.setPinned': async ({ peer, message, isPinned }) => {
      await account.change({ _: 'messages.updatePinnedMessage', peer: await account.inputPeer(peer), id: message, unpin: !isPinned });
    },
    'messages.react': async ({ peer, message, emoji }) => {
      const [row] = await history.get(peer, [message]);
      const isTakenBack = row?.reactions?.some((reaction) => reaction.emoji === emoji && reaction.isChosen) === true;
      await account.change({
        _: 'messages.sendReaction',
        peer: await account.inputPeer(peer),
        msgId: message,
        reaction: isTakenBack ? [] : [{ _: 'reactionEmoji', emoticon: emoji }],
        addToRecent: true,
      });
    },
    'messages.listReactions': () => listReactions(account),
    'messages.report': async ({ peer, messages, option = new Uint8Array(), comment = '' }) => {
      const input = await account.inputPeer(peer);
      for (const id of portions(messages)) {
        const step = readReportStep(await account.call({ _: 'messages.report', peer: input, id, option, message: comment }));
        if (step.step !== 'reported') return step;
      }
      return { step: 'reported' };
    },
    'messages.open': ({ peer, message }) => tellContentsRead(account, peer, [message]),
    'messages.saveDraft': ({ peer, draft }) => outbox.drafts.save(peer, draft),
    'messages.get': async ({ peer, messages }, page) => {
      const found = (await history.get(peer, messages)).map(publicMessage);
      page.introduce(found.flatMap((message) => [...peersOfMessage(message)]));
      return found;
    },
    'messages.setTyping': async ({ peer, isTyping }) => {
      await account.call({ _: 'messages.setTyping', peer: await account.inputPeer(peer), action: { _: isTyping ? 'sendMessageTypingAction' : 'sendMessageCancelAction' } });
    },
  };
}
