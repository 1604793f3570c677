import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBotPath } from '@aerogram/bot-api';
import { type ClientAddress, isApiPath } from '@aerogram/gateway';
import { findLinkTarget, type LinkTarget } from './link-target.ts';

/** A request that a process with a domain has to answer. */
export interface DomainRoute {
  /** Requests with the same shard must be answered by the same process; without a shard any process may. */
  shard?: string;
  /** The link whose page is requested; undefined for other requests. */
  link?: LinkTarget;
  /** The token of the link by which a file is requested. */
  fileToken?: string;
  /** Whether the Bot API is requested. */
  isBotApi?: boolean;
  /** The path of a page at which people log in with the account of their company. */
  enterPath?: string;
  /** What follows `/invite/` in the path of a request for the page of an invitation link. */
  invitation?: string;
  /** What follows `/admin/api/` in the path of a request of the admin page. */
  admin?: string;
}

/** `/file/<token>`, and anything behind it, such as a name for the reader. */
const FILE_PATH = /^\/file\/([\w-]{20,64})(?:\/[^/]*)?$/;

/** Requests that the admin page makes while it runs. The page itself is files, which are served without the domain. */
const ADMIN_PATH = /^\/admin\/api\/(.*)$/s;

/** `/enter`, and what belongs to that page. */
const ENTER = /^\/enter(?:\/[a-z]{1,16})?$/;

/** The page of an invitation link; whatever follows can be the token. */
const INVITATION = /^\/invite(?:\/(.*))?$/s;

/** Returns the route of a request that needs the domain; undefined for other requests. @param url path and query of the request */
export function findDomainRoute(url: string | undefined): DomainRoute | undefined {
  const [path = '', query] = (url ?? '').split('?', 2);
  const bot = readBotPath(path);
  // One process answers for a bot. It keeps its id when its token changes. What is no token is refused by any process.
  if (bot) return { isBotApi: true, ...(bot.token.includes(':') ? { shard: `bot${bot.token.split(':', 1)[0]}` } : {}) };
  const [, fileToken] = FILE_PATH.exec(path) ?? [];
  if (fileToken !== undefined) return { fileToken };
  if (ENTER.test(path)) return { enterPath: path };
  const invitation = INVITATION.exec(path);
  if (invitation) return { invitation: invitation[1] ?? '' };
  const [, admin] = ADMIN_PATH.exec(path) ?? [];
  // One process answers, so that its counters go on from request to request.
  if (admin !== undefined) return { admin, shard: 'admin' };
  const link = isApiPath(path) ? undefined : findLinkTarget(path, query);
  return link && { link };
}

/** Whether a request brings files, so that it may take long to arrive. */
export function isUpload({ url, headers }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '') && findDomainRoute(url)?.isBotApi === true;
}

/**
 * Handles a request that needs the domain.
 * @param client the client's addresses, if another process has found them out
 * @returns whether it handles the request
 */
export type DomainHandler = (request: IncomingMessage, response: ServerResponse, client?: ClientAddress) => boolean;
