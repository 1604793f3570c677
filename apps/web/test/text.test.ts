import { expect, test } from 'vitest';
import { formatCount, t } from '../src/page/ground/text.ts';

test('values are filled in', () => expect(t('forwardedTo', { name: 'Ann' })).toBe('Forwarded to Ann'));
test('a number chooses the form', () => {
  expect(t('members', { n: 1 })).toBe('1 member');
  expect(t('members', { n: 1200 })).toBe('1,200 members');
});
test('a value cannot bring values of its own', () => expect(t('serviceTitle', { author: '{title}', title: 'News' })).toContain('{title} changed'));
test('a missing value leaves nothing', () => expect(t('forwardedTo')).toBe('Forwarded to '));
test('counts are short', () => expect([formatCount(7), formatCount(1234), formatCount(5_600_000)]).toEqual(['7', '1.2K', '5.6M']));
