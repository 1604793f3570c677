import { expect, test } from 'vitest';
import { readHomesFlag } from '../src/homes-flag.ts';

test('the flag is taken out of the arguments, wherever and however it stands', () => {
  expect(readHomesFlag(['--port', '0'])).toBeUndefined();
  expect(readHomesFlag(['--dcs', '2', '--port', '0'])).toEqual({ count: 2, rest: ['--port', '0'] });
  expect(readHomesFlag(['--port', '0', '--dcs=5'])).toEqual({ count: 5, rest: ['--port', '0'] });
});

test.each([[['--dcs']], [['--dcs', '0']], [['--dcs=6']], [['--dcs', '--port', '0']]])('%s is refused', (argv) => {
  expect(() => readHomesFlag(argv)).toThrow('--dcs takes how many data centres there are, 1 to 5');
});
