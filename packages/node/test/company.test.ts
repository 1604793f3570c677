import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Logger, silentLogger, systemClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { EnterPages } from '../src/company/enter-page.ts';
import { CompanyProvider } from '../src/company/provider.ts';
import { judgeRefreshError } from '../src/company/judge-refresh-error.ts';
import { readCookie, writeCookie } from '../src/http/cookies.ts';

const cookie = (header: string, name = 'a'): string | undefined => readCookie({ headers: { cookie: header } }, name);

test('a cookie is read by its whole name, unless there are two of it', () => {
  expect(cookie('a=1')).toBe('1');
  expect(cookie('b=2; a=1=; c=3')).toBe('1=');
  expect(cookie('aa=1; ba=2')).toBeUndefined();
  expect(cookie('a=1; a=2')).toBeUndefined();
  expect(cookie('a')).toBeUndefined();
  expect(cookie(`a=${'x'.repeat(10_000)}`)).toBeUndefined();
});

test('a cookie is kept from scripts and from other sites', () => {
  expect(writeCookie('a', 'v', { lifeS: 5, isSecure: false })).toBe('a=v; Path=/; Max-Age=5; HttpOnly; SameSite=Lax');
  expect(writeCookie('a', 'v', { lifeS: 5, isSecure: true })).toBe('__Host-a=v; Path=/; Max-Age=5; HttpOnly; SameSite=Lax; Secure');
});

test('a provider that is away is named in the log, with the cause', async () => {
  const warnings: unknown[] = [];
  const log = { ...silentLogger, warn: (fields: unknown) => void warnings.push(fields) } as unknown as Logger;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const oidcIssuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  const config = { oidcIssuer, oidcClientId: 'chat', oidcClientSecret: undefined, oidcScopes: ['openid'], oidcPrompt: 'omit' } as const;
  const provider = new CompanyProvider({ config, clock: systemClock, log });
  await provider.look();
  expect(warnings).toEqual([{ issuer: oidcIssuer, reason: expect.stringContaining('ECONNREFUSED') }]);
});

test.each([
  [{ error: 'invalid_grant', status: 400 }, { kind: 'revoked' }],
  [{ error: 'invalid_client', status: 401 }, { kind: 'unused', reason: 'invalid_client' }],
  [{ error: 'temporarily_unavailable', status: 503 }, { kind: 'unused', reason: 'temporarily_unavailable' }],
  [{ error: 'server_error', status: 500 }, { kind: 'unknown', reason: 'server_error' }],
  // What a proxy in front says: the request may have gone through.
  [{ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', cause: { status: 502 } }, { kind: 'unknown', reason: '502' }],
  [{ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', cause: { status: 503 } }, { kind: 'unused', reason: '503' }],
  [{ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', cause: { status: 404 } }, { kind: 'unused', reason: '404' }],
  [{ code: 'OAUTH_TIMEOUT' }, { kind: 'unknown', reason: 'OAUTH_TIMEOUT' }],
  [{ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } }, { kind: 'unused', reason: 'ECONNREFUSED' }],
  [{ message: 'fetch failed', cause: { code: 'ECONNRESET' } }, { kind: 'unknown', reason: 'ECONNRESET' }],
  // The answer was there and had new tokens in it, but was not understood.
  [{ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' }, { kind: 'unknown', reason: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' }],
])('the failure %j of a refresh is judged', (error, answer) => {
  expect(judgeRefreshError(error)).toEqual(answer);
});

test('nothing that people or apps call themselves becomes part of the page', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
  const pages = new EnterPages({ name: hostile, address: 'https://chat.example.org/enter', sessionS: 60 });
  const page = pages.renderEntered({ userId: 1n, phone: '88812345678901', name: hostile, codes: [{ code: '12345', expires_date: 1, device: hostile }] });
  for (const html of [page, pages.renderStart(), pages.renderProblem(hostile, hostile)]) {
    expect(html.match(/<script|<img/g) ?? []).toEqual(html === page ? ['<script'] : []);
    expect(html).toContain('&lt;img src=x onerror=alert(2)&gt;');
  }
  expect(pages.policy).toMatch(/default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'/);
});
