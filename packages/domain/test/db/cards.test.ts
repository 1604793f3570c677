import { expect, test } from 'vitest';

import { packPlain } from '../../src/effects/index.ts';
import type { World } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

/** Anna at the first home, and Ben at the second one. */
async function annaAndBen(homes: TwoHomes) {
  const anna = await homes.one.signUp('9996611101', 'Anna');
  const ben = await homes.two.signUp('9996621102', 'Ben');
  return { anna: anna.userId, ben: ben.userId };
}

const lookUp = (world: World, viewerId: bigint, personId: bigint) => world.domain.cards.fetch({ id: viewerId, bot: false }, [personId], 'phone');

const nameAt = async (world: World, personId: bigint) => (await world.domain.users.findRow(personId))?.first_name;

test('a card that was asked for is a row of a user elsewhere, and follows changes of the name', async () => {
  await using homes = await createTwoHomes();
  const { anna, ben } = await annaAndBen(homes);
  expect(await homes.one.domain.users.findRow(ben)).toBeUndefined();

  const found = await lookUp(homes.one, anna, ben);
  expect(found.get(ben)).toMatchObject({ elsewhere: true, first_name: 'Ben', deleted: false });

  await homes.two.domain.profile.doUpdateNames(ben, { first_name: 'Benjamin' });
  expect(await nameAt(homes.one, ben)).toBe('Ben');
  await homes.carry();
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
