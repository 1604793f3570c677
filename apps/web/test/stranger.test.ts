import { expect, test } from 'vitest';
import { readBar, readStranger } from '../src/worker/models/stranger.ts';

test('what the server tells of a stranger is read, and nothing else', () => {
  expect(readStranger({ registrationMonth: '03.2026', phoneCountry: 'DE' })).toEqual({ joined: new Date(2026, 2).getTime() / 1000, country: 'DE' });
  expect(readStranger({ registrationMonth: '13.2026', phoneCountry: 'Germany' })).toEqual({});
  expect(readStranger({})).toEqual({});
});

test('a bar stands where something can be done', () => {
  expect(readBar({ _: 'peerSettings', addContact: true })).toEqual({ canAdd: true, canBlock: false, canReport: false, canShare: false });
  expect(readBar({ _: 'peerSettings', registrationMonth: '03.2026' })).toBeUndefined();
});
