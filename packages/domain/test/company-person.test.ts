import { expect, test } from 'vitest';
import { isInGroup, readPerson } from '../src/index.ts';

const read = (claims: Record<string, unknown>, domains: readonly string[] = []) => readPerson('https://id.example.org', { sub: 'x', ...claims }, domains);

test.each([
  [{ given_name: 'Ann', family_name: 'Lee' }, 'Ann', 'Lee'],
  [{ given_name: 'Ann' }, 'Ann', ''],
  [{ family_name: 'Lee', name: 'Dr Lee' }, 'Dr Lee', ''],
  [{ family_name: 'Lee' }, 'Lee', ''],
  [{ preferred_username: 'ann' }, 'ann', ''],
  [{ email: 'ann.lee@example.org' }, 'ann.lee', ''],
  [{}, 'New colleague', ''],
  [{ given_name: ['Ann'], name: { a: 1 } }, 'New colleague', ''],
  [{ given_name: 'A\u202enn\n', family_name: 'x'.repeat(100) }, 'Ann', 'x'.repeat(64)],
])('the names of %j', (claims, firstName, lastName) => {
  expect(read(claims)).toMatchObject({ firstName, lastName });
});

test.each([
  [{ email: 'ann@example.org' }, [], 'ann@example.org'],
  [{ email: 'ann@example.org', email_verified: true }, ['example.org'], 'ann@example.org'],
  [{ email: 'ann@example.org', email_verified: false }, [], undefined],
  [{ email: 'ann@example.org', email_verified: 'false' }, [], undefined],
  [{ email: 'ann@elsewhere.example' }, ['example.org'], undefined],
  [{ email: 'ann@example.org\r\nBcc: eve@example.org' }, [], undefined],
  [{ email: 7 }, [], undefined],
])('the address of %j where %j are admitted', (claims, domains, email) => {
  expect(read(claims, domains)?.email).toBe(email);
});

test('somebody without a subject that can be kept is nobody', () => {
  for (const sub of [undefined, '', 7, 'x'.repeat(256), 'a\nb', 'ä']) expect([sub, read({ sub })]).toEqual([sub, undefined]);
  expect(read({ sub: 'x'.repeat(255) })).toBeDefined();
});

test('groups are compared as a whole, and one of them is enough', () => {
  const required = ['staff', 'it'];
  expect(isInGroup({}, 'groups', [])).toBe(true);
  for (const groups of [['x', 'it'], 'staff']) expect([groups, isInGroup({ groups }, 'groups', required)]).toEqual([groups, true]);
  for (const groups of [undefined, [], ['STAFF'], ['staff2'], 'staff,it', { staff: true }, [['staff']]]) expect([groups, isInGroup({ groups }, 'groups', required)]).toEqual([groups, false]);
  expect(isInGroup({ groups: ['x'], roles: ['it'] }, 'roles', required)).toBe(true);
});
