import type { ReactionChoice } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { loadAppConfig } from './app-config.ts';

/** What is offered if the server does not say what a double click means. */
const STANDARD = '👍';

const known = new WeakMap<Account, Promise<ReactionChoice>>();

/** Asks once which reactions the server offers, and which one is the standard. */
export function listReactions(account: Account): Promise<ReactionChoice> {
  const asked = known.get(account) ?? load(account);
  known.set(account, asked);
  asked.catch(() => known.delete(account));
  return asked;
}

async function load(account: Account): Promise<ReactionChoice> {
  const [offered, { reactionsDefault }, config] = await Promise.all([account.call({ _: 'messages.getAvailableReactions', hash: 0 }), account.call({ _: 'help.getConfig' }), loadAppConfig(account)]);
  const emoji = offered._ === 'messages.availableReactions' ? offered.reactions.filter(({ inactive }) => !inactive).map(({ reaction }) => reaction) : [];
  const uniqueMax = config.number('reactions_uniq_max', Infinity);
  return { emoji, uniqueMax, standard: reactionsDefault?._ === 'reactionEmoji' ? reactionsDefault.emoticon : STANDARD };
}
