import { describe, expect, test } from 'vitest';
import { isShownAs, safeTarget } from '../src/page/parts/safe-target.ts';
import type { EntityKind } from '../src/protocol/index.ts';

const target = (kind: EntityKind, text: string, url?: string): string | undefined => safeTarget({ kind, offset: 0, length: text.length, url }, text);

describe('targets of links', () => {
  test('addresses get the scheme that they were written without', () => {
    expect(target('url', 'example.com/a')).toBe('https://example.com/a');
    expect(target('url', 'http://example.com')).toBe('http://example.com/');
    expect(target('url', 'example.com:8080/x')).toBe('https://example.com:8080/x');
    expect(target('link', 'here', 'tg://resolve?domain=ann')).toBe('tg://resolve?domain=ann');
    expect(target('email', 'ann@example.com')).toBe('mailto:ann@example.com');
    expect(target('phone', '+49 (123) 45')).toBe('tel:+4912345');
  });

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    'filesystem:https://example.com/1',
    'about:blank',
  ])('%j leads nowhere where something would run', (url) => {
    const found = target('link', 'a link', url);
    expect(found === undefined || /^(https?|mailto|tel|tg):/.test(found)).toBe(true);
  });

  test('what is no address leads nowhere', () => {
    expect(target('link', 'x', 'http://')).toBeUndefined();
    expect(target('link', 'x')).toBeUndefined();
  });

  test('a person who writes the address sees where it leads', () => {
    expect(isShownAs('https://example.com/', 'example.com')).toBe(true);
    expect(isShownAs('https://example.com/', 'HTTPS://EXAMPLE.COM')).toBe(true);
    expect(isShownAs('https://example.com/Z%C3%BCrich', 'https://example.com/Zürich')).toBe(true);
  });

  test('another text, or letters that only look alike, do not say where a link leads', () => {
    expect(isShownAs('https://evil.example/', 'example.com')).toBe(false);
    expect(isShownAs('https://evil.example/', 'press here')).toBe(false);
    expect(isShownAs(target('url', 'аpple.com')!, 'аpple.com')).toBe(false);
    expect(isShownAs('https://example.com@evil.example/', 'example.com')).toBe(false);
  });
});
