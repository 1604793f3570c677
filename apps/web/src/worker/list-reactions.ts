import type { tl } from '@mtcute/core';
import Long from 'long';
import type { ReactionChoice } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { loadAppConfig } from './app-config.ts';
import { askOnce } from './ask-once.ts';
import { keyOfReaction } from './models/reactions.ts';

/** What is offered if the server does not say what a double click means. */
const STANDARD = '👍';

/** Asks for so many of the reactions that are given most, or were given lately. */
const TOP_MAX = 32;

/** The keys of a list of reactions. Pure. */
const keysOf = (answer: tl.messages.TypeReactions): string[] =>
  answer._ === 'messages.reactions' ? answer.reactions.flatMap((reaction) => keyOfReaction(reaction) ?? []) : [];

/** Asks once for all reactions of the server, with their pictures and animations. */
const listOffered = askOnce((account) => account.call({ _: 'messages.getAvailableReactions', hash: 0 }));

/** Finds what is played when somebody gives a reaction. */
export async function findReactionAnimation(account: Account, emoji: string): Promise<tl.RawDocument | undefined> {
  const offered = await listOffered(account);
  const animation = offered._ === 'messages.availableReactions' ? offered.reactions.find(({ reaction }) => reaction === emoji)?.activateAnimation : undefined;
  return animation?._ === 'document' ? animation : undefined;
}

/** Asks which reactions the account has given lately. @returns their keys, the last one first */
export const listRecentReactions = async (account: Account): Promise<string[]> => keysOf(await account.call({ _: 'messages.getRecentReactions', limit: TOP_MAX, hash: Long.ZERO }));

/** Asks once which reactions the server offers, which are given most, and which one is the standard. */
export const listReactions = askOnce(load);

async function load(account: Account): Promise<ReactionChoice> {
  const [offered, top, { reactionsDefault }, config] = await Promise.all([
    listOffered(account),
    account.call({ _: 'messages.getTopReactions', limit: TOP_MAX, hash: Long.ZERO }),
    account.call({ _: 'help.getConfig' }),
    loadAppConfig(account),
  ]);
  const emoji = offered._ === 'messages.availableReactions' ? offered.reactions.filter(({ inactive }) => !inactive).map(({ reaction }) => reaction) : [];
  const uniqueMax = config.number('reactions_uniq_max', Infinity);
  return { emoji, top: keysOf(top), uniqueMax, standard: (reactionsDefault && keyOfReaction(reactionsDefault)) ?? STANDARD };
}
