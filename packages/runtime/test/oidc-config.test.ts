import { expect, test } from 'vitest';
import { loadConfig, webAddressOf } from '../src/index.ts';

const load = (env: Record<string, string>) => loadConfig([], { AEROGRAM_OIDC_ISSUER: 'https://id.example.org', AEROGRAM_OIDC_CLIENT_ID: 'aerogram', ...env });

test('the page is at the address that the operator names, otherwise at localhost', () => {
  expect(load({ AEROGRAM_WEB_ADDRESS: 'https://Chat.example.org' }).enterUrl).toBe('https://chat.example.org/enter');
  expect(load({ AEROGRAM_HTTP_PORT: '8081' }).enterUrl).toBe('http://localhost:8081/enter');
  expect(webAddressOf({ ...load({ AEROGRAM_HTTP_PORT: '0' }), tlsCert: 'cert.pem' }, 4711)).toBe('https://localhost:4711');
});

test.each([
  [{ AEROGRAM_OIDC_CLIENT_ID: '' }, 'AEROGRAM_OIDC_ISSUER needs AEROGRAM_OIDC_CLIENT_ID'],
  [{ AEROGRAM_OIDC_ISSUER: 'http://id.example.org' }, 'must begin with https://'],
  [{ AEROGRAM_OIDC_SCOPES: 'email' }, 'AEROGRAM_OIDC_SCOPES must contain openid'],
  [{ AEROGRAM_HOST: '0.0.0.0' }, 'AEROGRAM_OIDC_ISSUER needs AEROGRAM_WEB_ADDRESS'],
  [{ AEROGRAM_WEB_ADDRESS: 'https://chat.example.org/enter' }, 'AEROGRAM_WEB_ADDRESS'],
  [{ AEROGRAM_WEB_ADDRESS: '*' }, 'AEROGRAM_WEB_ADDRESS'],
  [{ AEROGRAM_WEB_ADDRESS: 'ftp://chat.example.org' }, 'AEROGRAM_WEB_ADDRESS'],
  [{ AEROGRAM_OIDC_CHECK_EVERY: '10' }, 'AEROGRAM_OIDC_CHECK_EVERY'],
  [{ AEROGRAM_OIDC_NAME: 'x'.repeat(65) }, 'AEROGRAM_OIDC_NAME'],
])('the settings %j are refused', (env, words) => {
  expect(() => load(env)).toThrow(words);
});

test('a provider on this machine may speak http', () => {
  for (const issuer of ['http://127.0.0.1:5556/dex', 'http://localhost:5556', 'http://[::1]:5556']) expect(load({ AEROGRAM_OIDC_ISSUER: issuer }).oidcIssuer).toBe(issuer);
});
