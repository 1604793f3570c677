import type { RpcError } from '@aerogram/errors';

import { BUTTONS_MAX } from '../keyboards/index.ts';
import { NAME_MAX } from '../peers/index.ts';
import type { Purpose } from './commands.ts';
import type { FatherStep } from './father-store.ts';
import { helpOf } from './list-commands.ts';
import { type Deed, type Done, type Hands, isPurpose, type OwnBot, readCommands, type SentPhoto, specOf } from './purposes.ts';
import { buttonsOf, keysOf, type Reply, say } from './reply.ts';
import type { Texts } from './texts.ts';

/** Where somebody is after a turn. */
export type NextStep = Pick<FatherStep, 'purpose' | 'bot_id' | 'words'>;
/** Nothing was begun. */
export const IDLE: NextStep = { purpose: '', bot_id: null, words: '' };

/** One message to BotFather, with what is known of its author. */
export interface Turn {
  ownerId: bigint;
  /** '' if it is something else than a text. */
  text: string;
  photo?: SentPhoto | undefined;
  step: NextStep;
  bots: readonly OwnBot[];
  texts: Texts;
  hands: Hands;
}

/** What is answered and done. */
export interface Answer extends Pick<Done, 'change' | 'reply'> {
  next: NextStep;
  /** A bot is made, in the transaction that writes the reply. */
  making?: { name: string; username: string };
}

const COMMAND = /^\/(\w+)(?:@botfather)?(?:\s.*)?$/is;

const keysOfBots = (bots: readonly OwnBot[]): ReturnType<typeof keysOf> => keysOf(bots.slice(0, BUTTONS_MAX).map(({ username }) => `@${username}`));
const idle = (reply: Reply): Answer => ({ reply, next: IDLE });

/** The list of bots as buttons. */
export function listReply(bots: readonly OwnBot[], texts: Texts): Reply {
  if (bots.length === 0) return say(texts.noBots);
  const labels = bots.slice(0, BUTTONS_MAX).map(({ bot_id, username }) => [`@${username}`, `bot:${bot_id}`] as const);
  return say(texts.list, buttonsOf(Array.from({ length: Math.ceil(labels.length / 2) }, (_, row) => labels.slice(row * 2, row * 2 + 2))));
}

/** Answers a message. Throws only what the server may throw. */
export async function talk(turn: Turn): Promise<Answer> {
  const { text, step, texts } = turn;
  const command = COMMAND.exec(text)?.[1]?.toLowerCase();
  // `/empty` is what one sends in place of a text, and a list of commands may begin with a slash, too.
  const isValue = command === 'empty' || (step.purpose === 'setcommands' && step.bot_id !== null && readCommands(text) !== undefined);
  if (command !== undefined && !isValue) return obey(turn, command);
  if (text === '' && step.purpose !== '' && (step.purpose !== 'setuserpic' || step.bot_id === null)) return { reply: say(texts.needText), next: step };
  if (step.purpose === 'name') return nameBot(turn);
  if (step.purpose === 'username') return { reply: say(''), next: IDLE, making: { name: step.words, username: text.trim().replace(/^@/, '') } };
  if (isPurpose(step.purpose)) return step.bot_id === null ? choose(turn, step.purpose) : carryOut(turn, step.purpose, step.bot_id);
  return idle(say(texts.unknown));
}

async function obey(turn: Turn, command: string): Promise<Answer> {
  const { texts, bots, step } = turn;
  switch (command) {
    case 'start':
    case 'help':
      return idle(say(helpOf(texts)));
    case 'cancel':
      return idle(say(step.purpose === '' ? texts.nothingToCancel : texts.cancelled));
    case 'newbot':
      return { reply: say(texts.askNewName), next: { ...IDLE, purpose: 'name' } };
    case 'mybots':
      return idle(listReply(bots, texts));
    default: {
      if (!isPurpose(command)) return idle(say(texts.unknown));
      if (bots.length === 0) return idle(say(texts.noBots));
      return { reply: say(texts.choose, keysOfBots(bots)), next: { ...IDLE, purpose: command } };
    }
  }
}

/** The name of a new bot; the username is asked next. */
function nameBot({ text, texts, step }: Turn): Answer {
  const name = text.trim();
  if (name === '' || name.length > NAME_MAX) return { reply: say(texts.nameInvalid), next: step };
  return { reply: say(texts.askUsername), next: { ...IDLE, purpose: 'username', words: name } };
}

function choose(turn: Turn, purpose: Purpose): Promise<Answer> {
  const { text, bots, texts, step } = turn;
  const name = text.trim().replace(/^@/, '').toLowerCase();
  const bot = bots.find(({ username }) => username?.toLowerCase() === name);
  if (bot === undefined) return Promise.resolve({ reply: say(texts.noSuchBot, keysOfBots(bots)), next: step });
  return begin({ ...turn, bot }, purpose);
}

/** Begins with a bot that was chosen: asks what is needed, or does it at once. */
export async function begin(deed: Deed, purpose: Purpose): Promise<Answer> {
  const spec = specOf(purpose);
  if (spec.ask === undefined) return { ...(await spec.act(deed, '')), next: IDLE };
  const row = await deed.hands.findRow(deed.bot.bot_id);
  if (row === undefined) return idle(say(deed.texts.noSuchBot));
  return { reply: await spec.ask(deed, row), next: { purpose, bot_id: deed.bot.bot_id, words: '' } };
}

async function carryOut(turn: Turn, purpose: Purpose, botId: bigint): Promise<Answer> {
  const bot = turn.bots.find(({ bot_id }) => bot_id === botId);
  if (bot === undefined) return idle(say(turn.texts.noSuchBot));
  const done = await specOf(purpose).act({ ...turn, bot }, turn.text, turn.photo);
  return { ...done, next: done.isOpen === true ? turn.step : IDLE };
}

/** What is said when a bot could not be made, and where its maker is then. */
export function refuseMaking({ texts, step }: Pick<Turn, 'texts' | 'step'>, error: RpcError, botsMax: number): Answer {
  switch (error.entry) {
    case 'USERNAME_SUFFIX_MISSING':
      return { reply: say(texts.usernameNotBot), next: step };
    case 'USERNAME_OCCUPIED':
    case 'USERNAME_PURCHASE_AVAILABLE':
      return { reply: say(texts.usernameTaken), next: step };
    case 'BOT_CREATE_LIMIT_EXCEEDED':
      return idle(say(texts.tooMany(botsMax)));
    case 'FIRSTNAME_INVALID':
      return { reply: say(texts.nameInvalid), next: { ...IDLE, purpose: 'name' } };
    default:
      return { reply: say(texts.usernameInvalid), next: step };
  }
}
