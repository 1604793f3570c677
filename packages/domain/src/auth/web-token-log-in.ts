import { rpcError } from '@aerogram/errors';

import { type DomainDeps, ExactQuota, refuseWait } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { CompanySessions } from './company-sessions.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { tellLogInFailure } from './log-in-events.ts';

/** What the log-in by web tokens stands on. */
export interface WebTokenParts {
  users: Users;
  logIn: LogIn;
  companySessions: Pick<CompanySessions, 'take'>;
}

/** The log-in by a web token, which browsers have that come back from the company's provider, or from a link of a program that contains the server (`DomainDeps.webTokens`). */
export class WebTokenLogIn {
  readonly #deps: DomainDeps;
  readonly #parts: WebTokenParts;
  readonly #guesses: ExactQuota;

  constructor(deps: DomainDeps, parts: WebTokenParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#guesses = new ExactQuota(deps, 'webTokenGuesses');
  }

  /**
   * Logs a device in as the user of the token. Wrong tokens are counted, and a right one always works.
   * @returns the id of the user
   * @throws RpcError 400 API_ID_INVALID, TOKEN_EMPTY, TOKEN_INVALID, 401 SESSION_PASSWORD_NEEDED (the token was right), 420 FLOOD_WAIT
   */
  async doImportWebToken(device: LoginDevice, token: string, app: AppCredentials): Promise<bigint> {
    const { config, db, webTokens } = this.#deps;
    const { users, logIn } = this.#parts;
    checkApp(config.allowedApps, app);
    if (token === '') throw rpcError('TOKEN_EMPTY');
    if (webTokens === undefined && config.oidcClientId === undefined) throw rpcError('TOKEN_INVALID');
    const given = webTokens?.take(token, device);
    const userId = given ?? (await this.#parts.companySessions.take(token, device));
    if (userId === undefined) {
      await refuseWait(this.#guesses.take(device.address, 1));
      tellLogInFailure(this.#deps, { reason: 'web_token', address: device.address });
      throw rpcError('TOKEN_INVALID');
    }
    const user = await users.findRow(userId);
    if (!user || user.deleted) throw rpcError('TOKEN_INVALID');
    const entry = await db.transact('log-in-by-web-token', (tx) => logIn.enter(tx, device, userId, { how: given === undefined ? 'company' : 'web_token' }));
    await logIn.announce(device, userId, entry);
    if (entry.passwordNeeded) throw rpcError('SESSION_PASSWORD_NEEDED');
    return userId;
  }
}
