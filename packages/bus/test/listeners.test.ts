import { expect, test } from 'vitest';
import { LossListeners } from '../src/listeners.ts';

test('a listener that fails does not keep others from hearing that hints were lost', () => {
  const losses = new LossListeners();
  const heard: string[] = [];
  losses.add(() => {
    throw new Error('failed');
  });
  losses.add(() => void heard.push('second'));
  expect(() => losses.tell()).toThrow('failed');
  expect(heard).toEqual(['second']);
});
