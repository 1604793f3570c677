import type { ReactionQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { changeSetting } from '../change-setting.ts';
import { Turns } from '../files/turns.ts';
import { listReactions, listRecentReactions } from '../list-reactions.ts';
import { peerIdOf } from '../models/ids.ts';
import { toggledReactions, writeAllowed } from '../models/reactions.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** People who are loaded at once. */
const PAGE = 50;

/** Reactions to messages. */
export function answerReactions({ account, history }: AnswerDeps): AnswersTo<ReactionQuestions> {
  const turns = new Turns(1);
  return {
    'reactions.toggle': async ({ peer, message, emoji }) =>
      // A call names all reactions of the account to the message, so it waits for the answer to the one before.
      await turns.take(async () => {
        const [[row], config] = await Promise.all([history.get(peer, [message]), loadAppConfig(account)]);
        const wanted = toggledReactions(row?.reactions, emoji, config.limit('reactions_user_max', 1));
        await account.change({ _: 'messages.sendReaction', peer: await account.inputPeer(peer), msgId: message, reaction: wanted.map((emoticon) => ({ _: 'reactionEmoji', emoticon })), addToRecent: true });
      }),
    'reactions.list': () => listReactions(account),
    'reactions.recent': () => listRecentReactions(account),
    'reactions.people': async ({ peer, message, emoji, offset }, page) => {
      const reaction = emoji === undefined ? undefined : ({ _: 'reactionEmoji', emoticon: emoji } as const);
      const { reactions, nextOffset } = await account.call({ _: 'messages.getMessageReactionsList', peer: await account.inputPeer(peer), id: message, reaction, offset, limit: PAGE });
      const reactors = reactions.flatMap((each) => (each.reaction._ === 'reactionEmoji' ? [{ peer: peerIdOf(each.peerId), emoji: each.reaction.emoticon, date: each.date }] : []));
      page.introduce(reactors.map((reactor) => reactor.peer));
      return { reactors, next: nextOffset };
    },
    'reactions.allow': async ({ peer, allowed }) => {
      await changeSetting(account, peer, { _: 'messages.setChatAvailableReactions', peer: await account.inputPeer(peer), availableReactions: writeAllowed(allowed), reactionsLimit: allowed.limit });
    },
  };
}
