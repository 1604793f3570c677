import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';

/** What the provider says of a person, besides the subject. */
export type CompanyClaims = Readonly<Record<string, unknown>>;

/** Options of a provider. */
export interface CompanyProviderOptions {
  /** Whether each refresh token is replaced by another one when it is used. */
  rotates?: boolean;
  /** Whether the provider knows refresh tokens at all. */
  hasRefreshTokens?: boolean;
}

const CLIENT = { id: 'aerogram', secret: 'a secret of the tests' } as const;

const NOT_FOUND = 404;

/** How long everything of the provider lasts, in seconds. */
const LIFE_S = 3600;

const WHAT_LASTS = ['Interaction', 'Session', 'Grant', 'AccessToken', 'RefreshToken', 'IdToken', 'AuthorizationCode'] as const;

/**
 * A company's OpenID Connect provider on loopback. Whoever comes to its log-in page is logged in as {@link visitor}, and agrees to everything.
 */
export class TestCompanyProvider implements AsyncDisposable {
  /** Who is let in next; undefined: nobody, the log-in is broken off. */
  visitor: string | undefined;
  /** Answers requests in place of the provider; returns false where the provider shall answer. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  readonly #server: Server;
  readonly #people = new Map<string, CompanyClaims>();
  readonly #options: CompanyProviderOptions;
  #provider: Promise<Provider>;
  #open: (provider: Provider) => void = () => {};

  private constructor(server: Server, options: CompanyProviderOptions) {
    this.#server = server;
    this.#options = options;
    this.#provider = new Promise((resolve) => (this.#open = resolve));
    server.on('request', (request, response) => void this.#answer(request, response).catch(() => response.destroy()));
  }

  /** Listens. It answers when {@link serve} has named the server whose people log in. */
  static async listen(options: CompanyProviderOptions = {}): Promise<TestCompanyProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestCompanyProvider(server, options);
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The settings of a server whose people log in here. */
  get env(): Record<string, string> {
    return { AEROGRAM_OIDC_ISSUER: this.issuer, AEROGRAM_OIDC_CLIENT_ID: CLIENT.id, AEROGRAM_OIDC_CLIENT_SECRET: CLIENT.secret, AEROGRAM_OIDC_NAME: 'Example Ltd', AEROGRAM_OIDC_SCOPES: 'openid,profile,email,groups,offline_access' };
  }

  /** Lets people log in to a server. @param origin at which browsers reach it */
  async serve(origin: string): Promise<void> {
    const { default: OidcProvider } = await import('oidc-provider');
    const { rotates = true, hasRefreshTokens = true } = this.#options;
    const provider = new OidcProvider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [`${origin}/enter/back`],
          response_types: ['code'],
          grant_types: hasRefreshTokens ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
        },
      ],
      findAccount: (_context: unknown, sub: string) => {
        const claims = this.#people.get(sub);
        return claims && { accountId: sub, claims: () => ({ sub, ...claims }) };
      },
      claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name'], email: ['email', 'email_verified'], groups: ['groups'] },
      scopes: hasRefreshTokens ? ['openid', 'offline_access'] : ['openid'],
      cookies: { keys: ['a key of the tests'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      pkce: { required: () => true },
      rotateRefreshToken: rotates,
      ttl: Object.fromEntries(WHAT_LASTS.map((what) => [what, LIFE_S])),
    });
    this.#open(provider);
  }

  /** Says who somebody is; undefined: the person is disabled, so that refresh tokens are refused. */
  set(subject: string, claims: CompanyClaims | undefined): void {
    if (claims === undefined) this.#people.delete(subject);
    else this.#people.set(subject, claims);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.intercept(request, response)) return;
    const provider = await this.#provider;
    if (request.url?.startsWith('/interaction/') !== true) return provider.callback()(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (this.visitor === undefined) return provider.interactionFinished(request, response, { error: 'access_denied' });
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: this.visitor } });
    if (prompt.name !== 'consent') return void response.writeHead(NOT_FOUND).end();
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
