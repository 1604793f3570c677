import { loadConfig } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';

import { listClosedAddresses, type RelayPlace, relayPlaceOf, relaysAt } from '../src/calls/relay-place.ts';

const read = (env: Record<string, string>, host = '0.0.0.0'): ReturnType<typeof relayPlaceOf> => relayPlaceOf(loadConfig(['--host', host], env));

describe('where the relay of calls is', () => {
  it('is told by the settings', () => {
    expect(read({}, '127.0.0.1')).toEqual({ listen: { host: '127.0.0.1', port: 4450 }, relayPorts: { from: 49_160, to: 49_259 }, addresses: { 4: '127.0.0.1' }, isLocalOnly: true });
    expect(read({ AEROGRAM_PUBLIC_ADDRESS: '198.51.100.7', AEROGRAM_PUBLIC_ADDRESS_V6: '2001:db8::7' })).toMatchObject({ listen: { host: '::' }, addresses: { 4: '198.51.100.7', 6: '2001:db8::7' }, isLocalOnly: false });
    expect(read({ AEROGRAM_PUBLIC_ADDRESS: '198.51.100.7', AEROGRAM_CALLS_ADDRESS: '198.51.100.8', AEROGRAM_CALLS_RELAY_PORTS: '0' })).toMatchObject({ listen: { host: '0.0.0.0' }, relayPorts: { from: 0, to: 0 }, addresses: { 4: '198.51.100.8', 6: undefined } });
    // Behind a proxy of the same machine, which does not lead UDP on.
    expect(read({ AEROGRAM_PUBLIC_ADDRESS: '198.51.100.7' }, '127.0.0.1')).toMatchObject({ listen: { host: '0.0.0.0' }, isLocalOnly: false });
    expect(read({}, '192.0.2.3')).toMatchObject({ listen: { host: '192.0.2.3' }, addresses: { 4: '192.0.2.3' } });
  });

  it('is nowhere if that is meant, or cannot be known', () => {
    expect(read({})).toBe('no address');
    expect(read({ AEROGRAM_CALLS: 'off' }, '127.0.0.1')).toBe('calls are off');
    expect(read({ AEROGRAM_TURN_URLS: 'stun:192.0.2.7' }, '127.0.0.1')).toBe('others relay');
    expect(read({ AEROGRAM_CALLS_RELAY_PORTS: 'none' }, '127.0.0.1')).toBe('no relay ports');
    for (const wrong of ['1', '5-4', '0-9', '1-70000', 'x']) expect(() => read({ AEROGRAM_CALLS_RELAY_PORTS: wrong }), wrong).toThrow();
    for (const wrong of ['0.0.0.0', 'example.org']) expect(() => read({ AEROGRAM_CALLS_ADDRESS: wrong }), wrong).toThrow();
  });

  it('is told to clients once its port is known', () => {
    const place = read({ AEROGRAM_PUBLIC_ADDRESS: '8.8.8.8', AEROGRAM_PUBLIC_ADDRESS_V6: 'fd00::7' }) as RelayPlace;
    expect(relaysAt(place, 0)).toEqual([]);
    expect(relaysAt(place, 4450)).toEqual([{ kind: 'turn', host: '8.8.8.8', port: 4450 }, { kind: 'turn', host: 'fd00::7', port: 4450 }]);
    expect(listClosedAddresses(place)).toEqual(['fd00::7']);
    expect(listClosedAddresses({ ...place, isLocalOnly: true })).toEqual([]);
  });
});
