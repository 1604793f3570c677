import { describe, expect, test } from 'vitest';
import { findCommands } from '../src/page/composer/find-commands.ts';
import { stepInList } from '../src/page/composer/list-keys.ts';

const commands = [
  { bot: 1, command: 'starter', description: 'first' },
  { bot: 1, command: 'start', description: 'second' },
  { bot: 2, command: 'start', description: 'third' },
];
const names: Record<number, string> = { 1: 'One_bot', 2: 'Two_bot' };
const textsFor = (command: string, username = ''): string[] => findCommands(commands, { command, username }, (bot) => names[bot]).map(({ text }) => text);

describe('commands that begin with what is written', () => {
  test('stand behind those that are written in full', () => {
    expect(textsFor('start')).toEqual(['/start@One_bot', '/start@Two_bot', '/starter@One_bot']);
    expect(textsFor('starte')).toEqual(['/starter@One_bot']);
    expect(textsFor('stop')).toEqual([]);
  });

  test('are those of one bot if its name is written, too', () => {
    expect(textsFor('start', 'tw')).toEqual(['/start@Two_bot']);
    expect(textsFor('', 'one')).toEqual(['/starter@One_bot', '/start@One_bot']);
  });

  test('name no bot where no other could be meant', () => {
    expect(findCommands(commands, undefined, () => undefined).map(({ text }) => text)).toEqual(['/starter', '/start', '/start']);
  });
});

describe('arrows', () => {
  test('go round in a list of lines', () => {
    expect(stepInList('ArrowDown', 4, 5)).toBe(0);
    expect(stepInList('ArrowUp', 0, 5)).toBe(4);
    expect(stepInList('ArrowRight', 0, 5)).toBeUndefined();
  });

  test('go in four directions in a grid, and stay at its sides', () => {
    expect(stepInList('ArrowDown', 1, 7, 3)).toBe(4);
    expect(stepInList('ArrowDown', 4, 7, 3)).toBe(4);
    expect(stepInList('ArrowUp', 4, 7, 3)).toBe(1);
    expect(stepInList('ArrowRight', 2, 7, 3)).toBe(3);
    expect(stepInList('ArrowLeft', 0, 7, 3)).toBe(0);
    expect(stepInList('Enter', 0, 7, 3)).toBeUndefined();
  });
});
