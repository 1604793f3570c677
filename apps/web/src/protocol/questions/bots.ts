import type { PressAnswer } from '../keyboards.ts';
import type { MessageId, PeerId } from '../models.ts';

/** Which button of a message is pressed. */
export interface ButtonPress {
  peer: PeerId;
  message: MessageId;
  data: Uint8Array;
  /** The password of the account, for a button that needs it. */
  password?: string;
}

/** What is done with bots. */
export interface BotQuestions {
  /** Presses a button below a message, and waits for what the bot says. */
  'bots.press': { say: ButtonPress; get: PressAnswer };
  /** Starts a bot with what a link said. */
  'bots.start': { say: { bot: PeerId; param: string }; get: void };
  /** Sends a bot the own phone number, as the answer to a message of it. */
  'bots.sendPhone': { say: { peer: PeerId; replyTo: MessageId }; get: void };
}
