import { JsonText } from '../bot-call.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readAllowed } from '../updates/allowed-updates.ts';

const LIMIT_MAX = 100;
const TIMEOUT_MAX_S = 50;

/** Numbers that are out of range count as the nearest one that is not. */
export const getUpdates = defineBotMethod({
  method: 'getUpdates',
  params: ['offset', 'limit', 'timeout', 'allowed_updates'],
  async run({ botId, tokenHash, checkToken, receivers, signal }, params) {
    const request = {
      tokenHash: tokenHash ?? new Uint8Array(),
      checkToken,
      offset: params.int('offset'),
      limit: Math.min(Math.max(params.int('limit', LIMIT_MAX), 1), LIMIT_MAX),
      timeoutMs: Math.min(Math.max(params.int('timeout'), 0), TIMEOUT_MAX_S) * 1000,
      allowed: readAllowed(params),
    };
    const updates = await receivers.poll(botId, request, signal);
    // Each was written as JSON when it was stored.
    return new JsonText(`[${updates.map(({ json }) => json).join(',')}]`);
  },
});
