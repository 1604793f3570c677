import type { ReactionChoice } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { loadAppConfig } from './app-config.ts';
import { askOnce } from './ask-once.ts';

/** What is offered if the server does not say what a double click means. */
const STANDARD = '👍';

/** Asks once which reactions the server offers, and which one is the standard. */
export const listReactions = askOnce(load);

async function load(account: Account): Promise<ReactionChoice> {
  const [offered, { reactionsDefault }, config] = await Promise.all([account.call({ _: 'messages.getAvailableReactions', hash: 0 }), account.call({ _: 'help.getConfig' }), loadAppConfig(account)]);
  const emoji = offered._ === 'messages.availableReactions' ? offered.reactions.filter(({ inactive }) => !inactive).map(({ reaction }) => reaction) : [];
  const uniqueMax = config.number('reactions_uniq_max', Infinity);
  return { emoji, uniqueMax, standard: reactionsDefault?._ === 'reactionEmoji' ? reactionsDefault.emoticon : STANDARD };
}
