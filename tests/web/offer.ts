import type { BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { WebPerson } from './stage.ts';

/** The bot writes to somebody. @returns the id of the message for the bot */
export async function offer(bot: BotClient, { actor }: WebPerson, message: string, replyMarkup: tl.TypeReplyMarkup): Promise<number> {
  const answer = await bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(actor), message, replyMarkup, randomId: randomLong() });
  return (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewMessage')!.message.id;
}
