import { createServer } from 'node:http';
import type { BotApi } from '@aerogram/bot-api';
import { type ClientAddress, clientOfRequest } from '@aerogram/gateway';
import type { LinkHub } from '@aerogram/link';
import type { TrustedProxies } from '@aerogram/runtime';
import type { NodeShards } from '../node-shards.ts';
import { CLIENT_HEADER, forwardRequest } from './forward-request.ts';
import { type DomainHandler, findDomainRoute } from './domain-routes.ts';
import { networkOfClient } from './network-of-client.ts';
import { RequestsUnderWay } from './requests-under-way.ts';

interface ShardRequestDeps {
  links: Pick<LinkHub, 'agent' | 'onHttpConnection'>;
  shards: Pick<NodeShards, 'otherOwner'>;
  trusted: TrustedProxies;
  /** Requests of one network of clients that other nodes may be answering: as many as it may have connections. */
  maxOfNetwork: number;
  /** Judges the tokens of requests, and refuses those that are too many. */
  botApi: Pick<BotApi, 'knows' | 'refuse'>;
}

/** Requests of one shard that another node may be answering. */
const MAX_OF_SHARD = 1000;

/** Longer than the other end keeps an idle connection, in milliseconds, so that it never sends a request into one that is being closed. */
const IDLE_MS = 10_000;

/**
 * Has the requests of a shard answered by the node that owns it. Requests that other nodes hand on are answered here, even if the members have just changed: two nodes that
 * answer for a bot hinder each other's updates, not its calls.
 */
export function shareRequests(handler: DomainHandler, { links, shards, trusted, maxOfNetwork, botApi }: ShardRequestDeps): DomainHandler {
  // The node that accepted a request from its client sees to it that it arrives in time.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: IDLE_MS }, (request, response) => {
    const client = readClient(request.headers[CLIENT_HEADER]);
    if (!client || !handler(request, response, client)) response.writeHead(404, { 'Content-Length': 0 }).end();
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  links.onHttpConnection((socket) => void server.emit('connection', socket));
  // Beyond what the agent opens at once, requests would wait in it, and those of all bots with them.
  const underWay = new RequestsUnderWay({ ofNode: links.agent.maxSockets, ofShard: MAX_OF_SHARD, ofNetwork: maxOfNetwork });
  return (request, response, client = clientOfRequest(request, trusted)) => {
    const route = findDomainRoute(request.url);
    // Any node answers the admin page: what it needs is in the database.
    const shard = route?.isBotApi === true ? route.shard : undefined;
    const owner = shard === undefined ? undefined : shards.otherOwner(shard);
    if (shard === undefined || owner === undefined) return handler(request, response, client);
    const network = networkOfClient(request, client);
    // Requests without a valid token are refused here, so that nobody else can use the connections up.
    botApi.knows(request.url ?? '', network).then(
      (known) => {
        if (!known) return void handler(request, response, client);
        if (response.destroyed) return;
        const leave = underWay.enter({ node: owner, shard, network });
        if (!leave) return void botApi.refuse(request, response);
        response.once('close', leave);
        forwardRequest(request, response, { to: { host: owner, agent: links.agent }, client });
      },
      () => response.destroy(),
    );
    return true;
  };
}

/** Reads what another node says about a client; undefined if it says nothing that can be read. */
function readClient(header: string | string[] | undefined): ClientAddress | undefined {
  try {
    return JSON.parse(String(header)) as ClientAddress;
  } catch {
    return undefined;
  }
}
