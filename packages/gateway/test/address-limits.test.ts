import { describe, expect, test } from 'vitest';
import { AddressLimits } from '../src/sockets/address-limits.ts';

const settings = { maxConnections: 5, maxConnectionsPerAddress: 2, maxHandshakesPerAddress: 3 };

describe('connections', () => {
  test('are limited per address and in total', () => {
    const limits = new AddressLimits(settings);
    expect(limits.enter('198.51.100.1', 0)).toBeUndefined();
    expect(limits.enter('198.51.100.1', 0)).toBeUndefined();
    expect(limits.enter('198.51.100.1', 0)).toBe('address-limit');
    limits.leave('198.51.100.1');
    expect(limits.enter('198.51.100.1', 0)).toBeUndefined();
    for (let i = 2; i < 5; i++) expect(limits.enter(`198.51.100.${i}`, 0)).toBeUndefined();
    expect(limits.enter('198.51.100.9', 0)).toBe('full');
  });

  test('count per /64 for IPv6, and not at all for loopback', () => {
    const limits = new AddressLimits(settings);
    expect(limits.enter('2001:db8:0:1::1', 0)).toBeUndefined();
    expect(limits.enter('2001:0DB8:0000:0001:5:6:7:8', 0)).toBeUndefined();
    expect(limits.enter('2001:db8::1:0:0:0:9', 0)).toBe('address-limit');
    expect(limits.enter('2001:db8:0:2::1', 0)).toBeUndefined();
    expect(limits.enter('::1', 0)).toBeUndefined();
    expect(limits.enter('127.0.0.3', 0)).toBeUndefined();
  });
});

test('new keys are limited per address and minute', () => {
  const limits = new AddressLimits(settings);
  const asked = (atMs: number): boolean => limits.allowsHandshake('198.51.100.1', atMs);
  expect([asked(0), asked(1), asked(2), asked(3)]).toEqual([true, true, true, false]);
  expect(limits.allowsHandshake('198.51.100.2', 3)).toBe(true);
  expect(asked(60_000)).toBe(true);
  limits.sweep(200_000);
  expect(asked(200_000)).toBe(true);
});

test('lookups of keys that do not exist are limited per address and minute, other lookups are not', () => {
  const limits = new AddressLimits(settings);
  for (let i = 0; i < 12; i++) {
    expect(limits.allowsKeyLookUp('198.51.100.1', i)).toBe(true);
    limits.foundNoKey('198.51.100.1', i);
  }
  expect(limits.allowsKeyLookUp('198.51.100.1', 20)).toBe(false);
  expect(limits.allowsKeyLookUp('198.51.100.2', 20)).toBe(true);
  expect(limits.allowsKeyLookUp('198.51.100.1', 60_000)).toBe(true);
});
