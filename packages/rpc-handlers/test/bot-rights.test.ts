import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { methods } from '../src/index.ts';

/** Who may call a method, as it is documented. */
type Availability = 'user' | 'bot' | 'both';

const facts = JSON.parse(readFileSync(new URL('../../schema/methods.json', import.meta.url), 'utf8')) as Record<string, { availability: Availability }>;

/** Methods that bots may call by the documentation, and that are still closed to them here, by the reason. */
const reasons = JSON.parse(readFileSync(new URL('../../schema/closed-to-bots.json', import.meta.url), 'utf8')) as Record<string, string[]>;
const closedYet = Object.values(reasons).flat();

function documentedOf(method: string): { user: boolean; bot: boolean } {
  const { availability } = facts[method]!;
  return { user: availability !== 'bot', bot: availability !== 'user' && !closedYet.includes(method) };
}

it.each(methods.map(({ method, callers }) => ({ method, callers })))('$method is for whom it is documented', ({ method, callers }) => {
  expect({ user: callers.has('user'), bot: callers.has('bot') }).toEqual(documentedOf(method));
});

it('has no exception that is none any more', () => {
  const closed = methods.filter(({ method, callers }) => facts[method]!.availability !== 'user' && !callers.has('bot')).map(({ method }) => method);
  expect(closed.toSorted()).toEqual(closedYet.toSorted());
});
