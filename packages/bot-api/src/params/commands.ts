import { COMMAND_DESCRIPTION_MAX } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/** Maximum length of a command (core.telegram.org/bots/api#botcommand). */
const COMMAND_MAX = 32;

/**
 * The commands that a bot sets. How many there may be, and of which characters, is checked where they are stored.
 * @throws BotError 400 `can't parse commands JSON object`, `expected an Array of BotCommand`, `can't parse BotCommand: …`, `command must be non-empty` and the like
 */
export function readCommands(params: Pick<Params<'commands'>, 'json'>): tl.botCommand[] {
  const value = params.json('commands', 'commands') ?? [];
  if (!Array.isArray(value)) throw badRequest('expected an Array of BotCommand');
  const commands = value.map(readCommand);
  for (const { command, description } of commands) {
    checkLength('command', command, COMMAND_MAX);
    checkLength('command description', description, COMMAND_DESCRIPTION_MAX);
  }
  return commands;
}

function readCommand(value: unknown): tl.botCommand {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse BotCommand: ");
  if (!isJsonObject(value)) throw fields.error('expected an Object');
  const command = fields.neededText('command').trim().replace(/^\//, '');
  return { _: 'botCommand', ...(fields.bool('is_ephemeral') && { ephemeral: true }), command, description: fields.neededText('description').trim() };
}

/** @param what what the error calls the text */
function checkLength(what: string, text: string, max: number): void {
  if (text === '') throw badRequest(`${what} must be non-empty`);
  if (text.length > max) throw badRequest(`${what} length must not exceed ${max}`);
}
