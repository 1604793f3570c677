import { homeDcOf } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { packPlain } from '../../src/effects/index.ts';
import { onUserHint, type UserHint } from '../../src/events/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

/** Anna at the first home, and Ben at the second one. */
async function annaAndBen(homes: TwoHomes) {
  const anna = await homes.one.signUp('9996611101', 'Anna');
  const ben = await homes.two.signUp('9996621102', 'Ben');
  // The home that decides about names learns of them.
  await homes.carry();
  return { anna: anna.userId, ben: ben.userId };
}

const lookUp = (world: World, viewerId: bigint, personId: bigint) =>
  world.domain.cards.fetch({ id: viewerId, bot: false }, [{ id: personId, name: homeDcOf(personId) === 1 ? '9996611101' : '9996621102' }], 'phone');

const nameAt = async (world: World, personId: bigint) => (await world.domain.users.findRow(personId))?.first_name;

test('somebody is found at once after the sign-up at another home, before the first home is told that it has succeeded', async () => {
  await using homes = await createTwoHomes();
  const [anna, ben] = [await homes.one.signUp('9996611101', 'Anna'), await homes.two.signUp('9996621102', 'Ben')];
  expect((await homes.one.domain.contacts.findByPhone(anna.userId, '9996621102'))?.user_id).toBe(ben.userId);
  expect((await homes.two.domain.contacts.findByPhone(ben.userId, '9996611101'))?.user_id).toBe(anna.userId);
});

test('numbers that nobody can look up while the first home is away are to be imported again', async () => {
  await using homes = await createTwoHomes();
  const [anna, ben] = [await homes.one.signUp('9996611101', 'Anna'), await homes.two.signUp('9996621102', 'Ben')];
  await homes.two.signUp('9996621103', 'Carl');
  const importAll = () =>
    homes.two.domain.contacts.doImportContacts(ben.userId, ['9996611101', '9996621103', '9996621104'].map((phone, at) => ({ clientId: BigInt(at), phone, firstName: `Contact ${at}`, lastName: '' })));
  homes.setCut(true);
  expect((await importAll()).retry).toEqual([0n, 2n]);
  homes.setCut(false);
  expect(await importAll()).toMatchObject({ retry: [], imported: [{ userId: anna.userId }, { clientId: 1n }] });
  expect((await homes.two.domain.contacts.listUnmatched(ben.userId)).map(({ phone }) => phone)).toEqual(['9996621104']);
});

test('an import leaves out only those whose cards cannot be had while their home is away, to be imported again', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const carl = (await homes.one.signUp('9996611103', 'Carl')).userId;
  await homes.two.signUp('9996621104', 'Dan');
  await homes.carry();
  await lookUp(homes.one, anna, ben);
  const importAll = () =>
    homes.one.domain.contacts.doImportContacts(anna, ['9996621102', '9996611103', '9996621104', '9996611109'].map((phone, at) => ({ clientId: BigInt(at), phone, firstName: `Contact ${at}`, lastName: '' })));
  // The first home is on this side of the cut: it knows which id has a number, but cannot ask for the card of a person it has not met.
  homes.setCut(true);
  expect(await importAll()).toMatchObject({ imported: [{ userId: ben }, { userId: carl }], retry: [2n] });
  expect((await homes.one.domain.contacts.listUnmatched(anna)).map(({ phone }) => phone)).toEqual(['9996611109']);
  expect(await errorOf(homes.one.domain.contacts.findByPhone(anna, '9996621104'))).toBe('INTERDC_2_CALL_ERROR');
  homes.setCut(false);
  expect((await importAll()).retry).toEqual([]);
  expect((await homes.one.domain.contacts.listContactIds(anna)).ids).toHaveLength(3);
});

test('a card that was asked for is a row of a user elsewhere, and follows changes of the name', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  expect(await homes.one.domain.users.findRow(ben)).toBeUndefined();

  const found = await lookUp(homes.one, anna, ben);
  expect(found.get(ben)).toMatchObject({ elsewhere: true, first_name: 'Ben', deleted: false });

  await homes.two.domain.profile.doUpdateNames(ben, { first_name: 'Benjamin' });
  expect(await nameAt(homes.one, ben)).toBe('Ben');
  // Anna looks at Ben, so her devices are told.
  await homes.one.domain.users.projectUsers(anna, [ben]);
  const shown: UserHint[] = [];
  using _listening = onUserHint(homes.one.bus, anna, (hint) => void shown.push(hint));
  await homes.carry();
  await expect.poll(() => shown).toContainEqual(expect.objectContaining({ kind: 'transient', update: expect.objectContaining({ _: 'updateUserName', user_id: ben, first_name: 'Benjamin' }) }));
  expect(await nameAt(homes.one, ben)).toBe('Benjamin');
});

test('who is introduced is known before anything else arrives', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.one.domain.cards.introduce(anna, ben);
  await homes.one.domain.cards.introduce(anna, ben);
  expect(await homes.one.db.q.selectFrom('home_outbox').selectAll().execute()).toHaveLength(1);
  await homes.carry();
  expect(await nameAt(homes.two, anna)).toBe('Anna');
});

test('an older card does not replace a newer one', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.two.domain.cards.introduce(ben, anna);
  await homes.two.domain.profile.doUpdateNames(ben, { first_name: 'Benjamin' });
  // The answer overtakes the two cards that wait in the stream.
  await lookUp(homes.one, anna, ben);
  expect(await nameAt(homes.one, ben)).toBe('Benjamin');
  await homes.two.domain.profile.doUpdateNames(ben, { first_name: 'Benny' });
  await homes.carry();
  expect(await nameAt(homes.one, ben)).toBe('Benny');
});

test('a card of a person of this home, or of a third one, is refused', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const card = (personId: bigint) => ({ personId, version: 99n, firstName: 'Mallory', lastName: '', isBot: false, isDeleted: false, hidesReadDates: false, rules: [] });
  const frames = [
    { kind: 'card', from: anna, card: card(anna) },
    { kind: 'card', from: (anna >> 3n << 3n) | 3n, card: card((anna >> 3n << 3n) | 3n) },
    { kind: 'card', from: ben, card: card(anna) },
  ];
  await homes.one.domain.frames.applyFrames({ dc: 2, epoch: 7n, seq: 1n }, frames.map(packPlain));
  expect(await nameAt(homes.one, anna)).toBe('Anna');
  expect(await homes.one.db.q.selectFrom('cards').selectAll().execute()).toEqual([]);
});

test('somebody elsewhere is found by the number, unless the person does not let people', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const find = async () => (await homes.one.domain.contacts.findByPhone(anna, '9996621102'))?.user_id;
  await homes.two.domain.privacy.doSetRules(ben, 'AddedByPhone', [{ kind: 'AllowContacts', ids: [] }], undefined);
  expect(await find()).toBeUndefined();
  expect(await homes.one.db.q.selectFrom('cards').selectAll().execute()).toEqual([]);

  await homes.two.domain.privacy.doSetRules(ben, 'AddedByPhone', [{ kind: 'AllowAll', ids: [] }], undefined);
  expect(await find()).toBe(ben);
  // The card is known now, so the last rules count while the home of the person is away.
  await homes.two.domain.privacy.doSetRules(ben, 'AddedByPhone', [{ kind: 'AllowContacts', ids: [] }], undefined);
  await homes.carry();
  homes.setCut(true);
  expect(await find()).toBeUndefined();
});

test('the home of a person gives the card only to those who know the number or a username', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const viewer = { id: anna, bot: false };
  expect((await homes.one.domain.cards.fetch(viewer, [{ id: ben, name: '9996621109' }], 'phone')).size).toBe(0);
  for (const way of ['phone', 'username', 'card'] as const) expect((await homes.one.domain.cards.fetch(viewer, [{ id: ben }], way)).size).toBe(0);
  // Whoever asks for a viewer of a third home gets no answer.
  await expect(homes.one.domain.cards.fetch({ id: ben, bot: false }, [{ id: ben, name: '9996621102' }], 'phone')).rejects.toThrow('does not live there');
});

test('somebody elsewhere is found by the username', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const find = () => homes.one.domain.contacts.findNamed(anna, 'Ben_Elsewhere');
  expect(await find()).toBeUndefined();
  await homes.two.domain.profile.doUpdateUsername(ben, 'ben_elsewhere');
  await homes.carry();
  homes.setCut(true);
  expect(await errorOf(find())).toBe('INTERDC_2_CALL_ERROR');
  homes.setCut(false);
  expect(await find()).toBe(ben);
  const [user] = await homes.one.domain.users.projectUsers(anna, [ben]);
  expect(user).toMatchObject({ _: 'user', first_name: 'Ben', username: 'ben_elsewhere', status: { _: 'userStatusRecently' }, phone: undefined });
  // A known card serves while the other home is away.
  homes.setCut(true);
  expect(await find()).toBe(ben);
  expect(await homes.one.domain.findFullUser(anna, (await homes.one.domain.users.findRow(ben))!)).toMatchObject({ id: ben, common_chats_count: 0 });
});

test('while the first home is away, those whose cards are known are found, and others are looked for later', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.one.signUp('9996611103', 'Carl');
  const find = async (phone: string) => (await homes.two.domain.contacts.findByPhone(ben, phone))?.user_id;
  await homes.one.domain.privacy.doSetRules(anna, 'PhoneNumber', [{ kind: 'AllowAll', ids: [] }], undefined);
  expect(await find('9996611101')).toBe(anna);
  homes.setCut(true);
  expect(await find('9996611101')).toBe(anna);
  expect(await errorOf(find('9996611103'))).toBe('INTERDC_1_CALL_ERROR');
});

/** Ben as Anna sees him at her home. */
async function seenBy(world: World, viewerId: bigint, personId: bigint) {
  const [user] = await world.domain.users.projectUsers(viewerId, [personId]);
  return user as tl.user;
}

test('a number that is hidden from everybody does not travel, and contacts see it once it does', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.two.domain.privacy.doSetRules(ben, 'PhoneNumber', [{ kind: 'DisallowAll', ids: [] }], undefined);
  await lookUp(homes.one, anna, ben);
  const numberAt = async () => (await homes.one.db.q.selectFrom('cards').select('phone').executeTakeFirstOrThrow()).phone;
  expect(await numberAt()).toBeNull();

  await homes.two.domain.privacy.doSetRules(ben, 'PhoneNumber', [{ kind: 'AllowContacts', ids: [] }], undefined);
  await homes.carry();
  expect(await numberAt()).toBeNull();
  await lookUp(homes.two, ben, anna);
  await homes.two.domain.contacts.doAddContact(ben, (await homes.two.domain.users.findRow(anna))!, { first_name: 'Annie', last_name: '', phone: '' });
  await homes.carry();
  expect(await numberAt()).toBe('9996621102');
  expect((await seenBy(homes.one, anna, ben)).phone).toBe('9996621102');
  // The name that Ben gives Anna stays at his home.
  expect(await homes.one.db.q.selectFrom('contacts').select(['owner_id', 'user_id', 'first_name', 'phone']).execute()).toEqual([{ owner_id: ben, user_id: anna, first_name: '', phone: '' }]);

  await homes.two.domain.contacts.doDeleteContacts(ben, [anna]);
  await homes.carry();
  expect(await numberAt()).toBeNull();
  expect((await seenBy(homes.one, anna, ben)).phone).toBeUndefined();
});

test('contacts of each other are mutual at both homes, until one blocks the other', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.one.domain.contacts.doImportContacts(anna, [{ clientId: 1n, phone: '9996621102', firstName: 'Benny', lastName: '' }]);
  await homes.two.domain.contacts.doImportContacts(ben, [{ clientId: 1n, phone: '9996611101', firstName: 'Annie', lastName: '' }]);
  await homes.carry();
  const marks = async () => [(await seenBy(homes.one, anna, ben)).mutual_contact, (await seenBy(homes.two, ben, anna)).mutual_contact];
  expect(await marks()).toEqual([true, true]);
  expect(await seenBy(homes.one, anna, ben)).toMatchObject({ first_name: 'Benny', contact: true, phone: '9996621102' });

  await homes.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined);
  await homes.carry();
  expect(await marks()).toEqual([undefined, true]);
  expect(await seenBy(homes.one, anna, ben)).toMatchObject({ status: { _: 'userStatusEmpty' } });
  await homes.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: false }, undefined);
  await homes.carry();
  expect(await marks()).toEqual([true, true]);
  expect(await seenBy(homes.one, anna, ben)).toMatchObject({ status: { _: 'userStatusRecently' } });
});

test('a block of somebody who does not know the blocker arrives with the card', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await lookUp(homes.one, anna, ben);
  await homes.one.domain.blocks.doBlock(anna, ben, { storiesOnly: false, blocked: true }, undefined);
  await homes.carry();
  await homes.carry();
  expect((await homes.two.domain.users.findRelation(ben, anna)).blockedBy).toBe(true);
  expect(await nameAt(homes.two, anna)).toBe('Anna');
});

test('the end of an account takes away what other homes have of it', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  await homes.one.domain.contacts.doImportContacts(anna, [{ clientId: 1n, phone: '9996621102', firstName: 'Benny', lastName: '' }]);
  await homes.carry();
  await lookUp(homes.two, ben, anna);
  await homes.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined);
  await homes.carry();

  await homes.two.domain.auth.doEndAccount(ben, 'by the operator');
  await homes.carry();
  expect(await seenBy(homes.one, anna, ben)).toMatchObject({ deleted: true });
  expect((await homes.one.domain.users.findRow(ben))).toMatchObject({ first_name: '', phone: null, username: null });
  expect(await homes.one.db.q.selectFrom('blocked_peers').selectAll().execute()).toEqual([]);
  expect(await homes.one.db.q.selectFrom('privacy_rules').selectAll().execute()).toEqual([]);
  // Neither does anybody wait for news for the account that has ended.
  for (const { db } of [homes.one, homes.two]) expect(await db.q.selectFrom('card_readers').selectAll().where((eb) => eb.or([eb('person_id', '=', ben), eb('viewer_id', '=', ben)])).execute()).toEqual([]);
});

test('an effect about a relation of somebody of this home, or to somebody elsewhere, is refused', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  const carl = (await homes.one.signUp('9996611103', 'Carl')).userId;
  await lookUp(homes.one, anna, ben);
  const third = (anna >> 3n << 3n) | 3n;
  const pairs = [[anna, carl], [ben, third], [third, anna], [ben, ben]];
  const frames = pairs.flatMap(([from, to]) => [{ kind: 'block', from, to, isBlocked: true }, { kind: 'contact', from, to, isContact: true, isCloseFriend: true }]);
  await homes.one.domain.frames.applyFrames({ dc: 2, epoch: 7n, seq: 1n }, frames.map(packPlain));
  expect(await homes.one.db.q.selectFrom('blocked_peers').selectAll().execute()).toEqual([]);
  expect(await homes.one.db.q.selectFrom('contacts').selectAll().execute()).toEqual([]);
});
