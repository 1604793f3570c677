import type { AdminRight, PressAnswer } from '../keyboards.ts';
import type { FileRef, MessageId, PeerId } from '../models.ts';
import type { OutgoingMessage } from './messages.ts';

/** Which button of a message is pressed. */
export interface ButtonPress {
  peer: PeerId;
  message: MessageId;
  data: Uint8Array;
  /** The password of the account, for a button that needs it. */
  password?: string;
}

/** The picture of a result. */
export interface ResultPicture {
  file: FileRef;
  /** A very small JPEG that can be shown at once. */
  preview?: Uint8Array;
}

/** One of the results that a bot offers for what is being written. */
export interface InlineResult {
  id: string;
  kind: 'photo' | 'gif' | 'video' | 'sticker' | 'place' | 'contact' | 'file';
  title?: string;
  description?: string;
  /** What is written below the file when it is sent. */
  caption?: string;
  picture?: ResultPicture;
}

/** What a bot offers for what is being written. */
export interface InlineResults {
  /** Names the results when one is sent. */
  set: string;
  bot: PeerId;
  results: readonly InlineResult[];
  /** The bot wants its results to be shown as pictures side by side. */
  isGallery: boolean;
  /** A button that opens the chat with the bot, which is started there with `param`. */
  switchPm?: { text: string; param: string };
}

/** What is done with bots. */
export interface BotQuestions {
  /** Presses a button below a message, and waits for what the bot says. */
  'bots.press': { say: ButtonPress; get: PressAnswer };
  /** Starts a bot with what a link said. */
  'bots.start': { say: { bot: PeerId; param: string }; get: void };
  /** Adds a bot to a group or channel and starts it there; with rights, as an admin. A basic group becomes a supergroup for that. @returns the group or channel */
  'bots.addTo': { say: { bot: PeerId; peer: PeerId; param: string; rights: readonly AdminRight[] }; get: PeerId };
  /** The rights that a bot wants in channels if a link names none. */
  'bots.channelRights': { say: { bot: PeerId }; get: AdminRight[] };
  /** Asks a bot for results that could be sent to a chat; undefined if there is no such bot, or it has no inline mode. */
  'bots.findResults': { say: { peer: PeerId; username: string; query: string }; get: InlineResults | undefined };
  /** Sends one of them. */
  'bots.sendResult': { say: { peer: PeerId; set: string; result: string } & Pick<OutgoingMessage, 'replyTo' | 'replyIn' | 'quote' | 'thread'>; get: void };
  /** Sends a bot the own phone number, as the answer to a message of it. */
  'bots.sendPhone': { say: { peer: PeerId; replyTo: MessageId }; get: void };
  /** Sends a bot where the account is, as the answer to a message of it. @param accuracy in metres */
  'bots.sendPlace': { say: { peer: PeerId; replyTo: MessageId; latitude: number; longitude: number; accuracy: number }; get: void };
  /** Gives a bot the peers for which a key of one of its messages asks. */
  'bots.sharePeers': { say: { bot: PeerId; message: MessageId; button: number; peers: PeerId[] }; get: void };
}
