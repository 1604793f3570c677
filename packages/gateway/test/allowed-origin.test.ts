import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { isOriginAllowed } from '../src/http/allowed-origin.ts';

const LISTED = ['https://chat.example.org'];

/** Whether a page of an origin may use a server that was asked by this `Host`. */
function isAllowed(origin: string | undefined, host: string | undefined, others: Record<string, string> = {}): boolean {
  return isOriginAllowed({ headers: { ...(origin === undefined ? {} : { origin }), ...(host === undefined ? {} : { host }), ...others } } as IncomingMessage, LISTED);
}

test('listed origins, and programs that send none, may use the server', () => {
  expect(isAllowed(undefined, 'anything')).toBe(true);
  expect(isAllowed('https://Chat.example.org', '127.0.0.1:8080')).toBe(true);
  expect(isAllowed('https://evil.example', '127.0.0.1:8080')).toBe(false);
  expect(isOriginAllowed({ headers: { origin: 'null' } } as IncomingMessage, ['*'])).toBe(true);
});

test.each([
  ['http://localhost:8080', 'localhost:8080'],
  ['http://127.0.0.1:4430', '127.0.0.1:4430'],
  ['http://192.0.2.7', '192.0.2.7'],
  ['http://192.0.2.7', '192.0.2.7:80'],
  ['http://[::1]:8080', '[::1]:8080'],
  ['https://own.example', 'own.example'],
  ['https://own.example', 'OWN.example:443'],
  ['https://own.example:8443', 'own.example:8443'],
])('a page of %s may use the server that it was loaded from, %s', (origin, host) => {
  expect(isAllowed(origin, host)).toBe(true);
});

test.each([
  ['another port', 'http://localhost:8081', 'localhost:8080'],
  ['the default port of the other scheme', 'https://own.example', 'own.example:80'],
  ['another name of this machine', 'http://localhost:8080', '127.0.0.1:8080'],
  ['a name that may have been made to point here', 'http://evil.example:8080', 'evil.example:8080'],
  ['a name that begins with an address', 'http://127.0.0.1.evil.example:8080', '127.0.0.1.evil.example:8080'],
  ['a name below localhost, which some systems ask the network for', 'http://evil.localhost:8080', 'evil.localhost:8080'],
  ['no origin', 'null', 'null'],
  ['a file', 'file://localhost', 'localhost'],
  ['an extension', 'chrome-extension://localhost', 'localhost'],
  ['an address with more than an origin', 'https://own.example/', 'own.example'],
  ['no host', 'http://localhost:8080', undefined],
])('a page of %s may not', (_, origin, host) => {
  expect(isAllowed(origin, host)).toBe(false);
});

test('what a proxy says about the host does not count', () => {
  const forwarded = { 'x-forwarded-host': 'own.example', forwarded: 'host=own.example;proto=https' };
  expect(isAllowed('https://own.example', '127.0.0.1:8080', forwarded)).toBe(false);
});
