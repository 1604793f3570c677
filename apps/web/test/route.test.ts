import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('addEventListener', () => undefined);
const { addressOf, parseRoute, tagAddress } = await import('../src/page/ground/route.ts');

describe('addresses of pages', () => {
  test.each([
    ['', { page: 'home' }],
    ['#/', { page: 'home' }],
    ['#/unknown', { page: 'home' }],
    ['#/archive', { page: 'archive' }],
    ['#/contacts', { page: 'contacts' }],
    ['#/chat/5', { page: 'chat', peer: 5 }],
    ['#/chat/-1000000000009/77', { page: 'chat', peer: -1_000_000_000_009, message: 77 }],
    ['#/chat/5/info', { page: 'chat', peer: 5, info: { at: 'main' } }],
    ['#/chat/5/77/info', { page: 'chat', peer: 5, info: { at: 'main' }, message: 77 }],
    ['#/chat/-9/topic/12', { page: 'chat', peer: -9, topic: 12 }],
    ['#/chat/-9/topic/12/77/info', { page: 'chat', peer: -9, topic: 12, message: 77, info: { at: 'main' } }],
    ['#/chat/-9/topic/x', { page: 'chat', peer: -9 }],
    ['#/chat/-9/info/edit', { page: 'chat', peer: -9, info: { at: 'edit' } }],
    ['#/chat/-9/topic/12/info/links', { page: 'chat', peer: -9, topic: 12, info: { at: 'links' } }],
    ['#/chat/-9/info/links/new', { page: 'chat', peer: -9, info: { at: 'link' } }],
    ['#/chat/-9/info/links/a_B-9', { page: 'chat', peer: -9, info: { at: 'link', hash: 'a_B-9' } }],
    ['#/chat/-9/info/links/by/5', { page: 'chat', peer: -9, info: { at: 'linksOf', user: 5 } }],
    ['#/chat/-9/info/links/by/x', { page: 'chat', peer: -9, info: { at: 'links' } }],
    ['#/chat/-9/info/admins/5', { page: 'chat', peer: -9, info: { at: 'admin', user: 5 } }],
    ['#/chat/-9/7/info/permissions/5', { page: 'chat', peer: -9, message: 7, info: { at: 'exception', user: 5 } }],
    ['#/chat/0', { page: 'home' }],
    ['#/chat/x', { page: 'home' }],
    ['#/chat/1e400', { page: 'home' }],
    ['#/chat/-1000000000009/-2147483641', { page: 'chat', peer: -1_000_000_000_009, message: -2_147_483_641 }],
    ['#/chat/5/-2147483648', { page: 'chat', peer: 5 }],
    ['#/chat/5/1.5', { page: 'chat', peer: 5 }],
    ['#/thread/-1000000000009/7', { page: 'thread', peer: -1_000_000_000_009, root: 7 }],
    ['#/thread/-1000000000009/7/12', { page: 'thread', peer: -1_000_000_000_009, root: 7, message: 12 }],
    ['#/thread/-1000000000009/7/x', { page: 'thread', peer: -1_000_000_000_009, root: 7 }],
    ['#/thread/5/7', { page: 'home' }],
    ['#/thread/-1000000000009', { page: 'home' }],
    ['#/thread/-1000000000009/0', { page: 'home' }],
    ['#/tag/boats', { page: 'tag', tag: '#boats' }],
    ['#/tag/%24USD', { page: 'tag', tag: '$USD' }],
    ['#/tag/%E8%88%B9', { page: 'tag', tag: '#船' }],
    ['#/tag/', { page: 'home' }],
    ['#/tag/%E8', { page: 'home' }],
    ['#/chat/-9/tag/boats', { page: 'chat', peer: -9, tag: '#boats' }],
    ['#/chat/-9/tag/%E8', { page: 'chat', peer: -9 }],
    ['#/settings', { page: 'settings', section: undefined }],
    ['#/settings/devices', { page: 'settings', section: 'devices' }],
    ['#/new/group', { page: 'new', kind: 'group' }],
    ['#/new/thing', { page: 'home' }],
    ['#/link/+abc', { page: 'link', path: '+abc' }],
    ['#/link/name/12', { page: 'link', path: 'name/12' }],
  ])('%s', (hash, expected) => {
    expect(parseRoute(hash)).toEqual(expected);
  });

  test.each(['#/chat/5', '#/chat/-9/77/info', '#/chat/-9/info/log', '#/chat/-9/topic/12/77/info/links/new', '#/chat/-9/info/links/abc', '#/chat/-9/info/links/by/5', '#/chat/-9/info/admins/5', '#/chat/-9/info/permissions/5'])('%s is written as it is read', (address) => {
    const route = parseRoute(address);
    expect(route.page === 'chat' && addressOf(route)).toBe(address);
  });

  test.each([
    ['#boats', undefined, '#/tag/boats'],
    ['$USD', -9, '#/chat/-9/tag/%24USD'],
    ['#a/b?c', undefined, '#/tag/a%2Fb%3Fc'],
  ] as const)('the messages with %s in %s stand at %s', (tag, peer, address) => {
    expect(tagAddress(tag, peer)).toBe(address);
    expect(parseRoute(address)).toMatchObject({ tag });
  });

  test.each(['#/chat/-9/info/nothing', '#/chat/-9/info/admins/x', '#/chat/-9/info/main'])('%s shows less than it asks for', (address) => {
    expect(parseRoute(address)).toMatchObject({ page: 'chat', info: { at: address.includes('admins') ? 'admins' : 'main' } });
  });
});
