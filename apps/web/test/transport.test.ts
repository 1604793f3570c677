import { describe, expect, test } from 'vitest';
import { socketOf } from '../src/worker/platform/transport.ts';

const ORIGIN = 'https://one.example.org';

describe('the socket of a data centre', () => {
  test('is that of the page when the server is alone', () => {
    for (const dc of [1, 2, 5]) expect(socketOf(dc, ORIGIN, { dc_id: 2 })).toBe('wss://one.example.org/apiws');
    expect(socketOf(4, 'http://localhost:8080', { dc_id: 2, homes: [] })).toBe('ws://localhost:8080/apiws');
  });

  test('is that of its home among several', () => {
    const facts = { dc_id: 1, homes: [{ dc: 2, socket: 'wss://two.example.org:8443' }] };
    expect(socketOf(1, ORIGIN, facts)).toBe('wss://one.example.org/apiws');
    expect(socketOf(2, ORIGIN, facts)).toBe('wss://two.example.org:8443/apiws');
    expect(() => socketOf(3, ORIGIN, facts)).toThrow('nobody knows where data centre 3 is');
  });
});
