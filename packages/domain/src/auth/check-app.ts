import { equalBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';

/** What an app calls itself with. */
export interface AppCredentials {
  apiId: number;
  apiHash: string;
}

/** Any app may come unless a list is configured (rule P9). @throws RpcError 400 API_ID_INVALID */
export function checkApp(allowed: readonly AppCredentials[], app: AppCredentials): void {
  const given = Buffer.from(app.apiHash);
  if (allowed.length > 0 && !allowed.some(({ apiId, apiHash }) => apiId === app.apiId && equalBytes(Buffer.from(apiHash), given))) {
    throw rpcError('API_ID_INVALID');
  }
}
