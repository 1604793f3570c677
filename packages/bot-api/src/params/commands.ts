import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/**
 * The commands that a bot sets. How many there may be, and of which characters, is checked where they are stored.
 * @throws BotError 400 `can't parse commands JSON object`, `expected an Array of BotCommand`, `can't parse BotCommand: …`
 */
export function readCommands(params: Pick<Params<'commands'>, 'json'>): tl.botCommand[] {
  const value = params.json('commands', 'commands') ?? [];
  if (!Array.isArray(value)) throw badRequest('expected an Array of BotCommand');
  return value.map(readCommand);
}

function readCommand(value: unknown): tl.botCommand {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse BotCommand: ");
  if (!isJsonObject(value)) throw fields.error('expected an Object');
  const command = fields.neededText('command').trim().replace(/^\//, '');
  return { _: 'botCommand', ...(fields.bool('is_ephemeral') && { ephemeral: true }), command, description: fields.neededText('description') };
}
