import type { ServerResponse } from 'node:http';
import { BotError } from '../bot-error.ts';
import { Described, JsonText } from '../bot-call.ts';

/** Pages of every origin may use the Bot API: the token in the address is what gives access. */
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Expose-Headers': 'Content-Length,Content-Type,Date,Server,Connection',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** The body of a good answer. @param result a value of JSON, or one that has a description or is written already */
export function bodyOf(result: unknown): string {
  if (result instanceof Described) return JSON.stringify({ ok: true, result: result.result, description: result.description });
  return `{"ok":true,"result":${result instanceof JsonText ? result.text : JSON.stringify(result)}}`;
}

/** The body of an error. */
export function errorBody({ code, message, parameters }: BotError): string {
  return JSON.stringify({ ok: false, error_code: code, description: message, ...(parameters === undefined ? {} : { parameters }) });
}

/** Sends JSON. @param more headers besides */
export function sendJson(response: ServerResponse, status: number, body: string, more: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...more }).end(body);
}

/** Sends an error. @param isUnread whether a body is still to come: the connection is closed then, because the rest of it would be taken for the next request */
export function sendError(response: ServerResponse, error: BotError, isUnread: boolean): void {
  const retry = error.parameters?.retry_after;
  sendJson(response, error.code, errorBody(error), {
    ...(retry === undefined ? {} : { 'Retry-After': String(retry) }),
    ...(isUnread ? { Connection: 'close' } : {}),
  });
}

/** Answers a request of the Bot API that comes before the server is ready, or while no process can answer it. Its body is not read. */
export function sendUnavailable(response: ServerResponse): void {
  sendJson(response, 503, errorBody(new BotError(503, 'Service Unavailable: the server is starting')), { 'Retry-After': '1', Connection: 'close' });
}

/** Answers a browser that asks whether a page of another origin may send a request. */
export function sendOptions(response: ServerResponse): void {
  response.writeHead(204, { ...HEADERS, 'Access-Control-Allow-Headers': 'Content-Type', 'Access-Control-Max-Age': '1728000', 'Content-Length': 0 }).end();
}
