import { isIP } from 'node:net';
import { TrustedProxies, type Random } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';
import { findForwardedClient } from '../../packages/gateway/src/http/forwarded-for.ts';
import { parseProxyHeader, type ProxyHeader } from '../../packages/gateway/src/sockets/proxy-header.ts';
import { proxyHeaderV1, proxyHeaderV2 } from '../../packages/gateway/test/proxy-headers.ts';
import { below, fuzzIterations, fuzzRandom, mutate, pick } from './mutation.ts';

const MAX_HEADER = 536;

function anyAddress(random: Random, family: 4 | 6): string {
  const bytes = [...random.bytes(16)];
  if (family === 4) return bytes.slice(0, 4).join('.');
  return Array.from({ length: 8 }, (_, n) => (below(random, 3) === 0 ? 0 : bytes[2 * n]! * 256 + bytes[2 * n + 1]!).toString(16)).join(':');
}

function anyHeader(random: Random): Buffer {
  const family = pick(random, [4, 6] as const);
  const place = (): { address: string; port: number } => ({ address: anyAddress(random, family), port: below(random, 65_536) });
  const ends = { source: place(), destination: place() };
  if (below(random, 2) === 0) return below(random, 5) === 0 ? Buffer.from(`PROXY UNKNOWN ${'x'.repeat(below(random, 120))}\r\n`) : proxyHeaderV1(ends.source, ends.destination);
  return proxyHeaderV2({ ...ends, command: pick(random, [0x20, 0x21, 0x21, below(random, 256)]), extension: pick(random, [0, below(random, 600)]) });
}

/** Feeds all bytes, one more each time, until there is a result. */
function feed(bytes: Buffer): ProxyHeader {
  for (let length = 0; length <= bytes.length; length++) {
    const header = parseProxyHeader(bytes.subarray(0, length));
    if (header.kind !== 'need-more') return header;
  }
  return { kind: 'need-more' };
}

describe('headers of the PROXY protocol', () => {
  it('give the same result in pieces and at once, valid addresses, and never wait for more than their longest form', () => {
    const random = fuzzRandom('proxy-header');
    const kinds = { header: 0, invalid: 0, 'need-more': 0 };
    for (let i = fuzzIterations(4_000); i > 0; i--) {
      const sent = anyHeader(random);
      const bytes = Buffer.concat([below(random, 3) === 0 ? sent : mutate(random, sent), random.bytes(below(random, 700))]);
      const header = feed(bytes);
      kinds[header.kind]++;
      expect(parseProxyHeader(bytes)).toEqual(header);
      if (header.kind === 'need-more') expect(bytes.length).toBeLessThan(MAX_HEADER);
      if (header.kind !== 'header') continue;
      expect(header.length).toBeLessThanOrEqual(Math.min(MAX_HEADER, bytes.length));
      for (const { address, port } of header.ends ? [header.ends.source, header.ends.destination] : []) {
        expect([isIP(address) > 0, port >= 0 && port < 65_536]).toEqual([true, true]);
      }
    }
    expect(Math.min(kinds.header, kinds.invalid)).toBeGreaterThan(fuzzIterations(4_000) / 10);
  });
});

describe('X-Forwarded-For', () => {
  it('never gives anything but an address, and none that stands before the first untrusted one', () => {
    const random = fuzzRandom('forwarded-for');
    const trusted = new TrustedProxies([{ address: '10.0.0.0', prefix: 8 }]);
    const client = '198.51.100.7';
    for (let i = fuzzIterations(4_000); i > 0; i--) {
      const spoofed = Array.from({ length: below(random, 5) }, () => pick(random, [anyAddress(random, 4), anyAddress(random, 6), 'unknown', '', '[::1]:80', '127.0.0.1']));
      const proxies = Array.from({ length: below(random, 4) }, () => `10.0.0.${below(random, 256)}`);
      const header = Buffer.from([...spoofed, client, ...proxies].join(', '));
      expect(findForwardedClient(header.toString('latin1'), trusted)).toBe(client);
      const found = findForwardedClient(Buffer.from(mutate(random, header)).toString('latin1'), trusted);
      if (found !== undefined) expect(isIP(found)).toBeGreaterThan(0);
    }
  });
});
