import { describe, expect, it } from 'vitest';
import { parseDuration } from '../src/marks-program.ts';

describe('durations of limits', () => {
  it.each([['30m', 1800], ['12h', 43_200], ['7d', 604_800], ['2w', 1_209_600]])('%s is %i seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
  it.each(['', '7', 'd', '0h', '-1d', '1.5h', '7 d', '7y', '9999999m', '999999w'])('"%s" is none', (text) => expect(() => parseDuration(text)).toThrow('must be a duration'));
});
