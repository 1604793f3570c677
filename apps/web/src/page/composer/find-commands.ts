import type { BotCommand, PeerId } from '../../protocol/index.ts';
import type { CommandQuery } from './writer.ts';

/** Commands that are shown at once. */
const SHOWN_MAX = 100;

/** A command as it is sent. */
export interface OfferedCommand extends BotCommand {
  text: string;
}

/**
 * The commands that begin with what is written, those that are written in full first. Pure.
 * @param query undefined: all
 * @param nameOf the username of a bot, for a chat in which others could be meant
 */
export function findCommands(commands: readonly BotCommand[], query: CommandQuery | undefined, nameOf: (bot: PeerId) => string | undefined): OfferedCommand[] {
  const found = commands.flatMap((each): OfferedCommand[] => {
    const username = nameOf(each.bot);
    const isMeant = query === undefined || (each.command.startsWith(query.command) && (query.username === '' || username?.toLowerCase().startsWith(query.username) === true));
    return isMeant ? [{ ...each, text: `/${each.command}${username === undefined ? '' : `@${username}`}` }] : [];
  });
  const isWhole = ({ command }: OfferedCommand): number => Number(command === query?.command);
  return found.sort((first, second) => isWhole(second) - isWhole(first)).slice(0, SHOWN_MAX);
}
