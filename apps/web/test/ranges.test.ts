import { describe, expect, test } from 'vitest';
import { addRange, extendTop, rangeAt } from '../src/worker/store/ranges.ts';

describe('known ranges of a chat', () => {
  test('ranges that overlap or touch become one', () => {
    expect(addRange([{ from: 1, to: 5 }], { from: 6, to: 9 })).toEqual([{ from: 1, to: 9 }]);
    expect(addRange([{ from: 1, to: 5 }, { from: 20, to: 30 }], { from: 4, to: 21 })).toEqual([{ from: 1, to: 30 }]);
  });

  test('ranges with a hole between them stay apart, in order', () => {
    expect(addRange([{ from: 20, to: 30 }], { from: 1, to: 5 })).toEqual([{ from: 1, to: 5 }, { from: 20, to: 30 }]);
    expect(addRange([{ from: 1, to: 5 }], { from: 7, to: 9 })).toEqual([{ from: 1, to: 5 }, { from: 7, to: 9 }]);
  });

  test('a range within another one changes nothing', () => expect(addRange([{ from: 1, to: 9 }], { from: 3, to: 4 })).toEqual([{ from: 1, to: 9 }]));

  test('the range of an id is found, and none in a hole', () => {
    const ranges = [{ from: 1, to: 5 }, { from: 8, to: 9 }];
    expect(rangeAt(ranges, 5)).toEqual({ from: 1, to: 5 });
    expect(rangeAt(ranges, 6)).toBeUndefined();
  });

  test('a new newest message lengthens the range of the one before it, because no message lies between the two', () => {
    expect(extendTop([{ from: 3, to: 10 }], 10, 15)).toEqual([{ from: 3, to: 15 }]);
  });

  test('without the one before it, a new message stands alone', () => {
    expect(extendTop([{ from: 3, to: 6 }], 10, 15)).toEqual([{ from: 3, to: 6 }, { from: 15, to: 15 }]);
  });
});
