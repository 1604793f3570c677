import { type BotAnswer, BotHttp } from '@aerogram/dev-env';

import { checkResult } from '../../packages/bot-api/test/object-types.ts';

/** A bot over HTTP that compares each result with the types of the reference. */
export class CheckedBot extends BotHttp {
  override async ask(method: string, params?: Record<string, unknown>, signal?: AbortSignal): Promise<BotAnswer> {
    const answer = await super.ask(method, params, signal);
    const problems = answer.ok ? checkResult(method, answer.result) : [];
    if (problems.length > 0) throw new Error(`the result of ${method} is not as the reference says: ${problems.join(', ')}; it is ${JSON.stringify(answer.result)}`);
    return answer;
  }
}
