import { expect, test } from 'vitest';
import { findDomainRoute } from '../src/http/domain-routes.ts';
import { INVITE_PAGE_POLICY, NO_INVITATION_PAGE, renderInvited, renderInviteForm, renderInviteProblem } from '../src/invite/invite-page.ts';
import { isOfOwnPage } from '../src/http/send-page.ts';

/** The elements of a page with the names of their attributes. */
const tagsOf = (html: string): string[] => [...html.matchAll(/<(?:"[^"]*"|'[^']*'|[^>"'])*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));

const HOSTILE = [
  '"><script>alert(1)</script><img src=x onerror=alert(2)>',
  "' autofocus onfocus='alert(3)",
  '</style></title></textarea><svg onload=alert(4)>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '\u202Emoc.elpmaxe\u2066',
];

test.each(HOSTILE)('nothing that is entered becomes part of the page: %j', (text) => {
  const pages = [
    renderInviteForm({ form: text, takesEmail: true, sendsToPhones: true, problem: { entered: text, text } }),
    renderInviteForm({ form: 'f', takesEmail: false, sendsToPhones: true, problem: { entered: text, text: 'no' } }),
    renderInvited({ phone: text, email: text }, true),
    renderInviteProblem(text, text),
  ];
  const clean = [renderInviteForm({ form: 'f', takesEmail: true, sendsToPhones: true, problem: { entered: '', text: '' } }), renderInviteForm({ form: 'f', takesEmail: false, sendsToPhones: true, problem: { entered: '', text: 'no' } }), renderInvited({ phone: '1', email: 'a' }, true), renderInviteProblem('', '')];
  expect(pages.map(tagsOf)).toEqual(clean.map(tagsOf));
});

test('the pages may only send a form to this server', () => {
  expect(INVITE_PAGE_POLICY).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/);
  expect(NO_INVITATION_PAGE).not.toMatch(/<form|<script|href=/);
});

test('an address is asked for only where codes are mailed', () => {
  expect(renderInviteForm({ form: 'f', takesEmail: false, sendsToPhones: true })).not.toMatch(/mail/);
  expect(renderInviteForm({ form: 'f', takesEmail: true, sendsToPhones: true })).toMatch(/e-mail address/);
});

test('a code is promised only where one is sent', () => {
  const [told, readOut] = [true, false].map((sendsToPhones) => [renderInviteForm({ form: 'f', takesEmail: false, sendsToPhones }), renderInvited({ phone: '1', email: null }, sendsToPhones)].join('\n'));
  expect(told).toContain('are sent there');
  expect(told).toContain('is sent to this number');
  expect(readOut).not.toContain('sent');
  expect(readOut).toContain('you get from whoever runs this server');
  expect(renderInvited({ phone: '1', email: 'ann@example.org' }, false)).toContain('is mailed to ann@example.org');
});

test.each([
  ['/invite/abc', { invitation: 'abc' }],
  ['/invite/abc?to=1', { invitation: 'abc' }],
  ['/invite/a/b', { invitation: 'a/b' }],
  ['/invite/', { invitation: '' }],
  ['/invite', { invitation: '' }],
  ['/Invite', undefined],
  ['/invites', { link: { kind: 'name', username: 'invites', msgId: undefined } }],
])('the path %s leads to %j', (path, route) => {
  expect(findDomainRoute(path)).toEqual(route);
});

test.each([
  [{ origin: 'https://chat.example.org' }, true],
  [{ origin: 'https://chat.example.org', 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: 'https://chat.example.org', 'sec-fetch-site': 'same-site' }, false],
  [{ origin: 'https://chat.example.org.evil.example' }, false],
  [{ origin: 'null' }, false],
  [{}, false],
])('a request with the headers %j is of the own page: %j', (headers, isOwn) => {
  expect(isOfOwnPage({ headers }, 'https://chat.example.org')).toBe(isOwn);
});
