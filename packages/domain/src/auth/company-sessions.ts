import { equalBytes } from '@aerogram/crypto';

import type { DomainDeps, WebTokenDevice } from '../shared/index.ts';
import type { CompanyAccounts, EnteredAccount } from './company-accounts.ts';
import { hashOfSecret } from './hash-of-secret.ts';
import { deleteSession, findSession, insertAttempt, insertSession, insertWebToken, lockWebToken, spendWebToken, takeAttempt } from './company-session-store.ts';

/** How long a person may take to log in at the provider, in seconds. */
export const ATTEMPT_LIFE_S = 600;

/** How long a browser may see codes before the person has to log in at the provider again, in seconds. */
export const SESSION_LIFE_S = 3600;

/** How long a web token can be used, in seconds. */
export const WEB_TOKEN_LIFE_S = 120;

const SECRET_BYTES = 32;

/** Secrets, and what the web client makes up itself. */
const SECRET = /^[\w-]{22,86}$/;

/** What goes to the provider with a log-in. */
export interface CompanyAttempt {
  state: string;
  nonce: string;
  /** Of PKCE. */
  verifier: string;
}

/** What a log-in was begun with. */
export interface TakenAttempt {
  nonce: string;
  verifier: string;
  /** Hash of what the web client knows that began it; undefined: the page at /enter did. */
  webSecretHash: Uint8Array | undefined;
}

/** What browsers hold on their way through the provider. All of it is random, and kept as hashes only. */
export class CompanySessions {
  readonly #deps: DomainDeps;
  readonly #accounts: CompanyAccounts;

  constructor(deps: DomainDeps, accounts: CompanyAccounts) {
    this.#deps = deps;
    this.#accounts = accounts;
  }

  /** Returns a secret for a cookie. */
  newSecret(): string {
    return Buffer.from(this.#deps.random.bytes(SECRET_BYTES)).toString('base64url');
  }

  /** Whether a text can be a secret of {@link newSecret} or of the web client. Pure. */
  isSecret(text: string): boolean {
    return SECRET.test(text);
  }

  /** Begins a log-in at the provider, which the same browser has to end. @param webSecret what the web client knows that began it */
  async doBegin(browser: string, webSecret: string | undefined): Promise<CompanyAttempt> {
    const { db, clock } = this.#deps;
    const [state, nonce, verifier] = [this.newSecret(), this.newSecret(), this.newSecret()];
    const row = { state_hash: hashOfSecret(state), browser_hash: hashOfSecret(browser), nonce, verifier, web_secret_hash: webSecret === undefined ? null : hashOfSecret(webSecret), created_date: clock.now() };
    await db.transact('begin-to-enter', (tx) => insertAttempt(tx, row, clock.now() - ATTEMPT_LIFE_S));
    return { state, nonce, verifier };
  }

  /** Ends a log-in, whatever came of it. @returns undefined if this browser has not begun it, or it ended before */
  async doTake(browser: string, state: string): Promise<TakenAttempt | undefined> {
    const { db, clock } = this.#deps;
    const row = await db.transact('end-entering', (tx) => takeAttempt(tx, { stateHash: hashOfSecret(state), browserHash: hashOfSecret(browser) }));
    if (!row || row.created_date < clock.now() - ATTEMPT_LIFE_S) return undefined;
    return { nonce: row.nonce, verifier: row.verifier, webSecretHash: row.web_secret_hash ?? undefined };
  }

  /** Lets a browser see the codes of a user. @returns the secret of its cookie */
  async doOpen(userId: bigint): Promise<string> {
    const { db, clock } = this.#deps;
    const secret = this.newSecret();
    await db.transact('open-session', (tx) => insertSession(tx, { session_hash: hashOfSecret(secret), user_id: userId, created_date: clock.now() }, clock.now() - SESSION_LIFE_S));
    return secret;
  }

  /** What a browser may see; undefined if that is nothing. */
  async find(secret: string): Promise<EnteredAccount | undefined> {
    const { db, clock } = this.#deps;
    const userId = await findSession(db, hashOfSecret(secret), clock.now() - SESSION_LIFE_S);
    return userId === undefined ? undefined : this.#accounts.findEntered(userId);
  }

  /** The browser shall see nothing any more. */
  async doClose(secret: string): Promise<void> {
    await this.#deps.db.transact('close-session', (tx) => deleteSession(tx, hashOfSecret(secret)));
  }

  /** Makes a token with which the web client logs in that knows the secret of this hash. */
  async doMakeWebToken(userId: bigint, secretHash: Uint8Array): Promise<string> {
    const { db, clock } = this.#deps;
    const token = this.newSecret();
    await db.transact('make-web-token', (tx) => insertWebToken(tx, { token_hash: hashOfSecret(token), secret_hash: secretHash, user_id: userId, auth_key_id: null, created_date: clock.now() }));
    return token;
  }

  /**
   * Spends a web token. The key that has spent it may repeat its call.
   * @param given token and secret of the web client, with a full stop between them
   * @returns the user whom it is for; undefined if it is not valid for this device
   */
  async take(given: string, device: WebTokenDevice & { permAuthKeyId: bigint }): Promise<bigint | undefined> {
    const [token = '', secret = '', ...more] = given.split('.');
    if (!SECRET.test(token) || !SECRET.test(secret) || more.length > 0) return undefined;
    const { db, clock } = this.#deps;
    const tokenHash = hashOfSecret(token);
    const { permAuthKeyId: authKeyId, userId, pendingUserId } = device;
    return db.transact('take-web-token', async (tx) => {
      const row = await lockWebToken(tx, tokenHash, clock.now() - WEB_TOKEN_LIFE_S);
      if (!row || !equalBytes(row.secret_hash, hashOfSecret(secret))) return undefined;
      const isRepeat = row.auth_key_id === authKeyId && (userId ?? pendingUserId) === row.user_id;
      // A device that is logged in as somebody else stays that.
      if (!isRepeat && (row.auth_key_id !== null || (userId !== undefined && userId !== row.user_id))) return undefined;
      const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', row.user_id).executeTakeFirst();
      if (typeof user?.phone !== 'string' || !(await this.#accounts.mayEnter(tx, row.user_id, user.phone))) return undefined;
      await spendWebToken(tx, tokenHash, authKeyId);
      return row.user_id;
    });
  }
}
