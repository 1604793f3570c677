import { expect, test } from 'vitest';
import { webHomesOf } from '../src/http/web-homes.ts';

test('pages may connect to the other data centres whose address is one', () => {
  const at = (dc: number, webAddress: string) => ({ dc, host: '10.0.0.1', port: 443, webAddress });
  const known = [at(1, 'https://one.example.org'), at(2, 'http://127.0.0.1:8080'), at(3, 'https://[2001:db8::1]:8443')];
  expect(webHomesOf(known)).toEqual([
    { dc: 1, socket: 'wss://one.example.org' },
    { dc: 2, socket: 'ws://127.0.0.1:8080' },
    { dc: 3, socket: 'wss://[2001:db8::1]:8443' },
  ]);
  const bad = ['', 'one.example.org', 'https://*', "https://a;script-src 'unsafe-inline'", 'https://a b', 'https://a/path', 'ftp://a', 'https://a,https://b', 'https://a:99999999'];
  expect(webHomesOf(bad.map((address) => at(4, address)))).toEqual([]);
});
