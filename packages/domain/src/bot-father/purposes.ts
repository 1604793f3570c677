import { RpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BotChange, type BotEditor, commandChange, EVERYWHERE, lockBotToEdit, menuButtonChange, settingChange, textChange } from '../bot-info/index.ts';
import type { BotRow } from '../bot-rows/index.ts';
import { type BotSettings, disownBot, INLINE_PLACEHOLDER_MAX } from '../bots/index.ts';
import { cleanLine } from '../peers/index.ts';
import type { Purpose } from './commands.ts';
import { keysOf, type Reply, say, sayToken } from './reply.ts';
import type { Texts } from './texts.ts';

/** What one sends in place of a text that is to be deleted. */
const EMPTY = '/empty';

const LOOKS_LIKE_LINK = /\w[.:]\/{0,2}\w/;

const COMMAND_LINE = /^\/?(\w+)\s*[-–—]\s*(\S.*)$/;

/** One of a person's bots. */
export interface OwnBot {
  bot_id: bigint;
  first_name: string;
  username: string | null;
}

/** A photo in a message to BotFather. */
export interface SentPhoto {
  photoId: bigint;
  /** The message in the box of its author. */
  msgId: number;
}

/** What BotFather needs of the server. */
export interface Hands {
  /** The token of a bot; with `isRevoked` a new one. */
  exportToken(ownerId: bigint, botId: bigint, isRevoked: boolean): Promise<string>;
  /**
   * Changes what people see of a bot.
   * @throws RpcError 400 BOT_INVALID (it is not the actor's any more)
   */
  changeIn(tx: Tx, editor: BotEditor, change: BotChange): Promise<unknown>;
  orderDeletion(tx: Tx, botId: bigint): Promise<void>;
  findRow(botId: bigint): Promise<BotRow | undefined>;
  /** Whether the button beside the text field opens the commands, for everybody. */
  opensCommands(botId: bigint): Promise<boolean>;
  /**
   * Makes a photo that the owner has in a message the profile photo of a bot. The same photo once more changes nothing.
   * @throws RpcError 400 BOT_INVALID (it is not the owner's any more), and others for a picture that cannot be used
   */
  setPicture(ownerId: bigint, botId: bigint, photo: SentPhoto): Promise<void>;
  /** Deletes all profile photos of a bot. @throws RpcError 400 BOT_INVALID */
  dropPictures(ownerId: bigint, botId: bigint): Promise<void>;
  /** Called after the commit of a change that others can see. */
  botChanged(botId: bigint): Promise<void>;
}

/** Somebody who does something with one of their bots. */
export interface Deed {
  ownerId: bigint;
  bot: OwnBot;
  texts: Texts;
  hands: Hands;
}

/** What became of it. */
export interface Done {
  reply: Reply;
  /** Done in the transaction that writes the reply. @returns false if the bot is not the person's any more */
  change?(tx: Tx): Promise<boolean>;
  /** The person is to send something else for the same purpose. */
  isOpen?: boolean;
}

/** Something that one does with a bot. */
interface PurposeSpec {
  /** Asks for what is to be sent; absent if nothing is needed. */
  ask?(deed: Deed, row: BotRow): Promise<Reply> | Reply;
  /** @param value the text that was sent; '' if it is something else */
  act(deed: Deed, value: string, photo?: SentPhoto): Promise<Done> | Done;
}

/** Whether an error says that a bot is not its owner's any more. */
const isNoBot = (error: unknown): boolean => error instanceof RpcError && error.entry === 'BOT_INVALID';

/** Does something in the transaction that writes the reply. @returns false if the bot is not its owner's any more */
async function unlessNoBot(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (isNoBot(error)) return false;
    throw error;
  }
}

/** Changes a bot together with the reply. */
export function changeDone({ ownerId: actorId, bot: { bot_id: botId }, hands }: Deed, change: BotChange, reply: Reply): Done {
  return {
    reply,
    change: (tx) => unlessNoBot(() => hands.changeIn(tx, { botId, actorId }, change)),
  };
}

/** Changes a bot to what somebody has sent, or says why that cannot be. */
function changeOrRefuse(deed: Deed, refusal: string, changeOf: () => BotChange): Done {
  try {
    return changeDone(deed, changeOf(), say(deed.texts.done));
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return { reply: say(refusal), isOpen: true };
    throw error;
  }
}

/** A setting that is on or off, chosen by one of two keys. */
function twoKeys(question: (texts: Texts) => (isOn: boolean) => string, isOn: (row: BotRow) => boolean, changeTo: (isOn: boolean) => BotSettings): PurposeSpec {
  return {
    ask: ({ texts }, row) => say(question(texts)(isOn(row)), keysOf([texts.enable, texts.disable])),
    act(deed, value) {
      const { texts } = deed;
      if (value !== texts.enable && value !== texts.disable) return { reply: say(texts.useKeys, keysOf([texts.enable, texts.disable])), isOpen: true };
      return changeDone(deed, settingChange(changeTo(value === texts.enable)), say(texts.done));
    },
  };
}

/** Does what cannot be done in the transaction that writes the reply. */
async function orNoBot({ texts }: Deed, run: () => Promise<Reply>): Promise<Done> {
  try {
    return { reply: await run() };
  } catch (error) {
    if (isNoBot(error)) return { reply: say(texts.noSuchBot) };
    throw error;
  }
}

const showToken = (deed: Deed, isRevoked: boolean): Promise<Done> =>
  orNoBot(deed, async () => {
    const { ownerId, bot, texts, hands } = deed;
    const token = await hands.exportToken(ownerId, bot.bot_id, isRevoked);
    return sayToken((isRevoked ? texts.revoked : texts.token)(bot.first_name), token, texts.keepSecret);
  });

/** Makes a photo that somebody has sent the profile photo of a bot; `/empty` deletes all. */
async function changePicture(deed: Deed, value: string, photo: SentPhoto | undefined): Promise<Done> {
  const { ownerId, bot, texts, hands } = deed;
  if (photo === undefined && value !== EMPTY) return { reply: say(texts.noPicture), isOpen: true };
  try {
    return await orNoBot(deed, async () => {
      await (photo === undefined ? hands.dropPictures(ownerId, bot.bot_id) : hands.setPicture(ownerId, bot.bot_id, photo));
      return say(texts.done);
    });
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return { reply: say(texts.pictureInvalid), isOpen: true };
    if (error instanceof RpcError && error.code === 420) return { reply: say(texts.pictureLater), isOpen: true };
    throw error;
  }
}

/** Changes whether the button beside the text field opens the commands, for everybody. */
export function menuButtonDone(deed: Deed, opensCommands: boolean, reply: Reply): Done {
  return changeDone(deed, menuButtonChange(0n, { _: opensCommands ? 'botMenuButtonCommands' : 'botMenuButtonDefault' }), reply);
}

/** Has a bot deleted together with the reply. */
export function deletionDone({ ownerId, bot, hands }: Deed, reply: Reply): Done {
  return {
    reply,
    change: (tx) =>
      unlessNoBot(async () => {
        await lockBotToEdit(tx, { botId: bot.bot_id, actorId: ownerId });
        // Taken from its owner, so that it is listed no more.
        await disownBot(tx, bot.bot_id);
        await hands.orderDeletion(tx, bot.bot_id);
        tx.afterCommit(() => hands.botChanged(bot.bot_id));
      }),
  };
}

/** A text on the page of the bot; `/empty` deletes it. */
function pageText(field: 'about' | 'description', question: (texts: Texts) => string, tooLong: (texts: Texts) => string): PurposeSpec {
  return {
    ask: ({ texts }) => say(question(texts)),
    act: (deed, value) => changeOrRefuse(deed, tooLong(deed.texts), () => textChange('', { [field]: value === EMPTY ? '' : value })),
  };
}

/** Reads a list of commands, one a line: `name - what it does`. Returns undefined if a line has another form. Pure. */
export function readCommands(text: string): tl.BotCommand[] | undefined {
  const commands: tl.BotCommand[] = [];
  for (const line of text.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, command, description] = COMMAND_LINE.exec(line) ?? [];
    if (command === undefined || description === undefined) return undefined;
    commands.push({ _: 'botCommand', command: command.toLowerCase(), description });
  }
  return commands;
}

/** What one does with a bot, by the command for it. */
const PURPOSES = {
  token: { act: (deed) => showToken(deed, false) },
  revoke: { act: (deed) => showToken(deed, true) },
  deletebot: {
    ask: ({ texts, bot }) => say(texts.askDelete(bot.first_name, bot.username ?? '')),
    act: (deed, value) => (value === deed.texts.deleteWords ? deletionDone(deed, say(deed.texts.deleted)) : { reply: say(deed.texts.deleteWordsWrong), isOpen: true }),
  },
  setname: {
    ask: ({ texts }) => say(texts.askName),
    act: (deed, value) => changeOrRefuse(deed, deed.texts.nameInvalid, () => textChange('', { name: value })),
  },
  setabouttext: pageText('about', (texts) => texts.askAbout, (texts) => texts.aboutTooLong),
  setdescription: pageText('description', (texts) => texts.askDescription, (texts) => texts.descriptionTooLong),
  setcommands: {
    ask: ({ texts }) => say(texts.askCommands),
    act(deed, value) {
      const commands = value === EMPTY ? [] : readCommands(value);
      if (commands === undefined) return { reply: say(deed.texts.commandsInvalid), isOpen: true };
      return changeOrRefuse(deed, deed.texts.commandsInvalid, () => commandChange({ place: EVERYWHERE, langCode: '' }, commands));
    },
  },
  setuserpic: { ask: ({ texts }) => say(texts.askPicture), act: changePicture },
  setmenubutton: {
    ask: async ({ bot, texts, hands }) => say(texts.askMenuButton(await hands.opensCommands(bot.bot_id)), keysOf([texts.menuCommands, texts.menuDefault])),
    act(deed, value) {
      const { texts } = deed;
      const isDefault = value === texts.menuDefault || value === EMPTY;
      if (isDefault || value === texts.menuCommands) return menuButtonDone(deed, !isDefault, say(texts.done));
      return { reply: say(LOOKS_LIKE_LINK.test(value) ? texts.noMiniApps : texts.useKeys, keysOf([texts.menuCommands, texts.menuDefault])), isOpen: true };
    },
  },
  setinline: {
    ask: ({ texts }) => say(texts.askPlaceholder),
    act(deed, value) {
      const placeholder = value === EMPTY ? null : cleanLine(value);
      if (placeholder !== null && (placeholder === '' || placeholder.length > INLINE_PLACEHOLDER_MAX)) return { reply: say(deed.texts.placeholderInvalid), isOpen: true };
      return changeDone(deed, settingChange({ inline_placeholder: placeholder }), say(deed.texts.done));
    },
  },
  setinlinefeedback: {
    ask: ({ texts }) => say(texts.askFeedback, keysOf(['0', '1', '10', '100'])),
    act(deed, value) {
      if (!/^(?:\d{1,2}|100)$/.test(value.trim())) return { reply: say(deed.texts.feedbackInvalid), isOpen: true };
      return changeDone(deed, settingChange({ inline_feedback: Number(value) }), say(deed.texts.done));
    },
  },
  setinlinegeo: twoKeys((texts) => texts.askInlineGeo, (row) => row.inline_geo, (isOn) => ({ inline_geo: isOn })),
  setjoingroups: twoKeys((texts) => texts.askGroups, (row) => row.joins_groups, (isOn) => ({ joins_groups: isOn })),
  setprivacy: twoKeys((texts) => texts.askPrivacy, (row) => !row.reads_all, (isOn) => ({ reads_all: !isOn })),
} as const satisfies Readonly<Record<Purpose, PurposeSpec>>;

/** Whether a word is such a command. */
export function isPurpose(word: string): word is Purpose {
  return Object.hasOwn(PURPOSES, word);
}

/** What is done for a purpose. */
export function specOf(purpose: Purpose): PurposeSpec {
  return PURPOSES[purpose];
}
