import { describe, expect, test } from 'vitest';
import { parseProxyHeader, type ProxyHeader } from '../src/sockets/proxy-header.ts';
import { proxyHeaderV2 } from './proxy-headers.ts';

const line = (text: string): Buffer => Buffer.from(text, 'latin1');
const parse = (bytes: Buffer): ProxyHeader => parseProxyHeader(bytes);

/** Expects that a header is recognised with its last byte, not before, and whatever follows. */
function expectHeader(header: Buffer, ends: unknown): void {
  for (let length = 0; length < header.length; length++) expect([length, parse(header.subarray(0, length))]).toEqual([length, { kind: 'need-more' }]);
  for (const rest of ['', '\xef', 'GET / HTTP/1.1\r\n\r\n']) expect(parse(Buffer.concat([header, line(rest)]))).toEqual({ kind: 'header', length: header.length, ends });
}

const ENDS = { source: { address: '198.51.100.7', port: 56_324 }, destination: { address: '192.0.2.1', port: 443 } };
const ENDS_V6 = { source: { address: '2001:db8::1', port: 65_535 }, destination: { address: '2001:db8::2', port: 0 } };

describe('version 1', () => {
  test('names the ends of a connection over IPv4 and IPv6', () => {
    expectHeader(line('PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\r\n'), ENDS);
    expectHeader(line('PROXY TCP6 2001:DB8:0::1 2001:db8::2 65535 0\r\n'), ENDS_V6);
    expectHeader(line('PROXY TCP6 ::ffff:198.51.100.7 ::ffff:c000:201 56324 443\r\n'), ENDS);
    const longest = Array.from({ length: 8 }, () => 'ffff').join(':');
    expectHeader(line(`PROXY TCP6 ${longest} ${longest} 65535 65535\r\n`), { source: { address: longest, port: 65_535 }, destination: { address: longest, port: 65_535 } });
  });

  test('may be of a client that the proxy does not know, or of the proxy itself', () => {
    for (const header of ['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff:f...f:ffff anything 65535\r\n', `PROXY UNKNOWN ${'x'.repeat(91)}\r\n`]) expectHeader(line(header), undefined);
  });

  test('is refused if it is not exactly as it must be', () => {
    for (const header of [
      'PROXY TCP4 198.51.100.7 192.0.2.1 56324\r\n', 'PROXY TCP4 198.51.100.7 192.0.2.1 056324 443\r\n', 'PROXY TCP4 198.51.100.7 192.0.2.1 65536 443\r\n', 'PROXY TCP4 198.51.100.7 192.0.2.1 -1 443\r\n',
      'PROXY TCP4 198.51.100.7 192.0.2.1 56324 443 \r\n', 'PROXY TCP4  198.51.100.7 192.0.2.1 56324 443\r\n', 'PROXY TCP4 198.51.100.07 192.0.2.1 56324 443\r\n', 'PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n',
      'PROXY TCP6 198.51.100.7 192.0.2.1 1 2\r\n', 'PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n', 'PROXY TCP5 198.51.100.7 192.0.2.1 1 2\r\n', 'PROXY UDP4 198.51.100.7 192.0.2.1 1 2\r\n', 'PROXY UNKNOWNS\r\n', 'PROXY \r\n',
      'PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\n\r\n', `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`, `PROXY ${' '.repeat(200)}`,
    ]) expect([header, parse(line(header)).kind]).toEqual([header, 'invalid']);
    expect(parse(line(`PROXY ${' '.repeat(100)}`))).toEqual({ kind: 'need-more' });
  });
});

describe('version 2', () => {
  test('names the ends of a connection over IPv4 and IPv6, whatever extensions follow', () => {
    for (const extension of [0, 3, 200]) expectHeader(proxyHeaderV2({ ...ENDS, extension }), ENDS);
    expectHeader(proxyHeaderV2({ ...ENDS_V6, extension: 16 }), ENDS_V6);
    const mapped = { source: { address: '::ffff:198.51.100.7', port: 56_324 }, destination: { address: '::ffff:192.0.2.1', port: 443 } };
    expectHeader(proxyHeaderV2(mapped), ENDS);
  });

  test('may be of the proxy itself, or of a client without an IP address', () => {
    expectHeader(proxyHeaderV2({ command: 0x20, kind: 0 }), undefined);
    expectHeader(proxyHeaderV2({ command: 0x20, kind: 0x11, addresses: Buffer.alloc(5) }), undefined);
    expectHeader(proxyHeaderV2({ command: 0x20, kind: 0x11, ...ENDS }), undefined);
    expectHeader(proxyHeaderV2({ kind: 0, addresses: Buffer.alloc(40) }), undefined);
    expectHeader(proxyHeaderV2({ kind: 0x31, addresses: Buffer.alloc(216) }), undefined);
    expectHeader(proxyHeaderV2({ command: 0x20, kind: 0, addresses: Buffer.alloc(520) }), undefined);
  });

  test('is refused with another version, command, protocol or length', () => {
    for (const change of [
      { command: 0x11 }, { command: 0x31 }, { command: 0x22 }, { command: 0x2f }, { kind: 0x12 }, { kind: 0x22 }, { kind: 0x10 }, { kind: 0x41 }, { kind: 0x32 },
      { kind: 0x11, addresses: Buffer.alloc(11) }, { kind: 0x21, addresses: Buffer.alloc(35) }, { kind: 0, addresses: Buffer.alloc(521) }, { addresses: Buffer.alloc(65_535) },
    ]) expect([change, parse(proxyHeaderV2({ ...ENDS, ...change })).kind]).toEqual([change, 'invalid']);
    // The length alone is enough to know.
    expect(parse(proxyHeaderV2({ kind: 0, addresses: Buffer.alloc(521) }).subarray(0, 16)).kind).toBe('invalid');
  });
});

test('anything else is no header, which its first bytes show', () => {
  for (const text of ['\xef', 'GET /api HTTP/1.1\r\n', 'PROXy TCP4', 'POST', '\r\n\r\n\0\r\nQUIS', '\0', '\xee\xee\xee\xee', ' PROXY UNKNOWN\r\n']) expect([text, parse(line(text)).kind]).toEqual([text, 'invalid']);
});
