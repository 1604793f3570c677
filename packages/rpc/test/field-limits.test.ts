import { describe, expect, it } from 'vitest';

import { checkFields, compileLimits, DEFAULT_LIMITS, joinLimits, type MethodLimits } from '../src/field-limits.ts';

const check = (request: object, limits: MethodLimits = {}): (() => void) => () => checkFields({ _: 'messages.sendMessage', ...request }, compileLimits(limits));

describe('limits of the fields of a request', () => {
  it('are the default ones if nothing is declared, at any depth', () => {
    const text = 'x'.repeat(DEFAULT_LIMITS.string.max);
    const bytes = new Uint8Array(DEFAULT_LIMITS.bytes.max);
    const deep = (value: unknown): object => ({ media: { _: 'a', items: [{ _: 'b', value }] } });
    for (const value of [text, bytes, [text], [1n, 2n], undefined, null, 5]) expect(check(deep(value))).not.toThrow();
    expect(check(deep(`${text}x`))).toThrow('INPUT_TEXT_TOO_LONG');
    expect(check(deep(['short', `${text}x`]))).toThrow('INPUT_TEXT_TOO_LONG');
    expect(check(deep(new Uint8Array(bytes.length + 1)))).toThrow('DATA_TOO_LONG');
    expect(check(deep(Array.from({ length: DEFAULT_LIMITS.vector.max + 1 }, () => 1n)))).toThrow('LIMIT_INVALID');
  });

  it('are declared by path, with specific errors', () => {
    const limits: MethodLimits = {
      vectors: { 'rules.users': 2 },
      strings: { 'entities.url': { max: 3, error: 'ENTITIES_TOO_LONG' }, message: 5000 },
      bytes: { 'media.payload': 1 },
    };
    const entity = (url: string): object => ({ entities: [{ _: 'messageEntityBold' }, { _: 'messageEntityTextUrl', url }] });
    expect(check(entity('abc'), limits)).not.toThrow();
    expect(check(entity('abcd'), limits)).toThrow('ENTITIES_TOO_LONG');
    expect(check({ message: 'x'.repeat(5000), ...entity('') }, limits)).not.toThrow();
    expect(check({ message: 'x'.repeat(5001) }, limits)).toThrow('INPUT_TEXT_TOO_LONG');
    expect(check({ rules: [{ users: [1, 2] }, { users: [1, 2, 3] }] }, limits)).toThrow('LIMIT_INVALID');
    expect(check({ media: { payload: new Uint8Array(2) } }, limits)).toThrow('DATA_TOO_LONG');
    // A field with that name elsewhere is a different one.
    expect(check({ url: 'abcd' }, limits)).not.toThrow();
  });

  it('of several parts can be combined', () => {
    const joined = joinLimits({ strings: { a: 1 } }, { maxBytes: 100_000, strings: { b: 2 }, vectors: { c: 3 } });
    expect(joined).toEqual({ maxBytes: 100_000, strings: { a: 1, b: 2 }, vectors: { c: 3 }, bytes: {} });
  });
});
