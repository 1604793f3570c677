import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine, NAME_MAX } from '../peers/index.ts';
import { isVisibleText } from '../shared/index.ts';

/** Maximum number of commands in a list. */
export const COMMANDS_MAX = 100;
/** Maximum length of the description of a command in UTF-16 units. */
export const COMMAND_DESCRIPTION_MAX = 256;
/** Maximum length of what the profile page of a bot says. */
const ABOUT_MAX = 120;
/** Maximum length of what an empty chat with a bot says. */
const DESCRIPTION_MAX = 512;

/**
 * Checks the language of texts and commands: two letters, or none.
 * @throws RpcError 400 LANG_CODE_INVALID
 */
export function checkLangCode(langCode: string): void {
  if (!/^(?:[a-z]{2})?$/.test(langCode)) throw rpcError('LANG_CODE_INVALID');
}

/**
 * Rebuilds the commands that a bot sets.
 * @throws RpcError 400 BOT_COMMAND_INVALID (also for commands whose answers only one member sees: the server has none), BOT_COMMAND_DESCRIPTION_INVALID
 */
export function checkedCommands(commands: readonly tl.BotCommand[]): tl.botCommand[] {
  if (commands.length > COMMANDS_MAX) throw rpcError('BOT_COMMAND_INVALID');
  return commands.map(({ command, description, ephemeral }) => {
    if (ephemeral === true || !/^[a-z0-9_]{1,32}$/.test(command)) throw rpcError('BOT_COMMAND_INVALID');
    const line = cleanLine(description);
    if (line === '' || line.length > COMMAND_DESCRIPTION_MAX) throw rpcError('BOT_COMMAND_DESCRIPTION_INVALID');
    return { _: 'botCommand', command, description: line };
  });
}

/** The texts of a bot. */
export interface BotTexts {
  name: string;
  about: string;
  /** What an empty chat with the bot says. */
  description: string;
}

/** Texts to change; undefined leaves one as it is, and '' removes it. */
export type BotTextChange = { [key in keyof BotTexts]?: string | undefined };

/**
 * Rebuilds the texts that a bot or its owner sets.
 * @throws RpcError 400 FIRSTNAME_INVALID, ABOUT_TOO_LONG, INPUT_TEXT_TOO_LONG
 */
export function checkedTexts({ name, about, description }: BotTextChange): Partial<BotTexts> {
  const made: Partial<BotTexts> = {};
  if (name !== undefined) made.name = cleanLine(name);
  if (about !== undefined) made.about = cleanLine(about);
  // May have several lines.
  if (description !== undefined) made.description = isVisibleText(description.slice(0, 4 * DESCRIPTION_MAX)) ? description.replaceAll(/[\p{Cs}\0]+/gu, '').trim() : '';
  if ((made.name?.length ?? 0) > NAME_MAX) throw rpcError('FIRSTNAME_INVALID');
  if ((made.about?.length ?? 0) > ABOUT_MAX) throw rpcError('ABOUT_TOO_LONG');
  if ((made.description?.length ?? 0) > DESCRIPTION_MAX) throw rpcError('INPUT_TEXT_TOO_LONG');
  return made;
}

/** The language of a viewer as bots name it: the first two letters of what the client says. Pure. */
export function langCodeOf(clientCode: string | undefined): string {
  return /^[a-z]{2}(?![a-z])/.exec((clientCode ?? '').toLowerCase())?.[0] ?? '';
}
