import { seededRandom } from '@aerogram/runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { asAdmin, doInvite, doMakeInvitationLink, doRevokeInvitationLink, INVITATION_LINK_MOST, listInvitationLinks, listInvitations, listOperatorLog } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

const PHONE = '15550003333';
const ADDRESS = '203.0.113.9';
const DAY_MS = 86_400_000;

let world: World;
const random = seededRandom('links');
afterEach(() => world[Symbol.asyncDispose]());

const links = () => world.domain.auth.invitationLinks;

async function make(uses = 1, days = 7): Promise<{ linkId: bigint; token: string }> {
  const made = await doMakeInvitationLink(world.db, { uses, days }, { random, nowDate: world.clock.now() });
  if (made === undefined) throw new Error('no link');
  return made;
}

const use = (token: string, to: string, form = links().newForm()) => links().doUse({ token, form, to, address: ADDRESS });
const waiting = () => listInvitations(world.db, 100);
const listed = () => listInvitationLinks(world.db, { limit: 10, nowDate: world.clock.now() });
const usesLeft = async (): Promise<number> => (await listed())[0]!.uses_left;

/** Waits for the first code: it is sent after the answer to the call that asked for it. */
const sentCode = (sent: readonly { code: string }[]): Promise<string> => vi.waitFor(() => sent[0]!.code);

describe('a link', () => {
  test('lets somebody sign up with the number that they enter, and is used up', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { linkId, token } = await make();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await links().isOpen(token)).toBe(true);
    expect(await use(token, '+1 (555) 000-3333')).toEqual({ phone: PHONE, email: null });
    expect(await waiting()).toEqual([{ phone: PHONE, email: null, created_date: world.clock.now(), link_id: linkId }]);
    expect(await links().isOpen(token)).toBe(false);
    expect(await use(token, '+1 555 000 3334')).toBeUndefined();
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, PHONE, APP);
    await world.domain.auth.doSignIn(device, PHONE, codeHash, await sentCode(world.codes));
    await world.domain.auth.doSignUp(device, PHONE, codeHash, { firstName: 'Ann', lastName: '' });
    expect(await waiting()).toEqual([]);
  });

  test('gives a number to whoever enters an address, to which the codes are mailed', async () => {
    world = await createWorld({ signUp: 'invited', mailDomains: ['example.org'] });
    const { token } = await make();
    expect(await errorOf(use(token, 'ann@elsewhere.example'))).toBe('EMAIL_NOT_ALLOWED');
    expect(await errorOf(use(token, 'ann@'))).toBe('EMAIL_INVALID');
    expect(await usesLeft()).toBe(1);
    const invited = await use(token, 'ann@Example.org');
    expect(invited).toEqual({ phone: expect.stringMatching(/^888\d{11}$/), email: 'ann@example.org' });
    await world.domain.auth.doSendCode(await world.newDevice(), invited!.phone, APP);
    await expect.poll(() => world.emails.map(({ email }) => email)).toEqual(['ann@example.org']);
    expect(world.codes).toEqual([]);
  });

  test('is stored as a hash, with nothing of what was entered but the number that was given out', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make(2);
    await use(token, `+${PHONE}`);
    const { phone } = (await use(token, 'ann@example.org'))!;
    const stored = JSON.stringify([await world.db.q.selectFrom('invitation_links').selectAll().execute(), await world.db.q.selectFrom('invitation_forms').selectAll().execute()], (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? [...value].join() : value));
    for (const secret of [token, [...Buffer.from(token)].join(), [...Buffer.from(token, 'base64url')].join(), PHONE, 'ann@']) expect(stored).not.toContain(secret);
    expect(stored).toContain(phone);
  });

  test('counts no more uses than it has, however many come at once', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make(3);
    const phones = Array.from({ length: 8 }, (_, n) => `1555000${4000 + n}`);
    const outcomes = await Promise.all(phones.map((phone) => use(token, `+${phone}`)));
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(3);
    expect(await waiting()).toHaveLength(3);
    expect(await usesLeft()).toBe(0);
  });

  test('answers the same form alike, also at the same time, and counts it once', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make(1);
    const form = links().newForm();
    const [first, second] = await Promise.all([use(token, 'ann@example.org', form), use(token, 'ann@example.org', form)]);
    expect(first).toEqual({ phone: expect.stringMatching(/^888/), email: 'ann@example.org' });
    expect(second).toEqual(first);
    expect(await use(token, ' ann@EXAMPLE.org ', form)).toEqual(first);
    expect(await waiting()).toHaveLength(1);
    // Neither another form nor another address learns the number.
    expect(await use(token, 'ann@example.org')).toBeUndefined();
    expect(await use(token, 'bob@example.org', form)).toBeUndefined();
    await world.clock.advance(3600_000);
    expect(await use(token, 'ann@example.org', form)).toBeUndefined();
  });

  test('gives another form with the same address another number, so that nobody learns whether it was entered before', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make(2);
    const [first, second] = [await use(token, 'ann@example.org'), await use(token, 'ann@example.org')];
    expect(second!.phone).toMatch(/^888/);
    expect(second!.phone).not.toBe(first!.phone);
    expect(await usesLeft()).toBe(0);
  });

  test('does not tell who has an account or an invitation, and changes neither', async () => {
    world = await createWorld({ signUp: 'invited' });
    const invited = '15550003334';
    await doInvite(world.db, { phone: '9996610001', email: undefined }, { random, nowDate: world.clock.now() });
    await world.signUp('9996610001', 'Ann');
    await doInvite(world.db, { phone: invited, email: 'bob@example.org' }, { random, nowDate: world.clock.now() });
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, invited, APP);
    const { token } = await make(3);
    for (const [n, phone] of ['9996610001', invited, '15550003335'].entries()) {
      expect(await use(token, `+${phone}`)).toEqual({ phone, email: null });
      expect(await usesLeft()).toBe(2 - n);
    }
    expect((await waiting()).map(({ phone, email }) => [phone, email])).toEqual(expect.arrayContaining([[invited, 'bob@example.org'], ['15550003335', null]]));
    expect(await waiting()).toHaveLength(2);
    expect(await world.domain.auth.doSignIn(device, invited, codeHash, await sentCode(world.emails))).toBeUndefined();
  });

  test('takes no number that a server gives out, and nothing that is no number', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make();
    for (const to of ['+88812345678901', '', '12', 'Ann', '+1 555 000 3333; DROP TABLE users', '<b>1</b>', '\u0661\u0665\u0665\u0665\u0660\u0660\u0660\u0663\u0663\u0663\u0663', '1'.repeat(200)]) {
      expect([to, await errorOf(use(token, to))]).toEqual([to, 'PHONE_NUMBER_INVALID']);
    }
    for (const to of ['a@example.org\r\nBcc: b@example.org', 'a@example.org, b@example.org', '"a b"@example.org', '<a@example.org>', `${'a'.repeat(65)}@example.org`]) {
      expect([to, await errorOf(use(token, to))]).toEqual([to, 'EMAIL_INVALID']);
    }
    expect(await usesLeft()).toBe(1);
  });

  test('ends, is revoked, and cannot be guessed', async () => {
    world = await createWorld({ signUp: 'invited' });
    const [ending, revoked] = [await make(5, 1), await make(5, 2)];
    expect(await doRevokeInvitationLink(world.db, revoked.linkId, false, world.clock.now())).toBe(0);
    expect(await doRevokeInvitationLink(world.db, revoked.linkId, false, world.clock.now())).toBeUndefined();
    await world.clock.advance(DAY_MS);
    for (const token of [ending.token, revoked.token, 'x'.repeat(43), '', '../../etc/passwd', 'x'.repeat(10_000), '\0']) {
      expect([await links().isOpen(token), await use(token, `+${PHONE}`), await use(token, 'nothing')]).toEqual([false, undefined, undefined]);
    }
    expect(await listed()).toEqual([]);
    await world.domain.auth.doCleanUp();
    expect(await world.db.q.selectFrom('invitation_links').selectAll().execute()).toEqual([]);
  });

  test('cannot be used on a server that admits nobody', async () => {
    world = await createWorld({ signUp: 'closed' });
    const { token } = await make();
    expect([await links().isOpen(token), await use(token, `+${PHONE}`)]).toEqual([false, undefined]);
  });

  test('is revoked with the invitations that came out of it, and not with those that an operator made after', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { linkId, token } = await make(3);
    await use(token, `+${PHONE}`);
    await use(token, '+15550003334');
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, PHONE, APP);
    await doInvite(world.db, { phone: '15550003334', email: undefined }, { random, nowDate: world.clock.now() });
    expect(await doRevokeInvitationLink(world.db, linkId, false, world.clock.now())).toBe(0);
    expect(await waiting()).toHaveLength(2);
    expect(await doRevokeInvitationLink(world.db, linkId, true, world.clock.now())).toBe(1);
    expect((await waiting()).map(({ phone }) => phone)).toEqual(['15550003334']);
    expect(await errorOf(world.domain.auth.doSignIn(device, PHONE, codeHash, await sentCode(world.codes)))).toBe('PHONE_CODE_EXPIRED');
  });

  test('stands in the operators\' log with its maker, and its uses in the log of the server', async () => {
    world = await createWorld({ signUp: 'invited' }, { keepsLog: true });
    const { linkId, token } = await asAdmin(7n, () => make(2, 30));
    expect(await listed()).toMatchObject([{ link_id: linkId, uses: 2, uses_left: 2, by_user_id: 7n, expires_date: world.clock.now() + 30 * 86_400 }]);
    await use(token, `+${PHONE}`);
    await doRevokeInvitationLink(world.db, linkId, true, world.clock.now());
    expect((await listOperatorLog(world.db, 10)).map(({ what, by_user_id }) => [what, by_user_id])).toEqual([
      [`revoke the invitation link ${linkId} and the invitations that came out of it (1)`, null],
      [`make the invitation link ${linkId} for 2 people and 30 days`, 7n],
    ]);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'invitation_link', link: Number(linkId), left: 1, address: ADDRESS }));
    expect(JSON.stringify(world.logged)).not.toContain(PHONE);
  });

  test('leaves nothing of a number whose account an operator deleted', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { token } = await make();
    const { phone } = (await use(token, 'ann@example.org'))!;
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, await sentCode(world.emails));
    const userId = await world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Ann', lastName: '' });
    await world.domain.auth.doEndAccount(userId, 'by the operator');
    expect(await world.db.q.selectFrom('invitation_forms').selectAll().execute()).toEqual([]);
  });
});

test('there are not more links than an operator looks through', async () => {
  world = await createWorld({ signUp: 'invited' });
  for (let n = 0; n < INVITATION_LINK_MOST.links; n++) await make(1, 1);
  expect(await doMakeInvitationLink(world.db, { uses: 1, days: 1 }, { random, nowDate: world.clock.now() })).toBeUndefined();
  await world.clock.advance(DAY_MS);
  await make();
});

test('an address is held back that sends many forms, or asks for many pages', async () => {
  world = await createWorld({ signUp: 'invited' });
  const ask = async (isForm: boolean): Promise<string> => errorOf(links().checkQuota(ADDRESS, isForm));
  const answers: string[] = [];
  for (let n = 0; n < 101; n++) answers.push(await ask(true));
  expect([answers[99], answers[100]]).toEqual(['no error', expect.stringMatching(/^FLOOD_WAIT_\d+$/)]);
  for (let n = 0; n < 300; n++) answers.push(await ask(false));
  expect(answers.at(-1)).toMatch(/^FLOOD_WAIT_/);
  expect(await errorOf(links().checkQuota('198.51.100.7', true))).toBe('no error');
});
