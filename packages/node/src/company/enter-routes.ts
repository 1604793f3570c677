import type { IncomingMessage, ServerResponse } from 'node:http';
import { ATTEMPT_LIFE_S, type Domain, isInGroup, readPerson, SESSION_LIFE_S } from '@aerogram/domain';
import type { ClientAddress } from '@aerogram/gateway';
import { type Clock, type Config, ENTER_PATH, type Logger, TokenBuckets, webAddressOf } from '@aerogram/runtime';
import { cookieName, readCookie, writeCookie } from '../http/cookies.ts';
import { networkOfClient } from '../http/network-of-client.ts';
import { isOfOwnPage, notAllowed, type PageAnswer, sendPage, tooMany } from '../http/send-page.ts';
import { describeCodes, EnterPages } from './enter-page.ts';
import { type CompanyProvider, NotLetIn, ProviderAway } from './provider.ts';

/** How many requests one address may make. A log-in is three; a whole office has one address, and comes in the morning. */
const REQUESTS = { capacity: 150, tokensPerSecond: 2, maxBuckets: 50_000 };
/** How often the open pages of one address may ask for codes. */
const ASKING = { capacity: 600, tokensPerSecond: 150, maxBuckets: 50_000 };
/** What it costs in addition that a browser comes back with something that it has not begun. */
const STRANGE_COST = 10;

/** The cookie that binds a log-in to the browser that has begun it. */
const BROWSER = 'aerogram_browser';
/** The cookie of a browser that may see codes. */
const SESSION = 'aerogram_enter';

/** What the pages at /enter stand on. */
export interface EnterRoutesDeps {
  auth: Pick<Domain['auth'], 'companyAccounts' | 'companySessions'>;
  provider: Pick<CompanyProvider, 'begin' | 'finish'>;
  config: Pick<Config, 'webAddress' | 'httpPort' | 'tlsCert' | 'oidcName' | 'oidcGroups' | 'oidcGroupsClaim' | 'mailDomains' | 'homeDcId'>;
  clock: Clock;
  log: Logger;
}

/** Answers requests for the pages at /enter. */
export type EnterHandler = (path: string, request: IncomingMessage, response: ServerResponse, client: ClientAddress) => void;

interface Call {
  request: IncomingMessage;
  /** The query, without the question mark. */
  query: URLSearchParams;
  client: ClientAddress;
  /** The origin at which browsers reach these pages. */
  origin: string;
  pages: EnterPages;
  network: string | undefined;
}

/** Creates what answers requests for the pages at /enter, where people log in with the account of their company. */
export function createEnterRoutes(deps: EnterRoutesDeps): EnterHandler {
  const { config, clock, log } = deps;
  const requests = new TokenBuckets(clock, REQUESTS);
  const asking = new TokenBuckets(clock, ASKING);
  const routes = new EnterRoutes(deps, (network) => network !== undefined && requests.charge(network, STRANGE_COST));

  return (path, request, response, client) => {
    // Request bodies are ignored; an unread one would block the connection's next request.
    request.resume();
    const origin = webAddressOf(config, config.httpPort || client.localPort);
    const pages = new EnterPages({ name: config.oidcName, address: `${origin}${ENTER_PATH}`, sessionS: SESSION_LIFE_S });
    const network = networkOfClient(request, client);
    const waitS = network === undefined ? 0 : (path === `${ENTER_PATH}/codes` ? asking : requests).take(network, 1);
    const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
    const answer = waitS > 0 ? Promise.resolve(tooMany(waitS)) : routes.answer(path, { request, query, client, origin, pages, network });
    answer
      .catch((error: unknown): PageAnswer => {
        if (error instanceof ProviderAway) return { status: 503, headers: { 'Retry-After': '5' }, body: pages.renderProblem('Not now', `The server cannot reach the log-in of ${config.oidcName} at the moment. Try again in a while.`) };
        log.error({ err: error }, 'a page at /enter failed');
        return { status: 503, headers: { 'Retry-After': '5' }, body: pages.renderProblem('Not now', 'Something went wrong in the server. Try again in a while.') };
      })
      .then((done) => sendPage(response, done, { policy: pages.policy, isHead: request.method === 'HEAD' }))
      .catch(() => response.destroy());
  };
}

class EnterRoutes {
  readonly #deps: EnterRoutesDeps;
  readonly #chargeStrange: (network: string | undefined) => void;

  constructor(deps: EnterRoutesDeps, chargeStrange: (network: string | undefined) => void) {
    this.#deps = deps;
    this.#chargeStrange = chargeStrange;
  }

  async answer(path: string, call: Call): Promise<PageAnswer> {
    const { method } = call.request;
    if (path === `${ENTER_PATH}/out`) return method === 'POST' ? this.#leave(call) : notAllowed('POST');
    if (path === ENTER_PATH && method === 'HEAD') return this.#show(call);
    if (method !== 'GET') return notAllowed('GET');
    switch (path.slice(ENTER_PATH.length)) {
      case '':
        return this.#show(call);
      case '/codes':
        return this.#listCodes(call);
      case '/go':
        return this.#begin(call, undefined);
      case '/web': {
        const secret = call.query.get('with') ?? '';
        return this.#deps.auth.companySessions.isSecret(secret) ? this.#begin(call, secret) : { status: 400, body: call.pages.renderProblem('Not complete', 'The web client has to begin this log-in.') };
      }
      case '/back':
        return this.#comeBack(call);
      default:
        return { status: 404, body: call.pages.renderProblem('Nothing to see here', 'There is no such page.') };
    }
  }

  async #show(call: Call): Promise<PageAnswer> {
    const entered = await this.#findEntered(call);
    return { status: 200, body: entered ? call.pages.renderEntered(entered) : call.pages.renderStart() };
  }

  async #listCodes(call: Call): Promise<PageAnswer> {
    const entered = await this.#findEntered(call);
    return entered ? json(200, { codes: describeCodes(entered.codes) }) : json(401, {});
  }

  async #findEntered(call: Call) {
    const { companySessions } = this.#deps.auth;
    const secret = cookieOf(call, SESSION);
    return secret !== undefined && companySessions.isSecret(secret) ? companySessions.find(secret) : undefined;
  }

  async #begin(call: Call, webSecret: string | undefined): Promise<PageAnswer> {
    const { provider, auth } = this.#deps;
    const { companySessions } = auth;
    const known = cookieOf(call, BROWSER);
    const browser = known !== undefined && companySessions.isSecret(known) ? known : companySessions.newSecret();
    const asked = await companySessions.doBegin(browser, webSecret);
    const location = await provider.begin({ ...asked, redirectUri: backOf(call) });
    return { status: 303, location: location.href, cookies: [this.#cookie(call, BROWSER, browser, ATTEMPT_LIFE_S)] };
  }

  async #comeBack(call: Call): Promise<PageAnswer> {
    const { provider, auth, config, log } = this.#deps;
    const { companySessions, companyAccounts } = auth;
    const { query, client, pages, network } = call;
    const address = client.remoteAddress;
    const [states, browser] = [query.getAll('state'), cookieOf(call, BROWSER)];
    const [state = ''] = states;
    const isWhole = states.length === 1 && companySessions.isSecret(state) && browser !== undefined && companySessions.isSecret(browser);
    const begun = isWhole ? await companySessions.doTake(browser, state) : undefined;
    if (!begun) {
      this.#chargeStrange(network);
      log.info({ event: 'enter_refused', reason: 'state', address }, 'a browser came back from the provider with a log-in that it has not begun, or that has ended');
      return { status: 400, body: pages.renderProblem('Please begin again', 'This log-in has ended, or was begun in another browser.') };
    }
    const { nonce, verifier, webSecretHash } = begun;
    const letIn = await provider.finish(query.toString(), { state, nonce, verifier, redirectUri: backOf(call) }).catch((error: unknown) => {
      if (error instanceof NotLetIn) return undefined;
      throw error;
    });
    const refuse = (reason: Parameters<typeof companyAccounts.noteRefused>[0], text: string): PageAnswer => {
      companyAccounts.noteRefused(reason, address);
      return { status: 403, body: pages.renderProblem('You cannot log in', text) };
    };
    if (!letIn) return refuse('provider', `You were not let in by the log-in of ${config.oidcName}.`);
    const person = readPerson(letIn.issuer, letIn.claims, config.mailDomains);
    if (!person) return refuse('subject', 'The provider does not say who you are. Tell the operator of this server.');
    if (!isInGroup(letIn.claims, config.oidcGroupsClaim, config.oidcGroups)) return refuse('group', 'You are in none of the groups that may use this server.');
    const outcome = await companyAccounts.doEnter(person, { refreshToken: letIn.refreshToken, address });
    if (outcome.kind === 'banned') return { status: 403, body: pages.renderProblem('You cannot log in', 'The operator of this server has banned your number.') };
    if (outcome.kind === 'maintenance') return { status: 503, body: pages.renderProblem('Please come back later', 'The server is in maintenance, and makes no new accounts until it is over.') };
    const { userId } = outcome;
    if (webSecretHash !== undefined) {
      const token = await companySessions.doMakeWebToken(userId, webSecretHash);
      return { status: 303, location: `${call.origin}/#tgWebAuthToken=${token}&tgWebAuthUserId=${userId}&tgWebAuthDcId=${config.homeDcId}` };
    }
    const session = await companySessions.doOpen(userId);
    return { status: 303, location: `${call.origin}${ENTER_PATH}`, cookies: [this.#cookie(call, SESSION, session, SESSION_LIFE_S)] };
  }

  async #leave(call: Call): Promise<PageAnswer> {
    if (!isOfOwnPage(call.request, call.origin)) return { status: 403, body: call.pages.renderProblem('Not from here', 'Another page cannot do that.') };
    const { companySessions } = this.#deps.auth;
    const secret = cookieOf(call, SESSION);
    if (secret !== undefined && companySessions.isSecret(secret)) await companySessions.doClose(secret);
    return { status: 303, location: `${call.origin}${ENTER_PATH}`, cookies: [this.#cookie(call, SESSION, '', 0)] };
  }

  #cookie({ origin }: Call, name: string, value: string, lifeS: number): string {
    return writeCookie(name, value, { lifeS, isSecure: isSecure(origin) });
  }
}

const isSecure = (origin: string): boolean => origin.startsWith('https:');

const cookieOf = ({ request, origin }: Call, name: string): string | undefined => readCookie(request, cookieName(name, isSecure(origin)));

const backOf = ({ origin }: Call): string => `${origin}${ENTER_PATH}/back`;

const json = (status: number, value: unknown): PageAnswer => ({ status, type: 'application/json', body: `${JSON.stringify(value)}\n` });
