import type { MessageId, PeerId, ReactionQuestions } from '../../protocol/index.ts';
import { loadAppConfig } from '../app-config.ts';
import { changeSetting } from '../change-setting.ts';
import { Turns } from '../files/turns.ts';
import { findReactionAnimation, listReactions, listRecentReactions } from '../list-reactions.ts';
import { peerIdOf } from '../models/ids.ts';
import { locationOf } from '../models/location.ts';
import { keyOfReaction, ownReactions, toggledReactions, writeAllowed, writeReaction } from '../models/reactions.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** An update has reached its message after so long, in milliseconds. */
const SETTLE_MS = 3000;

/** People who are loaded at once. */
const PAGE = 50;

/** Reactions to messages. */
export function answerReactions({ account, history, files }: AnswerDeps): AnswersTo<ReactionQuestions> {
  const turns = new Turns(1);
  let last: { wanted: string[]; follows(now: { peer: PeerId; message: MessageId; known: string[] }): boolean } | undefined;
  return {
    'reactions.toggle': async ({ peer, message, emoji }) =>
      // A call names all reactions of the account to the message, so it waits for the answer to the one before.
      await turns.take(async () => {
        const [[row], config] = await Promise.all([history.get(peer, [message]), loadAppConfig(account)]);
        const known = ownReactions(row?.reactions);
        const wanted = toggledReactions(last?.follows({ peer, message, known }) ? last.wanted : known, emoji, config.limit('reactions_user_max', 1));
        await account.change({ _: 'messages.sendReaction', peer: await account.inputPeer(peer), msgId: message, reaction: wanted.map(writeReaction), addToRecent: true });
        const until = Date.now() + SETTLE_MS;
        // As long as the row is as it was, the update of this call has not reached it.
        last = { wanted, follows: (now) => now.peer === peer && now.message === message && String(now.known) === String(known) && Date.now() < until };
      }),
    'reactions.list': () => listReactions(account),
    'reactions.animation': async ({ emoji }) => {
      const animation = await findReactionAnimation(account, emoji);
      if (!animation) return undefined;
      const location = locationOf('document', animation);
      files.shown.note({ [location.id]: location });
      return { of: 'shown', file: location.id, size: '' };
    },
    'reactions.recent': () => listRecentReactions(account),
    'reactions.people': async ({ peer, message, emoji, offset }, page) => {
      const reaction = emoji === undefined ? undefined : writeReaction(emoji);
      const { reactions, nextOffset } = await account.call({ _: 'messages.getMessageReactionsList', peer: await account.inputPeer(peer), id: message, reaction, offset, limit: PAGE });
      const reactors = reactions.flatMap(({ peerId, reaction: given, date }) => {
        const key = keyOfReaction(given);
        return key === undefined ? [] : [{ peer: peerIdOf(peerId), emoji: key, date }];
      });
      page.introduce(reactors.map((reactor) => reactor.peer));
      return { reactors, next: nextOffset };
    },
    'reactions.allow': async ({ peer, allowed }) => {
      await changeSetting(account, peer, { _: 'messages.setChatAvailableReactions', peer: await account.inputPeer(peer), availableReactions: writeAllowed(allowed), reactionsLimit: allowed.limit });
    },
  };
}
