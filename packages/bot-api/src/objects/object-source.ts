import type { BotCall } from '../bot-call.ts';
import type { FileIds } from '../files/file-ids.ts';

/** What making objects of the Bot API needs besides the TL objects: whose bot it is, how files are named for it, and calls for what an object contains and TL only names, such as the message that is answered. */
export interface ObjectSource extends Pick<BotCall, 'botId' | 'invoke'> {
  readonly fileIds: FileIds;
}
