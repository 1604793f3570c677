import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('addEventListener', () => undefined);
const { parseRoute } = await import('../src/page/ground/route.ts');

describe('addresses of pages', () => {
  test.each([
    ['', { page: 'home' }],
    ['#/', { page: 'home' }],
    ['#/unknown', { page: 'home' }],
    ['#/archive', { page: 'archive' }],
    ['#/contacts', { page: 'contacts' }],
    ['#/chat/5', { page: 'chat', peer: 5, hasInfo: false }],
    ['#/chat/-1000000000009/77', { page: 'chat', peer: -1_000_000_000_009, hasInfo: false, message: 77 }],
    ['#/chat/5/info', { page: 'chat', peer: 5, hasInfo: true }],
    ['#/chat/5/77/info', { page: 'chat', peer: 5, hasInfo: true, message: 77 }],
    ['#/chat/-9/topic/12', { page: 'chat', peer: -9, topic: 12, hasInfo: false }],
    ['#/chat/-9/topic/12/77/info', { page: 'chat', peer: -9, topic: 12, message: 77, hasInfo: true }],
    ['#/chat/-9/topic/x', { page: 'chat', peer: -9, hasInfo: false }],
    ['#/chat/0', { page: 'home' }],
    ['#/chat/x', { page: 'home' }],
    ['#/chat/1e400', { page: 'home' }],
    ['#/chat/-1000000000009/-2147483641', { page: 'chat', peer: -1_000_000_000_009, message: -2_147_483_641, hasInfo: false }],
    ['#/chat/5/-2147483648', { page: 'chat', peer: 5, hasInfo: false }],
    ['#/chat/5/1.5', { page: 'chat', peer: 5, hasInfo: false }],
    ['#/thread/-1000000000009/7', { page: 'thread', peer: -1_000_000_000_009, root: 7 }],
    ['#/thread/-1000000000009/7/12', { page: 'thread', peer: -1_000_000_000_009, root: 7, message: 12 }],
    ['#/thread/-1000000000009/7/x', { page: 'thread', peer: -1_000_000_000_009, root: 7 }],
    ['#/thread/5/7', { page: 'home' }],
    ['#/thread/-1000000000009', { page: 'home' }],
    ['#/thread/-1000000000009/0', { page: 'home' }],
    ['#/settings', { page: 'settings', section: undefined }],
    ['#/settings/devices', { page: 'settings', section: 'devices' }],
    ['#/new/group', { page: 'new', kind: 'group' }],
    ['#/new/thing', { page: 'home' }],
    ['#/link/+abc', { page: 'link', path: '+abc' }],
    ['#/link/name/12', { page: 'link', path: 'name/12' }],
  ])('%s', (hash, expected) => {
    expect(parseRoute(hash)).toEqual(expected);
  });
});
