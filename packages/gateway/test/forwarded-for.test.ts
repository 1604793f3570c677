import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { TrustedProxies } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { clientOfRequest, nameClient } from '../src/client-address.ts';
import { findForwardedClient, lastForwarded } from '../src/http/forwarded-for.ts';

const trusted = new TrustedProxies([{ address: '10.0.0.0', prefix: 8 }, { address: '2001:db8:9::', prefix: 48 }]);
const find = (header: string): string | undefined => findForwardedClient(header, trusted);

test('the client is the last address that is no trusted proxy; what stands before it may be anything', () => {
  const client = '198.51.100.7';
  for (const header of [
    client,
    `203.0.113.9, ${client}`,
    `${client}, 10.0.0.1`,
    `10.0.0.3, ${client},10.0.0.1 ,\t10.0.0.2, 2001:db8:9::5`,
    `unknown, , 10.0.0.1, ${client}, ::ffff:10.0.0.1`,
    `127.0.0.1, ${client}`,
    `${client}:4431`,
    `::ffff:${client}, 10.0.0.1:80`,
    `[::ffff:c633:6407]:80, [2001:db8:9::1]:443`,
  ]) expect([header, find(header)]).toEqual([header, client]);
  expect(find('[2001:DB8::0001]:443')).toBe('2001:db8::1');
  expect(find('[2001:db8::1]')).toBe('2001:db8::1');
});

test('an entry that is no address ends the search', () => {
  for (const header of ['', ' ', 'unknown', '_hidden', '198.51.100.7,', '198.51.100.7, 198.51.100', '[198.51.100.7]', '[::1', '2001:db8::1:', '"198.51.100.7"', '198.51.100.7:', '198.51.100.7:999999', 'fe80::1%eth0', '198.51.100.7; 10.0.0.1']) {
    expect([header, find(header)]).toEqual([header, undefined]);
  }
  for (const bad of ['unknown', '', '198.51.100.7 10.0.0.1', '1.2.3.4.5']) expect([bad, find(`198.51.100.7, ${bad}, 10.0.0.2, 10.0.0.1`)]).toEqual([bad, '10.0.0.2']);
});

test('if all are trusted proxies, the first one counts', () => {
  expect(find('10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
});

test('a header of any length is read from its end only', () => {
  expect(find(`${'198.51.100.9, '.repeat(100_000)}198.51.100.7, 10.0.0.1`)).toBe('198.51.100.7');
  expect(find(`198.51.100.7, ${'10.0.0.1, '.repeat(40)}10.0.0.1`)).toBe('10.0.0.1');
  // Its last 2,048 characters begin within the address, and would be another one.
  expect(find(`1${'98.51.100.7'.padEnd(2048)}`)).toBeUndefined();
});

test('the last entry can be read alone', () => {
  expect(lastForwarded('203.0.113.1, [2001:db8::1]:8080')).toBe('2001:db8::1');
  expect(lastForwarded('198.51.100.7')).toBe('198.51.100.7');
  for (const header of ['', '198.51.100.7,', '198.51.100.7, x']) expect([header, lastForwarded(header)]).toEqual([header, undefined]);
});

test('a request from this machine may be of somebody else if a header or its host says so', () => {
  const client = (remoteAddress: string, headers: Record<string, string>) => {
    const request = new IncomingMessage(new Socket());
    nameClient(request.socket, { remoteAddress, localAddress: '127.0.0.1', localPort: 80 });
    request.headers = headers;
    return clientOfRequest(request, trusted);
  };
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:80', 'u100.localhost:8080']) expect(client('127.0.0.1', { host }), host).not.toHaveProperty('isForwarded');
  for (const host of ['evil.example', '192.0.2.1:80', 'localhost.evil.example', 'evillocalhost', 'a b']) expect(client('::1', { host }), host).toMatchObject({ remoteAddress: '::1', isForwarded: true });
  for (const name of ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']) expect(client('127.0.0.1', { host: 'localhost', [name]: '127.0.0.1' }), name).toHaveProperty('isForwarded', true);
  for (const origin of ['http://localhost:3000', 'http://u100.localhost:8080', 'http://127.0.0.1', 'file://']) expect(client('127.0.0.1', { host: 'localhost', origin }), origin).not.toHaveProperty('isForwarded');
  for (const origin of ['https://evil.example', 'null', '']) expect(client('127.0.0.1', { host: 'localhost', origin }), origin).toHaveProperty('isForwarded', true);
  // Of others it is known that they are elsewhere.
  expect(client('198.51.100.7', { host: 'chat.example.org' })).not.toHaveProperty('isForwarded');
  expect(client('10.0.0.1', { host: 'chat.example.org', 'x-forwarded-for': '198.51.100.7' })).toMatchObject({ remoteAddress: '198.51.100.7' });
});
