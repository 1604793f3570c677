import type { CompanyClaims, RefreshAnswer } from '@aerogram/domain';
import { type Clock, type Config, isLocalUrl, type Logger } from '@aerogram/runtime';
import type * as oidc from 'openid-client';
import { judgeRefreshError } from './judge-refresh-error.ts';

/** How long an answer of the provider is waited for, in seconds. */
const ANSWER_S = 20;

/** For how long the provider's description of itself is used, in milliseconds; after that the last one counts if there is no newer one. */
const KNOWN_MS = 6 * 3600_000;

/** After a failure, the provider is not asked for its description for so long, in milliseconds. */
const PAUSE_MS = 5000;

export type ProviderConfig = Pick<Config, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcScopes' | 'oidcPrompt'>;

/** The library, which is loaded only where people log in with the account of their company. */
const load = () => import('openid-client');

/** What the provider has said of itself. */
interface Opened {
  library: typeof oidc;
  configuration: oidc.Configuration;
  atMs: number;
}

/** What goes to the provider with a log-in. */
export interface Asked {
  redirectUri: string;
  state: string;
  nonce: string;
  verifier: string;
}

/** A person whom the provider has let in. */
export interface LetIn {
  issuer: string;
  claims: CompanyClaims;
  refreshToken: string | undefined;
}

/** The provider has not let somebody in, or its answer was not meant for this log-in. */
export class NotLetIn extends Error {}

/** The provider cannot be asked now. */
export class ProviderAway extends Error {}

/** The OpenID Connect provider of a company. */
export class CompanyProvider {
  readonly #config: ProviderConfig;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #log: Logger;
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #failedMs = Number.NEGATIVE_INFINITY;

  constructor({ config, clock, log }: { config: ProviderConfig; clock: Pick<Clock, 'monotonicMs'>; log: Logger }) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
  }

  /** Asks the provider what it can do, and names what is missing in the log. A provider that is away is asked again when somebody wants to log in. */
  async look(): Promise<void> {
    try {
      const { configuration } = await this.#open();
      const { scopes_supported: scopes, grant_types_supported: grants, issuer } = configuration.serverMetadata();
      const isAsked = this.#config.oidcScopes.includes('offline_access');
      const gives = isAsked && grants?.includes('refresh_token') !== false && scopes?.includes('offline_access') !== false;
      if (gives) this.#log.info({ issuer }, 'people log in with the account of their company');
      else this.#log.warn({ issuer }, 'the provider of the company gives no refresh tokens (scope offline_access): whoever is disabled there stays logged in here');
    } catch {
      // It is in the log already.
    }
  }

  /** Its name for itself. @throws ProviderAway */
  async issuer(): Promise<string> {
    return (await this.#open()).configuration.serverMetadata().issuer;
  }

  /** The address to which the browser is sent. @throws ProviderAway */
  async begin({ redirectUri, state, nonce, verifier }: Asked): Promise<URL> {
    const { library, configuration } = await this.#open();
    const { oidcScopes, oidcPrompt } = this.#config;
    return library.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: oidcScopes.join(' '),
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(oidcPrompt === 'omit' ? {} : { prompt: oidcPrompt }),
    });
  }

  /**
   * Finds out whom the provider has let in. What the ID token says counts before the user info.
   * @param query with which the browser came back
   * @throws NotLetIn, ProviderAway
   */
  async finish(query: string, { redirectUri, state, nonce, verifier }: Asked): Promise<LetIn> {
    const { library, configuration } = await this.#open();
    const url = new URL(redirectUri);
    url.search = query;
    try {
      const tokens = await library.authorizationCodeGrant(configuration, url, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true });
      const claims = tokens.claims()!;
      const { issuer, userinfo_endpoint } = configuration.serverMetadata();
      const info = userinfo_endpoint === undefined ? {} : await library.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return { issuer, claims: { ...info, ...claims }, refreshToken: tokens.refresh_token };
    } catch (error) {
      const isAnswer = error instanceof library.AuthorizationResponseError || (error instanceof library.ResponseBodyError && error.status < 500);
      const reason = describe(error);
      this.#log.info({ issuer: this.#config.oidcIssuer, reason }, isAnswer ? 'the provider of the company did not let somebody in' : 'the provider of the company gave no answer to a log-in that can be used');
      throw isAnswer ? new NotLetIn(reason) : new ProviderAway(reason);
    }
  }

  /** Uses a refresh token. */
  async refresh(refreshToken: string): Promise<RefreshAnswer> {
    let opened: Opened;
    try {
      opened = await this.#open();
    } catch (error) {
      return { kind: 'unused', reason: describe(error) };
    }
    try {
      const tokens = await opened.library.refreshTokenGrant(opened.configuration, refreshToken);
      return { kind: 'valid', refreshToken: tokens.refresh_token };
    } catch (error) {
      return judgeRefreshError(error);
    }
  }

  async #open(): Promise<Opened> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#opened && nowMs - this.#opened.atMs < KNOWN_MS) return this.#opened;
    if (nowMs - this.#failedMs < PAUSE_MS) {
      if (this.#opened) return this.#opened;
      throw new ProviderAway('the provider was asked just now');
    }
    this.#opening ??= this.#discover().finally(() => (this.#opening = undefined));
    try {
      this.#opened = await this.#opening;
      return this.#opened;
    } catch (error) {
      this.#failedMs = this.#clock.monotonicMs();
      this.#log.warn({ issuer: this.#config.oidcIssuer, reason: describe(error) }, 'the provider of the company cannot be asked');
      if (this.#opened) return this.#opened;
      throw new ProviderAway(describe(error));
    }
  }

  async #discover(): Promise<Opened> {
    const library = await load();
    const { oidcIssuer, oidcClientId, oidcClientSecret: secret } = this.#config;
    const issuer = new URL(oidcIssuer!);
    const execute = isLocalUrl(oidcIssuer!) ? [library.allowInsecureRequests] : [];
    const found = await library.discovery(issuer, oidcClientId!, undefined, library.None(), { timeout: ANSWER_S, execute });
    const metadata = found.serverMetadata();
    // Without a list, this is the one that providers have (RFC 8414, 2).
    const isBasic = metadata.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true;
    const authentication = secret === undefined ? library.None() : isBasic ? library.ClientSecretBasic(secret) : library.ClientSecretPost(secret);
    const configuration = new library.Configuration(metadata, oidcClientId!, undefined, authentication);
    configuration.timeout = ANSWER_S;
    for (const extend of execute) extend(configuration);
    return { library, configuration, atMs: this.#clock.monotonicMs() };
  }
}

/** What went wrong, without what the provider says of a person. Pure. */
function describe(error: unknown): string {
  const { error: name, code, message, cause } = error as { error?: string; code?: string; message?: string; cause?: { code?: unknown } };
  const why = typeof cause?.code === 'string' ? `: ${cause.code}` : '';
  return `${name ?? code ?? message ?? 'unknown'}${why}`.slice(0, 200);
}
