import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import { flagOf } from '../shared/index.ts';
import { INLINE_OFFSET_BYTES, INLINE_RESULTS_MAX, START_PARAM_MAX, SWITCH_TEXT_MAX } from './inline-limits.ts';
import { prepareResult, type ResultDeps } from './prepare-result.ts';

/** What a bot answers to an inline query. */
export type InlineAnswer = Omit<tl.messages.setInlineBotResults, '_' | 'query_id'>;

/**
 * Rebuilds the answer of a bot to an inline query. Media are as they are stored in messages; the id is that of no query yet.
 * @throws RpcError 400 RESULTS_TOO_MUCH, RESULT_ID_DUPLICATE, NEXT_OFFSET_INVALID, SWITCH_PM_TEXT_EMPTY, START_PARAM_EMPTY, START_PARAM_TOO_LONG,
 * START_PARAM_INVALID, SWITCH_WEBVIEW_URL_INVALID (there are no mini apps), and as {@link prepareResult}
 */
export async function prepareAnswer(deps: ResultDeps, botId: bigint, answer: InlineAnswer): Promise<tl.messages.botResults> {
  const { results: inputs, next_offset: next, switch_pm: switchPm } = answer;
  if (inputs.length > INLINE_RESULTS_MAX) throw rpcError('RESULTS_TOO_MUCH');
  if (new Set(inputs.map(({ id }) => id)).size !== inputs.length) throw rpcError('RESULT_ID_DUPLICATE');
  if (Buffer.byteLength(next ?? '') > INLINE_OFFSET_BYTES) throw rpcError('NEXT_OFFSET_INVALID');
  if (answer.switch_webview !== undefined) throw rpcError('SWITCH_WEBVIEW_URL_INVALID');
  const switch_pm = switchPm && prepareSwitch(switchPm);
  const results: tl.BotInlineResult[] = [];
  // One after the other, so that one bot does not take many connections to the database.
  for (const input of inputs) results.push(await prepareResult(deps, botId, input));
  return { _: 'messages.botResults', gallery: flagOf(answer.gallery), query_id: 0n, next_offset: next === '' ? undefined : next, switch_pm, results, cache_time: 0, users: [] };
}

function prepareSwitch({ text: raw, start_param }: tl.InlineBotSwitchPM): tl.inlineBotSwitchPM {
  const text = cleanLine(raw, SWITCH_TEXT_MAX);
  if (text === '') throw rpcError('SWITCH_PM_TEXT_EMPTY');
  if (start_param === '') throw rpcError('START_PARAM_EMPTY');
  if (start_param.length > START_PARAM_MAX) throw rpcError('START_PARAM_TOO_LONG');
  if (!/^[\w-]+$/.test(start_param)) throw rpcError('START_PARAM_INVALID');
  return { _: 'inlineBotSwitchPM', text, start_param };
}
