import type { ServerResponse } from 'node:http';
import type { ControlError } from './control-error.ts';

const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'same-origin' } as const;

/** Sends a value as JSON. @param more headers besides */
export function sendJson(response: ServerResponse, status: number, value: unknown, more: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(value);
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...more }).end(body);
}

/**
 * Sends an error.
 * @param options.callsUpTo number of the newest recorded call of the set, if the set is known
 * @param options.isUnread whether a body is still to come: the connection is closed then, because the rest of it would be taken for the next request
 */
export function sendError(response: ServerResponse, error: ControlError, { callsUpTo, isUnread }: { callsUpTo?: number; isUnread: boolean }): void {
  const { code, message, status, details } = error;
  const body = { error: { code, message, ...details }, ...(callsUpTo === undefined ? {} : { callsUpTo }) };
  sendJson(response, status, body, isUnread ? { Connection: 'close' } : {});
}

/** Begins an answer of JSON lines that goes on until somebody ends it. */
export function beginLines(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/x-ndjson' });
  response.flushHeaders();
}
