import type { tl } from '@aerogram/tl';

import { isJsonObject, JsonFields } from '../params/json-fields.ts';
import { readWebApp } from '../params/menu-button.ts';
import type { Params } from '../params/params.ts';

/** What stands above the results of an inline query. */
export type ResultsButton = Pick<tl.messages.setInlineBotResults, 'switch_pm' | 'switch_webview'>;

/**
 * Reads the button above the results: from `button`, or else from the two parameters that were there before it.
 * @throws BotError 400 `can't parse inline query results button JSON object`, `can't parse inline query results button: …`
 */
export function readResultsButton(params: Pick<Params<'button' | 'switch_pm_text' | 'switch_pm_parameter'>, 'json' | 'text'>): ResultsButton {
  const value = params.json('button', 'inline query results button');
  if (value !== undefined) return readButton(value);
  const text = params.text('switch_pm_text');
  return text === '' ? {} : { switch_pm: { _: 'inlineBotSwitchPM', text, start_param: params.text('switch_pm_parameter') } };
}

function readButton(value: unknown): ResultsButton {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse inline query results button: ");
  if (!isJsonObject(value)) throw fields.error('InlineQueryResultsButton must be an Object');
  const text = fields.neededText('text');
  if (fields.has('start_parameter') === fields.has('web_app')) throw fields.error('InlineQueryResultsButton must have exactly one optional field');
  if (fields.has('web_app')) return { switch_webview: { _: 'inlineBotWebView', text, url: readWebApp(fields) } };
  return { switch_pm: { _: 'inlineBotSwitchPM', text, start_param: fields.text('start_parameter') } };
}
