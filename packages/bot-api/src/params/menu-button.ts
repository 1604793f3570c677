import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/**
 * The button beside the text field that a bot sets. Without one, it is the usual one.
 * @throws BotError 400 `can't parse menu button JSON object`, `can't parse menu button: …`
 */
export function readMenuButton(params: Pick<Params<'menu_button'>, 'json'>): tl.BotMenuButton {
  const value = params.json('menu_button', 'menu button');
  return value === undefined ? { _: 'botMenuButtonDefault' } : readButton(value);
}

function readButton(value: unknown): tl.BotMenuButton {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse menu button: ");
  if (!isJsonObject(value)) throw fields.error('MenuButton must be an Object');
  switch (fields.neededText('type')) {
    case 'default':
      return { _: 'botMenuButtonDefault' };
    case 'commands':
      return { _: 'botMenuButtonCommands' };
    case 'web_app':
      return { _: 'botMenuButton', text: fields.neededText('text'), url: readWebApp(fields) };
    default:
      throw fields.error('MenuButton has unsupported type');
  }
}

/** The address of the mini app that an object has in its field `web_app`. @throws BotError 400 */
export function readWebApp(fields: JsonFields): string {
  const app = fields.fields('web_app');
  if (app === undefined) throw fields.error('Can\'t find field "web_app"');
  return app.neededText('url');
}

/**
 * The person whose button is meant; everybody without `chat_id`.
 * @throws BotError 400 `invalid chat_id specified`
 */
export function readButtonPerson(params: Pick<Params<'chat_id'>, 'has' | 'int'>): tl.InputUser {
  if (!params.has('chat_id')) return { _: 'inputUserEmpty' };
  const userId = params.int('chat_id');
  if (userId <= 0) throw badRequest('invalid chat_id specified');
  return { _: 'inputUser', user_id: BigInt(userId), access_hash: 0n };
}

/** The MenuButton object of a button. */
export function projectMenuButton(button: tl.BotMenuButton): object {
  switch (button._) {
    case 'botMenuButtonDefault':
      return { type: 'default' };
    case 'botMenuButtonCommands':
      return { type: 'commands' };
    case 'botMenuButton':
      return { type: 'web_app', text: button.text, web_app: { url: button.url } };
  }
}
