import { describe, expect, it } from 'vitest';

import { methods } from '../src/index.ts';
import { BLIND, forBots, naming as namingMessages, READING } from './db/bot-methods-table.ts';
import { ERRORS, fieldOf, naming, REFUSING, WORKING } from './db/elsewhere-table.ts';

// What the tables say is tried by db/elsewhere.test.ts and db/hidden-from-bots.test.ts, which take longer.
describe('each method', () => {
  it('that names people is decided about in each field, for a person in another data centre', () => {
    const names = naming.map(({ method }) => method);
    expect(names.filter((method) => (method in WORKING ? 1 : 0) + (REFUSING.includes(method) ? 1 : 0) !== 1)).toEqual([]);
    const known = new Set(naming.flatMap(({ method, found }) => found.map((place) => `${method}.${fieldOf(place)}`)));
    const listed = [...Object.entries(WORKING).flatMap(([method, fields]) => fields.split(' ').map((field) => `${method}.${field}`)), ...Object.keys(ERRORS)];
    expect(listed.filter((field) => !known.has(field))).toEqual([]);
    expect(REFUSING.filter((method) => !names.includes(method))).toEqual([]);
    const declared = methods.flatMap(({ method, elsewhere }) => Object.entries(elsewhere).map(([field, rule]) => [`${method}.${field}`, rule] as const));
    expect(declared.filter(([field, rule]) => rule !== 'works' && ERRORS[field] !== rule)).toEqual([]);
  });

  it('that bots may call either names messages, reads, or has nothing of what others wrote', () => {
    expect([...namingMessages, ...READING, ...BLIND].toSorted()).toEqual([...forBots].toSorted());
  });
});
