import { type BotSettings, doSetBotByOperator } from '@aerogram/domain';

import type { KitParts } from '../kit-parts.ts';
import type { TestBot } from './test-bot.ts';

/** Changes what a bot may do. It counts from the next group on to which the bot is added. */
export async function setBot(kit: KitParts, bot: TestBot, settings: BotSettings): Promise<void> {
  await doSetBotByOperator(kit, bot.id, settings);
  // The change is in the database before the job that tells of it has run.
  await kit.domain.users.userChanged(bot.id);
}
