import { doMakeBotAtOnce } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';

import { KitError } from '../kit-error.ts';
import type { KitParts } from '../kit-parts.ts';
import type { TestSet } from '../test-set.ts';
import type { TestBot } from './test-bot.ts';

/** What a test chooses of a new bot. */
export interface BotChoice {
  /** Ends in "bot"; left out: one that is free. */
  username?: string | undefined;
  name?: string | undefined;
}

/** Text in the empty field of an inline query of a new bot. */
const PLACEHOLDER = 'Search…';

const REFUSALS: Readonly<Record<string, string>> = {
  FIRSTNAME_INVALID: 'a bot needs a name of at most 64 characters',
  USERNAME_INVALID: 'a username has 5 to 32 letters, digits and single underscores, and begins with a letter',
  USERNAME_SUFFIX_MISSING: 'the username of a bot ends in "bot"',
  USERNAME_OCCUPIED: 'the username is taken or reserved',
};

/**
 * Makes a bot of a set: it takes inline queries, may be added to groups, and sees only what concerns it there.
 * @throws KitError `refused`
 */
export async function makeBot(kit: KitParts, set: TestSet, choice: BotChoice): Promise<TestBot> {
  set.checkOpen();
  const username = choice.username?.replace(/^@/, '') ?? `test_${kit.random.int63().toString(36).slice(0, 10)}_bot`;
  const name = choice.name ?? username;
  try {
    const { botId, token } = await doMakeBotAtOnce(kit, { name, username }, { inline_placeholder: PLACEHOLDER });
    const bot = { id: botId, username, name, token };
    set.addBot(bot);
    return bot;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new KitError('refused', `The bot @${username} could not be made: ${REFUSALS[error.text] ?? error.text}`, { refusal: error.text });
  }
}
