import type { ShownInfo } from '../bot-info/index.ts';
import { BOT_FATHER_ID } from '../peers/index.ts';
import { textsFor } from './choose-texts.ts';
import { COMMAND_GROUPS } from './commands.ts';
import type { Texts } from './texts.ts';

/** All commands with what they do, as a message. Pure. */
export function helpOf({ intro, headings, commands: says }: Pick<Texts, 'intro' | 'headings' | 'commands'>): string {
  const groups = COMMAND_GROUPS.map(({ heading, commands }) => [...(heading === undefined ? [] : [headings[heading]]), ...commands.map((command) => `/${command} – ${says[command]}`)]);
  return [intro, ...groups.map((lines) => lines.join('\n'))].join('\n\n');
}

/**
 * What BotFather shows on its page and in its menu. It has no row in `bots`, so nothing of this is stored. Pure.
 * @param langCode the language of the viewer, two letters
 * @returns undefined for every other bot
 */
export function findFatherInfo(botId: bigint, langCode: string): ShownInfo | undefined {
  if (botId !== BOT_FATHER_ID) return undefined;
  const says = textsFor(langCode).commands;
  const commands = COMMAND_GROUPS.flatMap((group) => group.commands.map((command) => ({ _: 'botCommand' as const, command, description: says[command] })));
  return { commands, texts: { about: '', description: '' }, opensCommands: true };
}
