import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const importBotAuthorization = defineMethod({
  method: 'auth.importBotAuthorization',
  access: 'any',
  cost: 20,
  quotas: ['tokenGuesses', 'tokenGuessesOfAddress'],
  limits: { strings: { bot_auth_token: { max: 64, error: 'ACCESS_TOKEN_INVALID' } } },
  repeat: 'idempotent',
  handler: async (ctx, { bot_auth_token, api_id, api_hash }) =>
    projectAuthorization(ctx, await ctx.domain.auth.bots.doImportBotAuthorization(loginDevice(ctx), bot_auth_token, { apiId: api_id, apiHash: api_hash })),
});
