import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Domain, ELSEWHERE, type LinkPage } from '@aerogram/domain';
import type { ClientAddress } from '@aerogram/gateway';
import { type Clock, type Logger, TokenBuckets } from '@aerogram/runtime';
import { ELSEWHERE_PAGE, LINK_PAGE_POLICY, NOTHING_PAGE, renderLinkPage } from './link-page.ts';
import { appLinkOf, type LinkTarget, webLinkOf } from './link-target.ts';
import { networkOfClient } from './network-of-client.ts';

/** How many pages one address gets. Like other limits by address, it counts networks of IPv6 and leaves out this machine. */
const PAGES = { capacity: 60, tokensPerSecond: 1, maxBuckets: 50_000 };
/** What a page costs that shows nothing, in addition: it may be a guess. */
const MISS_COST = 4;
/** Seconds for which browsers and proxies may keep a page. */
const KEPT_S = 60;

/** The dependencies of the pages of links. */
export interface LinkRoutesDeps {
  linkPages: Domain['linkPages'];
  clock: Clock;
  log: Logger;
}

/** Creates the function that answers requests for pages of links. */
export function createLinkRoutes({ linkPages, clock, log }: LinkRoutesDeps): (target: LinkTarget, request: IncomingMessage, response: ServerResponse, client: ClientAddress) => void {
  const buckets = new TokenBuckets(clock, PAGES);

  const find = (target: LinkTarget): Promise<LinkPage | typeof ELSEWHERE | undefined> => {
    switch (target.kind) {
      case 'name':
        return linkPages.findByName(target.username);
      case 'folder':
        return linkPages.findFolder(target.slug);
      case 'invite':
        return linkPages.findInvite(target.hash);
      case 'set':
        return linkPages.findSet(target.name);
    }
  };

  const answer = async (target: LinkTarget, request: IncomingMessage, response: ServerResponse, network: string | undefined): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, { status: 405, headers: { Allow: 'GET, HEAD' }, body: '' });
    const waitS = network === undefined ? 0 : buckets.take(network, 1);
    if (waitS > 0) return end(response, { status: 429, headers: { 'Retry-After': String(waitS) }, body: 'Too many requests. Try again later.\n', type: 'text/plain' });
    const page = await find(target);
    const isShown = page !== undefined && page !== ELSEWHERE;
    if (!isShown && network !== undefined) buckets.charge(network, MISS_COST);
    const body = isShown ? renderPage(page, target) : page === ELSEWHERE ? ELSEWHERE_PAGE : NOTHING_PAGE;
    end(response, { status: isShown ? 200 : 404, headers: { 'Cache-Control': `${target.kind === 'name' ? 'public' : 'private'}, max-age=${KEPT_S}` }, body, isHead: request.method === 'HEAD' });
  };

  return (target, request, response, client) => {
    // Request bodies are ignored; an unread one would block the connection's next request.
    request.resume();
    answer(target, request, response, networkOfClient(request, client)).catch((error: unknown) => {
      log.error({ err: error }, 'the page of a link failed');
      if (response.headersSent) response.destroy();
      else end(response, { status: 503, headers: { 'Retry-After': '5' }, body: '' });
    });
  };
}

/** The page of a link. Its own links have the username as its owner writes it. */
function renderPage(page: LinkPage, target: LinkTarget): string {
  const written = target.kind === 'name' ? { ...target, username: page.username ?? target.username } : target;
  return renderLinkPage(page, { appLink: appLinkOf(written), webLink: webLinkOf(written) });
}

interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  type?: 'text/plain' | 'text/html';
  isHead?: boolean;
}

function end(response: ServerResponse, { status, headers, body, type = 'text/html', isHead = false }: PageAnswer): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': LINK_PAGE_POLICY,
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The address of a private link must not reach other sites.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(isHead ? undefined : body);
}
