import { expect, test } from 'vitest';

import { UrlProblem } from '../../src/texts/http-url.ts';
import { checkLink, linkEntity } from '../../src/texts/links.ts';

test.each([
  ['example.org', 'http://example.org/'],
  ['https://Example.ORG', 'https://example.org/'],
  ['HTTP://example.org:080/Path?q#f', 'http://example.org:80/Path?q#f'],
  ['example.org?q', 'http://example.org/?q'],
  ['example.org#f', 'http://example.org/#f'],
  ['example.org/a b\n', 'http://example.org/a%20b'],
  ['user:pass@example.org', 'http://user:pass@example.org/'],
  ['https://пример.рф/путь', 'https://пример.рф/путь'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
  ['a%2Fb.org', 'http://a%2fb.org/'],
  ['tg://resolve?domain=telegram', 'tg://resolve?domain=telegram'],
  ['TG:resolve/?domain=telegram', 'tg://resolve?domain=telegram'],
  ['ton://transfer/x', 'ton://transfer/x'],
  ['tonsite://foundation.ton', 'tonsite://foundation.ton/'],
])('%j is the link %s', (link, checked) => {
  expect(checkLink(link)).toBe(checked);
});

test.each([
  ['', 'URL host is empty'],
  ['https://', 'URL host is empty'],
  ['https:///path', 'URL host is empty'],
  ['.', 'Host is invalid'],
  ['localhost', 'Wrong HTTP URL'],
  ['javascript:alert(1)', 'Wrong port number specified in the URL'],
  ['javascript://example.org', 'Unsupported URL protocol'],
  ['://example.org', 'Unsupported URL protocol'],
  ['example.org:0', 'Wrong port number specified in the URL'],
  ['example.org:65536', 'Wrong port number specified in the URL'],
  ['example.org:', 'Wrong port number specified in the URL'],
  [`${'x'.repeat(509)}.org`, 'Wrong HTTP URL'],
  ['http://[::x]/', 'Wrong IPv6 address specified in the URL'],
  ['exa mple.org', 'Disallowed character in URL host'],
  ['exa<mple.org', 'Disallowed character in URL host'],
  ['a%2.org', 'Wrong percent-encoded symbol in URL host'],
  ['a<b@example.org', 'Disallowed character in URL userinfo'],
  ['tg://http://example.org', 'Wrong tg URL'],
  ['tg:https://x', 'Wrong tg URL'],
  ['ton://x:80', 'Wrong ton URL'],
  ['tg://a.b', 'Unallowed characters in URL host'],
])('%j is no link: %s', (link, reason) => {
  expect(checkLink(link)).toEqual(new UrlProblem(reason));
});

const span = { offset: 0, length: 1 };

test.each(['tg://user?id=77', 'tg:user?id=77', 'TG://USER/?x=1&ID=77#f', 'tg://user?id=77&id=78'])('%s mentions the user 77', (link) => {
  expect(linkEntity(span, link)).toEqual({ _: 'messageEntityMentionName', ...span, user_id: 77n });
});

test.each(['tg://user', 'tg://users?id=77', 'tg://user?id=077', 'tg://user?id=0', 'tg://user?id=-5', 'tg://user?id=9007199254740993'])('%s mentions nobody', (link) => {
  expect(linkEntity(span, link)?._).toBe('messageEntityTextUrl');
});

test('what is longer than the URL of an entity may be makes no entity', () => {
  expect(linkEntity(span, `example.org/${'x'.repeat(2036)}`)).toMatchObject({ _: 'messageEntityTextUrl' });
  expect(linkEntity(span, `example.org/${'x'.repeat(2037)}`)).toBeUndefined();
});
