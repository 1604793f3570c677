import type { BotCall } from '../bot-call.ts';

/** What making objects of the Bot API needs besides the TL objects: whose bot it is, how files are named for it, and calls for what an object contains and TL only names, such as the message that is answered. */
export type ObjectSource = Pick<BotCall, 'botId' | 'invoke' | 'fileIds' | 'domain'>;
