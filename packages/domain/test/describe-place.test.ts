import { expect, it } from 'vitest';

import { describePlace } from '../src/auth/describe-place.ts';

it.each([
  ['127.0.0.1', 'This computer'],
  ['::1', 'This computer'],
  ['192.168.1.7', 'Local network'],
  ['172.20.0.1', 'Local network'],
  ['fe80::1%eth0', 'Local network'],
  ['fd12::1', 'Local network'],
  ['172.32.0.1', 'Unknown location'],
  ['203.0.113.9', 'Unknown location'],
  ['2001:db8::1', 'Unknown location'],
  ['', 'Unknown location'],
])('%s is shown as %s', (address, place) => expect(describePlace(address)).toBe(place));
