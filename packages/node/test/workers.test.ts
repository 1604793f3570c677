import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { KeyOwners } from '../src/workers/key-owners.ts';
import { findDomainRoute } from '../src/http/domain-routes.ts';
import { mergeMetrics } from '../src/workers/merge-metrics.ts';
import { peekRequestTarget } from '../src/workers/peek-request.ts';
import { ownsShard, slotOfShard } from '../src/workers/shards.ts';
import { acceptUpgrade, peekWebSocket } from '../src/workers/websocket-peek.ts';

describe('owners of keys', () => {
  test('one worker serves a key until it releases it or ends', () => {
    const owners = new KeyOwners<string>();
    expect(owners.claim(1n, 'a')).toBe(true);
    expect(owners.claim(1n, 'b')).toBe(false);
    expect(owners.claim(1n, 'a')).toBe(true);
    owners.release(1n, 'b');
    expect(owners.find(1n)).toBe('a');
    owners.release(1n, 'a');
    expect(owners.claim(1n, 'b')).toBe(true);
    owners.claim(2n, 'b');
    owners.releaseAll('b');
    expect(owners.size).toBe(0);
  });

  test('a key that clients only name is forgotten with their connections', () => {
    const owners = new KeyOwners<string>();
    owners.led(1n, 'a');
    owners.led(1n, 'a');
    owners.left(1n);
    expect(owners.find(1n)).toBe('a');
    owners.left(1n);
    expect(owners.size).toBe(0);
  });

  test('a key that a worker claimed outlives its connections, and one in use outlives its release', () => {
    const owners = new KeyOwners<string>();
    owners.led(1n, 'a');
    owners.claim(1n, 'a');
    owners.left(1n);
    expect(owners.find(1n)).toBe('a');
    owners.led(1n, 'a');
    owners.release(1n, 'a');
    expect(owners.find(1n)).toBe('a');
    owners.left(1n);
    expect(owners.size).toBe(0);
  });
});

test('metrics of several processes are merged into one page', () => {
  const page = (value: number): string => `# HELP m Words.\n# TYPE m counter\nm ${value}\n# HELP h More.\n# TYPE h gauge\nh{a="b"} ${value}\n`;
  expect(mergeMetrics(new Map([['one', page(1)], ['two', page(2)], ['silent', '']]))).toBe(
    [
      '# HELP m Words.', '# TYPE m counter', 'm{process="one"} 1', 'm{process="two"} 2',
      '# HELP h More.', '# TYPE h gauge', 'h{process="one",a="b"} 1', 'h{process="two",a="b"} 2', '',
    ].join('\n'),
  );
});

test('the target of a request is known from its first line, and invalid requests are not waited for', () => {
  const peek = (text: string): string | undefined => peekRequestTarget(Buffer.from(text));
  const request = 'POST /bot12:abc/getMe?x=1 HTTP/1.1\r\nHost: a\r\n\r\n';
  for (let length = 0; length < request.indexOf(' HTTP') + 1; length++) expect(peek(request.slice(0, length))).toBeUndefined();
  expect(peek(request.slice(0, request.indexOf(' HTTP') + 1))).toBe('/bot12:abc/getMe?x=1');
  expect(peek(request)).toBe('/bot12:abc/getMe?x=1');
  for (const nonsense of ['\r\n', 'get / HTTP/1.1', '\x16\x03\x01', 'GET  /', 'A'.repeat(21), `GET /${'a'.repeat(4_000)}`]) expect(peek(nonsense)).toBe('');
});

describe('requests that need the domain', () => {
  test('are those of bots and their files; all requests of one bot go to one process', () => {
    for (const path of ['/bot12:abc/getMe', '/bot12:xyz-_/sendMessage?a=b', '/file/bot12:abc/photos/1.jpg', '/bot12:abc']) {
      expect(findDomainRoute(path)).toEqual({ isBotApi: true, shard: 'bot12' });
    }
    // What is no token is answered by the Bot API, too: the program that wrote it expects JSON.
    for (const path of ['/bot:abc/getMe', '/botx:abc/getMe', '/bot12:a b/x']) expect(findDomainRoute(path)).toMatchObject({ isBotApi: true });
    for (const path of ['/bot', '/bot/', '/bot/getMe', '/bot12/getMe', '/botanic/getMe', '/file/bot12/photos/1.jpg', '/file/bot12/a']) expect(findDomainRoute(path)).toEqual({ isBotApi: true });
    // Links to somebody whose name begins so, and files by tokens that begin so, are not of the Bot API.
    for (const path of ['/botanic', '/botanic/77', '/Botanic/3/77', '/bot12']) expect([path, findDomainRoute(path)?.link]).toMatchObject([path, { kind: 'name' }]);
    expect(findDomainRoute('/file/bot4567890123456789_-/name')).toEqual({ fileToken: 'bot4567890123456789_-' });
    for (const path of [undefined, '', '/', '/api', '/apiws', '/metrics', '/x/bot12:abc/getMe']) {
      expect(findDomainRoute(path)).toBeUndefined();
    }
  });

  test('are those of links, which any process answers', () => {
    expect(findDomainRoute('/+AbC-_9?x=1')).toEqual({ link: { kind: 'invite', hash: 'AbC-_9' } });
    expect(findDomainRoute('/%2BAbC')).toEqual({ link: { kind: 'invite', hash: 'AbC' } });
    expect(findDomainRoute('/joinchat/AbC')).toEqual({ link: { kind: 'invite', hash: 'AbC' } });
    expect(findDomainRoute('/addlist/x_Y')).toEqual({ link: { kind: 'folder', slug: 'x_Y' } });
    expect(findDomainRoute('/addstickers/My_Set')).toEqual({ link: { kind: 'set', isEmoji: false, name: 'My_Set' } });
    expect(findDomainRoute('/addemoji/My_Set')).toEqual({ link: { kind: 'set', isEmoji: true, name: 'My_Set' } });
    expect(findDomainRoute('/Alice_1')).toEqual({ link: { kind: 'name', username: 'Alice_1', msgId: undefined } });
    expect(findDomainRoute('/alice/77?single')).toEqual({ link: { kind: 'name', username: 'alice', msgId: 77 } });
    expect(findDomainRoute('/alice/3/77')).toEqual({ link: { kind: 'name', username: 'alice', topicId: 3, msgId: 77 } });
    const others = ['/healthz', '/READYZ', '/metrics', '/about', '/assets', '/assets/1', '/assets/app-AB12.js', '/client.json', '/worker.js', '/api', '/apiws', '/apiw1', '/abc', '/1alice', '/al-ice', '/alice/', '/alice/x', '/alice/1/2/3', '/alice/x/2', '/a.b.c.d', '/+', '/+a b', '/joinchat/', '/addlist/', '/addstickers/', '/addemoji/a-b',
      '/addlist/../alice', '/..', '/%2e%2e/alice', '//alice', '/alice%00', '/алиса', `/${'a'.repeat(33)}`, `/+${'a'.repeat(65)}`, '/constructor/1/', 'alice', 'http://x/alice'];
    for (const path of others) expect([path, findDomainRoute(path)]).toEqual([path, undefined]);
  });

  test('are distributed over the workers, always in the same way', () => {
    const slots = Array.from({ length: 1000 }, (_, n) => slotOfShard(`bot${n}`, 4));
    for (let slot = 0; slot < 4; slot++) expect(slots.filter((one) => one === slot).length).toBeGreaterThan(180);
    expect(slotOfShard('bot12', 4)).toBe(slotOfShard('bot12', 4));
    expect([0, 1].filter((slot) => ownsShard({ slot, workers: 2 }, 'bot12'))).toHaveLength(1);
    expect(ownsShard({ slot: 1, workers: 2 }, undefined)).toBe(true);
  });
});

describe('the start of a WebSocket', () => {
  const frame = (opcode: number, payload: Uint8Array, mask = Buffer.from([1, 2, 3, 4])): Buffer => {
    const length = payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
    return Buffer.concat([Buffer.from([0x80 | opcode, ...length]), mask, payload.map((byte, index) => byte ^ mask[index & 3]!)]);
  };
  const stream = Uint8Array.from({ length: 300 }, (_, index) => index & 0xff);

  test('is read through frames of any size, with pings between them, and incomplete frames', () => {
    const whole = Buffer.concat([frame(2, stream.subarray(0, 5)), frame(9, Buffer.from('ping')), frame(2, stream.subarray(5, 200)), frame(2, stream.subarray(200))]);
    expect(peekWebSocket(whole, 300)).toEqual(stream);
    expect(peekWebSocket(whole, 80)).toEqual(stream.subarray(0, 80));
    for (let end = 0; end < whole.length; end++) {
      const part = peekWebSocket(whole.subarray(0, end), 300);
      expect(part).toEqual(stream.subarray(0, part.length));
    }
    expect(peekWebSocket(frame(2, stream), 300)).toEqual(stream);
  });

  test('an upgrade is answered according to RFC 6455, or refused', () => {
    const headers = {
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'other, binary',
    };
    const ask = (changes: Record<string, string | undefined>): string | undefined =>
      acceptUpgrade({ method: 'GET', headers: { ...headers, ...changes } } as unknown as IncomingMessage);
    expect(ask({})).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: binary\r\n\r\n');
    expect(ask({ 'sec-websocket-protocol': undefined })).not.toContain('Sec-WebSocket-Protocol');
    expect(ask({ 'sec-websocket-version': '8' })).toBeUndefined();
    expect(ask({ 'sec-websocket-key': 'short' })).toBeUndefined();
    expect(ask({ upgrade: 'h2c' })).toBeUndefined();
  });
});
