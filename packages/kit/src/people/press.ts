import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import { answerOfBot } from './answer-of-bot.ts';
import { type Chat, inputUserOf } from './find-chat.ts';
import type { Message } from './message-shape.ts';
import type { Person } from './person.ts';
import { rowsOf } from './project-message.ts';
import { sent, sendText } from './send.ts';
import { describeTalk, type Patience, readLast, readMessages } from './talk.ts';

/** Messages among which a button is looked for. */
const SEARCHED = 100;

/** What came of a press. */
export interface PressOutcome {
  /**
   * `answered`: the bot has answered the press; `sent`: the button has sent a message; `url`: it opens a page; `inline`: it begins an inline query, which is `text`;
   * `copied`: it copies `text`.
   */
  kind: 'answered' | 'sent' | 'url' | 'inline' | 'copied';
  text?: string | undefined;
  alert?: boolean | undefined;
  url?: string | undefined;
  message?: Message | undefined;
}

/** A button and the message that it is on. */
interface FoundButton {
  button: tl.KeyboardButton | tl.KeyboardInlineButton;
  message: tl.message;
}

/**
 * Presses the button with a label: of this message, or of the newest one that has such a button.
 * @throws KitError `invalid` with the labels that are there, `timeout` when the bot does not answer, `refused`
 */
export async function press(person: Person, chat: Chat, { label, message: id }: { label: string; message?: number | undefined }, patience: Patience): Promise<PressOutcome> {
  const { messages } = id === undefined ? await readLast(person, chat, SEARCHED) : await readMessages(person, chat, [id]);
  const found = listButtons(messages);
  const wanted = found.find(({ button }) => button.text === label) ?? found.find(({ button }) => button.text.trim() === label.trim());
  if (wanted === undefined) {
    const labels = [...new Set(found.map(({ button }) => JSON.stringify(button.text)))];
    const there = labels.length === 0 ? 'there are no buttons (wait for the message that has them before you press)' : `there are ${labels.join(', ')}`;
    throw new KitError('invalid', `${person.name} sees no button ${JSON.stringify(label)} in the chat with ${chat.name}${id === undefined ? '' : ` below message ${id}`}: ${there}`, { talk: await describeTalk(person, chat) });
  }
  return pressFound(person, chat, wanted, patience);
}

async function pressFound(person: Person, chat: Chat, { button: { text, type }, message }: FoundButton, patience: Patience): Promise<PressOutcome> {
  switch (type._) {
    case 'inlineButtonTypeCallback': {
      const asked = person.invoke({ _: 'messages.getBotCallbackAnswer', peer: chat.input, msg_id: message.id, data: type.data });
      const answer = await answerOfBot(person, chat, asked, { ...patience, what: `for the answer to the press of ${JSON.stringify(text)} in the chat with ${chat.name}` });
      return { kind: 'answered', text: answer.message, alert: answer.alert === true, url: answer.url };
    }
    case 'inlineButtonTypeUrl':
    case 'inlineButtonTypeUrlAuth':
    case 'inlineButtonTypeWebView':
    case 'buttonTypeSimpleWebView':
      return { kind: 'url', url: type.url };
    case 'inlineButtonTypeSwitchInline':
      return { kind: 'inline', text: type.query };
    case 'inlineButtonTypeCopy':
      return { kind: 'copied', text: type.copy_text };
    case 'buttonTypeDefault':
      // In groups the message answers the one with the keyboard, so that bots with privacy see it.
      return { kind: 'sent', message: await sendText(person, chat, { text }, { replyTo: chat.input._ === 'inputPeerUser' ? undefined : message.id }) };
    case 'buttonTypeRequestPhone':
      return { kind: 'sent', message: await shareNumber(person, chat) };
    default:
      throw new KitError('invalid', `People of tests cannot press buttons of the kind ${type._}; use people.call`);
  }
}

async function shareNumber(person: Person, chat: Chat): Promise<Message> {
  const media: tl.inputMediaContact = { _: 'inputMediaContact', phone_number: person.phone, first_name: person.name, last_name: '', vcard: '' };
  return sent(person, chat, await person.invoke({ _: 'messages.sendMedia', peer: chat.input, media, message: '', random_id: person.kit.random.int64() }));
}

/** The buttons that a person can press, those of the newest message first. Of reply keyboards only the newest is shown. Pure. */
export function listButtons(messages: readonly tl.Message[]): FoundButton[] {
  let isKeyboardKnown = false;
  const found: FoundButton[] = [];
  for (const message of messages.toSorted((a, b) => b.id - a.id)) {
    if (message._ !== 'message' || message.reply_markup === undefined) continue;
    const isInline = message.reply_markup._ === 'replyInlineMarkup';
    if (!isInline && isKeyboardKnown) continue;
    if (!isInline) isKeyboardKnown = true;
    for (const { buttons } of rowsOf(message.reply_markup)) for (const button of buttons) found.push({ button, message });
  }
  return found;
}

/** What a bot offers for an inline query. */
export interface InlineOffer {
  queryId: string;
  results: { id: string; type: string; title?: string | undefined; description?: string | undefined }[];
  switchPm?: { text: string; startParam: string } | undefined;
  nextOffset?: string | undefined;
}

/**
 * Asks a bot inline.
 * @param query chat is where the result would be sent
 * @throws KitError `timeout` when the bot does not answer, `refused`
 */
export async function askInline(person: Person, bot: Chat & { input: tl.inputPeerUser }, { chat, query, offset }: { chat: Chat; query: string; offset: string }, patience: Patience): Promise<InlineOffer> {
  const asked = person.invoke({ _: 'messages.getInlineBotResults', bot: inputUserOf(bot.input), peer: chat.input, query, offset });
  const { query_id: id, results, switch_pm: button, next_offset: nextOffset } = await answerOfBot(person, bot, asked, { ...patience, what: `for what ${bot.name} offers inline for ${JSON.stringify(query)}` });
  return {
    queryId: String(id),
    results: results.map(({ id: resultId, type, title, description }) => ({ id: resultId, type, title, description })),
    switchPm: button && { text: button.text, startParam: button.start_param },
    nextOffset: nextOffset === '' ? undefined : nextOffset,
  };
}

/** Sends a result that a bot has offered inline. @throws KitError `refused` */
export async function chooseResult(person: Person, chat: Chat, { queryId, id }: { queryId: string; id: string }): Promise<Message> {
  return sent(person, chat, await person.invoke({ _: 'messages.sendInlineBotResult', peer: chat.input, random_id: person.kit.random.int64(), query_id: BigInt(queryId), id }));
}
