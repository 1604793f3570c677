import { defineBotMethod } from '../define-bot-method.ts';

/** Ends what runs for the bot before it is moved to another server. Unlike elsewhere, this is not refused after a start of the bot, because nothing here is expensive to start again. */
export const close = defineBotMethod({
  method: 'close',
  params: [],
  async run({ botId, instances }) {
    await instances.close(botId);
    return true;
  },
});
