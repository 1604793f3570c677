import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BotApi } from '@aerogram/bot-api';
import { clientOfRequest } from '@aerogram/gateway';
import { defineCounter, type Metrics, type TrustedProxies } from '@aerogram/runtime';
import type { EnterHandler } from './company/enter-routes.ts';
import { type AdminRoutesDeps, createAdminRoutes } from './http/admin/admin-routes.ts';
import { type DomainHandler, findDomainRoute } from './http/domain-routes.ts';
import { createFileRoutes, type FileRoutesDeps } from './http/file-routes.ts';
import { createLinkRoutes, type LinkRoutesDeps } from './http/link-routes.ts';
import { networkOfClient } from './http/network-of-client.ts';
import type { SendFile } from './http/send-file.ts';
import { createInviteRoutes, type InviteRoutesDeps } from './invite/invite-routes.ts';

const requests = defineCounter({
  name: 'aerogram_http_requests_total',
  help: 'Requests of the HTTP port that were answered from the domain, by route.',
  labels: ['route'],
});

interface DomainHandlerDeps extends LinkRoutesDeps, FileRoutesDeps {
  metrics: Metrics;
  botApi: BotApi;
  sendFile: SendFile;
  admin: AdminRoutesDeps;
  invite: Pick<InviteRoutesDeps, 'links' | 'isReadOnly'>;
  /** The proxies that may say who their clients are. */
  trusted: TrustedProxies;
  /** Answers requests for the pages at /enter; undefined if there are none. */
  enter: EnterHandler | undefined;
}

/** Creates the handler of the requests that need the domain. */
export function createDomainHandler({ metrics, botApi, sendFile, trusted, admin, invite, enter, ...deps }: DomainHandlerDeps): DomainHandler {
  const counter = metrics.counter(requests);
  const answerLink = createLinkRoutes(deps);
  const answerFile = createFileRoutes(deps, sendFile);
  const answerAdmin = createAdminRoutes(admin);
  const answerInvitation = createInviteRoutes({ ...invite, config: admin.config, log: admin.log });
  return (request, response, client = clientOfRequest(request, trusted)) => {
    const route = findDomainRoute(request.url);
    if (!route) return false;
    if (route.link) {
      counter.inc({ route: 'link' });
      answerLink(route.link, request, response, client);
      return true;
    }
    if (route.fileToken !== undefined) {
      counter.inc({ route: 'file' });
      answerFile(route.fileToken, request, response, client);
      return true;
    }
    if (route.enterPath !== undefined) {
      counter.inc({ route: 'enter' });
      if (enter) enter(route.enterPath, request, response, client);
      else answerNothing(request, response);
      return true;
    }
    if (route.invitation !== undefined) {
      counter.inc({ route: 'invitation' });
      answerInvitation(route.invitation, request, response, client);
      return true;
    }
    if (route.admin !== undefined) {
      counter.inc({ route: 'admin' });
      answerAdmin(route.admin, request, response, client);
      return true;
    }
    counter.inc({ route: 'bot' });
    void botApi.answer(request, response, { ...client, network: networkOfClient(request, client) });
    return true;
  };
}

function answerNothing(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': 10 }).end('not found\n');
}
