import { defineBotMethod } from '../define-bot-method.ts';
import { findFiles } from '../inline/find-files.ts';
import { readResultsButton } from '../inline/read-button.ts';
import { readResults } from '../inline/read-results.ts';
import { readQueryId } from '../params/query-id.ts';

/** For how long results are given out again if the bot does not say it, in seconds (core.telegram.org/bots/api#answerinlinequery). */
const CACHE_USUAL_S = 300;

/** For how long at most. */
const CACHE_MAX_S = 24 * 3600;

export const answerInlineQuery = defineBotMethod({
  method: 'answerInlineQuery',
  params: ['inline_query_id', 'results', 'cache_time', 'is_personal', 'next_offset', 'button', 'switch_pm_text', 'switch_pm_parameter'],
  async run(call, params) {
    const { results, isGallery } = readResults(params);
    const button = readResultsButton(params);
    return call.invoke({
      _: 'messages.setInlineBotResults',
      gallery: isGallery || undefined,
      private: params.bool('is_personal') || undefined,
      query_id: readQueryId(params, 'inline_query_id'),
      results: await findFiles(call, results),
      cache_time: Math.min(Math.max(0, params.int('cache_time', CACHE_USUAL_S)), CACHE_MAX_S),
      next_offset: params.text('next_offset'),
      ...button,
    });
  },
});
