import { equalBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';

/** The api_id and api_hash of an app. */
export interface AppCredentials {
  apiId: number;
  apiHash: string;
}

/**
 * Checks an app against the configured list; without a list any app is allowed (rule P9, DC ids).
 * @throws RpcError 400 API_ID_INVALID
 */
export function checkApp(allowed: readonly AppCredentials[], app: AppCredentials): void {
  const given = Buffer.from(app.apiHash);
  if (allowed.length > 0 && !allowed.some(({ apiId, apiHash }) => apiId === app.apiId && equalBytes(Buffer.from(apiHash), given))) {
    throw rpcError('API_ID_INVALID');
  }
}
