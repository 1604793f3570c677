import { expect, test } from 'vitest';
import { parseNatsUrl, readNatsSettings } from '../../src/index.ts';

test('a URL names servers, and who asks', () => {
  expect(parseNatsUrl('nats://127.0.0.1')).toEqual({ servers: ['127.0.0.1:4222'], tls: false });
  expect(parseNatsUrl('tls://node:p%40ss@a.example:1, tls://b.example , tls://[2001:db8::1]:5')).toEqual({
    servers: ['a.example:1', 'b.example:4222', '[2001:db8::1]:5'],
    tls: true,
    user: 'node',
    password: 'p@ss',
  });
  expect(parseNatsUrl('nats://s3cret@localhost:4333')).toEqual({ servers: ['localhost:4333'], tls: false, token: 's3cret' });
});

test.each([
  ['', /must be nats:/],
  ['http://127.0.0.1', /must be nats:/],
  ['nats://127.0.0.1,', /must be nats:/],
  ['nats://127.0.0.1:99999', /must be nats:/],
  ['nats://127.0.0.1/path', /must end after the port/],
  ['tls://a?x=1', /must end after the port/],
  ['nats://:pw-secret@127.0.0.1', /must name a user/],
  ['nats://a.example', /must use tls:\/\/ for a\.example/],
  ['nats://u:pw-secret@a.example', /must use tls:/],
  ['nats://127.0.0.1,tls://a', /for all servers or tls:/],
  ['tls://u:pw-secret@a,tls://u:other@b', /the same user and password/],
  ['tls://u:pw-secret%@a', /write %25/],
])('%s is refused, and the error shows no password', (url, reason) => {
  expect(() => parseNatsUrl(url)).toThrow(reason);
  expect(() => parseNatsUrl(url)).not.toThrow(/pw-secret/);
});

test('settings that contradict each other, or name files that are not there, are refused with the name of the setting', () => {
  expect(() => readNatsSettings({ url: 'x' })).toThrow(/^AEROGRAM_NATS_URL must be nats:/);
  expect(() => readNatsSettings({ url: 'nats://t@127.0.0.1', credentialsFile: '/a' })).toThrow(/leave one of them out/);
  expect(() => readNatsSettings({ url: 'nats://127.0.0.1', caFile: '/a' })).toThrow(/no tls:/);
  expect(() => readNatsSettings({ url: 'tls://a', caFile: '/not/there.pem' })).toThrow(/authority of NATS cannot be read.*not\/there/);
});
