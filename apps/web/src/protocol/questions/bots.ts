import type { PressAnswer } from '../keyboards.ts';
import type { Draft, MessageId, PeerId } from '../models.ts';

/** Which button of a message is pressed. */
export interface ButtonPress {
  peer: PeerId;
  message: MessageId;
  data: Uint8Array;
  /** The password of the account, for a button that needs it. */
  password?: string;
}

/** One of the results that a bot offers for what is being written. */
export interface InlineResult {
  id: string;
  title: string;
  description?: string;
}

/** What a bot offers for what is being written. */
export interface InlineResults {
  /** Names the results when one is sent. */
  set: string;
  results: readonly InlineResult[];
}

/** What is done with bots. */
export interface BotQuestions {
  /** Presses a button below a message, and waits for what the bot says. */
  'bots.press': { say: ButtonPress; get: PressAnswer };
  /** Starts a bot with what a link said. */
  'bots.start': { say: { bot: PeerId; param: string }; get: void };
  /** Asks a bot for results that could be sent to a chat; undefined if there is no such bot, or it has no inline mode. */
  'bots.findResults': { say: { peer: PeerId; username: string; query: string }; get: InlineResults | undefined };
  /** Sends one of them. */
  'bots.sendResult': { say: { peer: PeerId; set: string; result: string } & Pick<Draft, 'replyTo' | 'quote'>; get: void };
  /** Sends a bot the own phone number, as the answer to a message of it. */
  'bots.sendPhone': { say: { peer: PeerId; replyTo: MessageId }; get: void };
  /** Gives a bot the peers for which a key of one of its messages asks. */
  'bots.sharePeers': { say: { bot: PeerId; message: MessageId; button: number; peers: PeerId[] }; get: void };
}
