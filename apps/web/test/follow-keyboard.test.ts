import { expect, test } from 'vitest';
import { placeAbove } from '../src/page/app/follow-keyboard.ts';

test.each([
  ['a keyboard covers the lower part', 844, { height: 508, offsetTop: 0, scale: 1 }, { height: 508, top: 0 }],
  ['the browser has moved the page up besides', 844, { height: 508.4, offsetTop: 300.6, scale: 1 }, { height: 508, top: 301 }],
  ['the page bounces', 844, { height: 508, offsetTop: -20, scale: 1 }, { height: 508, top: 0 }],
  ['there is no keyboard', 844, { height: 844, offsetTop: 0, scale: 1 }, undefined],
  ['only a bar of the browser is shown', 844, { height: 780, offsetTop: 0, scale: 1 }, undefined],
  ['somebody has zoomed in', 844, { height: 422, offsetTop: 100, scale: 2 }, undefined],
])('%s', (_, windowHeight, seen, place) => {
  expect(placeAbove(windowHeight, seen)).toEqual(place);
});
