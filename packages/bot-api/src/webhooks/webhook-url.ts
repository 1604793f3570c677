import { isIP } from 'node:net';

import { readWebhookUrl } from '@aerogram/domain';
import { type PostTarget, postTargetOf } from '@aerogram/web-fetch';

import { badRequest } from '../bot-error.ts';

/** Longest URL of a webhook, in UTF-16 units. */
const URL_MAX = 2048;

/** Ports of webhooks on the public internet. */
const PORTS: ReadonlySet<number> = new Set([443, 80, 88, 8443]);

const SECRET_MAX = 256;
const SECRET = /^[A-Za-z0-9_-]*$/;

/** Where updates are sent. */
export interface WebhookTarget extends PostTarget {
  /** Path and query. */
  readonly path: string;
  /** The header `Authorization`; undefined if the URL names no user. */
  readonly authorization: string | undefined;
}

/** The error for a webhook that the server does not send to. */
export function badWebhook(text: string): Error {
  return badRequest(`bad webhook: ${text}`);
}

/**
 * Parses the URL of a webhook. Pure.
 * @throws BotError 400 `Bad Request: invalid webhook URL specified`
 */
export function parseWebhookUrl(text: string): WebhookTarget {
  const url = text.length <= URL_MAX ? readWebhookUrl(text) : undefined;
  if (url === undefined) throw badRequest('invalid webhook URL specified');
  const hasUser = url.username !== '' || url.password !== '';
  return {
    ...postTargetOf(url),
    path: url.pathname + url.search,
    authorization: hasUser ? `Basic ${Buffer.from(`${unescapePart(url.username)}:${unescapePart(url.password)}`).toString('base64')}` : undefined,
  };
}

function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Checks the rules for webhooks on the public internet: https, and only some ports. Pure.
 * @throws BotError 400
 */
export function checkPublicTarget({ isSecure, port }: WebhookTarget): void {
  if (!isSecure) throw badWebhook('An HTTPS URL must be provided for webhook');
  if (!PORTS.has(port)) throw badWebhook('Webhook can be set up only on ports 80, 88, 443 or 8443');
}

/**
 * Checks the secret that a bot wants to see in each request. Pure.
 * @throws BotError 400
 */
export function checkSecret(secret: string): void {
  if (secret.length > SECRET_MAX) throw badRequest('secret token is too long');
  if (!SECRET.test(secret)) throw badRequest('secret token contains unallowed characters');
}

/**
 * Checks the address that a bot gives for its webhook. Pure.
 * @throws BotError 400
 */
export function checkIpAddress(address: string): void {
  if (address !== '' && (isIP(address) === 0 || address.includes('%'))) throw badWebhook('Invalid IP address specified');
}
