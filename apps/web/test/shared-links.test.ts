import { expect, test } from 'vitest';
import type { Message } from '../src/protocol/index.ts';
import { linksOf } from '../src/page/media/links-of.ts';

const message = (values: Partial<Message>): Message => ({ key: '1', id: 1, peer: 5, from: 5, date: 1, isOut: false, text: '', ...values });

test('lists the links of a message once each, with the title of the previewed one', () => {
  const text = 'see example.org and here';
  const entities = [
    { kind: 'url' as const, offset: 4, length: 11 },
    { kind: 'link' as const, offset: 20, length: 4, url: 'https://example.com/a' },
    { kind: 'link' as const, offset: 20, length: 4, url: 'https://example.com/a' },
  ];
  const media = { kind: 'page' as const, url: 'https://example.org/', title: 'An example' };
  expect(linksOf(message({ text, entities, media }))).toEqual([
    { target: 'https://example.org/', title: 'An example' },
    { target: 'https://example.com/a', title: undefined },
  ]);
});

test('lists no link that a browser should not follow', () => {
  const entities = ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'].map((url) => ({ kind: 'link' as const, offset: 0, length: 1, url }));
  expect(linksOf(message({ text: 'x', entities, media: { kind: 'page', url: 'vbscript:x' } }))).toEqual([]);
});
