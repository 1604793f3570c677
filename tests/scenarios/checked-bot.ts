import { type BotAnswer, BotHttp } from '@aerogram/dev-env';
import { expect } from 'vitest';

import { checkResult } from '../../packages/bot-api/test/object-types.ts';

/** A bot over HTTP that compares each result with the types of the reference. */
export class CheckedBot extends BotHttp {
  override async ask(method: string, params?: Record<string, unknown>, signal?: AbortSignal): Promise<BotAnswer> {
    const answer = await super.ask(method, params, signal);
    if (answer.ok) expect({ method, problems: checkResult(method, answer.result) }).toEqual({ method, problems: [] });
    return answer;
  }
}
