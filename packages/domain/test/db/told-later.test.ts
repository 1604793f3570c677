import { expect, test } from 'vitest';

import { errorOf, type World } from './accounts-world.ts';
import { openHomes, type HomesStage } from './homes-stage.ts';

const framesOf = async ({ db }: World): Promise<{ kind: string; card?: { firstName: string } }[]> => {
  const rows = await db.q.selectFrom('home_outbox').select('frame').orderBy('epoch').orderBy('seq').execute();
  return rows.map(({ frame }) => JSON.parse(Buffer.from(frame).toString()) as { kind: string });
};

const changesOf = ({ db }: World) => db.q.selectFrom('home_changes').selectAll().orderBy('other_id').execute();

/** The stage, of which everything has arrived. */
async function openSettled(): Promise<HomesStage> {
  const stage = await openHomes();
  await stage.carry();
  return stage;
}

test('changes of a card for a home that is behind are told once, as they are when it has caught up', async () => {
  await using stage = await openSettled();
  const { one, two, anna, ben } = stage;
  const before = (await framesOf(one)).length;
  stage.setBehind(1, true);
  for (const name of ['Annie', 'Ann', 'Annabel']) await one.domain.profile.doUpdateNames(anna, { first_name: name });
  await one.domain.privacy.doSetRules(anna, 'PhoneNumber', [{ kind: 'DisallowAll', ids: [] }], undefined);
  await one.domain.laterTeller!.doTell();
  expect(await framesOf(one)).toHaveLength(before);
  expect(await changesOf(one)).toEqual([{ dc: 2, person_id: anna, other_id: 0n }]);

  stage.setBehind(1, false);
  await one.domain.laterTeller!.doTell();
  expect((await framesOf(one)).slice(before)).toMatchObject([{ kind: 'card', card: { firstName: 'Annabel' } }]);
  expect(await changesOf(one)).toEqual([]);
  await one.domain.laterTeller!.doTell();
  expect(await framesOf(one)).toHaveLength(before + 1);
  await stage.carry();
  expect((await two.domain.users.findRow(anna))?.first_name).toBe('Annabel');
  const [shown] = await two.domain.users.projectUsers(ben, [anna]);
  expect(shown).toMatchObject({ phone: undefined });
});

test('contacts and blocks for a home that is behind are told once, with the card of somebody who was not known there', async () => {
  await using stage = await openSettled();
  const { one, two, anna, ben, zoe } = stage;
  const before = (await framesOf(one)).length;
  stage.setBehind(1, true);
  const block = (blocked: boolean) => one.domain.blocks.doBlock(anna, ben, { storiesOnly: false, blocked }, undefined);
  for (const blocked of [true, false, true, false, true]) await block(blocked);
  await one.domain.contacts.findByPhone(zoe, '9996621101');
  await one.domain.contacts.doImportContacts(zoe, [{ clientId: 1n, phone: '9996621101', firstName: 'Benny', lastName: '' }]);
  expect(await framesOf(one)).toHaveLength(before);
  expect(await changesOf(one)).toHaveLength(2);

  stage.setBehind(1, false);
  await one.domain.laterTeller!.doTell();
  expect((await framesOf(one)).slice(before).map(({ kind }) => kind).toSorted()).toEqual(['block', 'block', 'card', 'card', 'contact', 'contact']);
  await stage.carry();
  const blocks = await two.db.q.selectFrom('blocked_peers').select(['owner_id', 'peer_id']).execute();
  expect(blocks).toEqual([{ owner_id: anna, peer_id: ben }]);
  expect(await two.db.q.selectFrom('contacts').select(['owner_id', 'user_id']).where('owner_id', '=', zoe).execute()).toEqual([{ owner_id: zoe, user_id: ben }]);
  expect((await two.domain.users.findRow(zoe))?.elsewhere).toBe(true);
});

test('a message to a home that is behind still has the card of its sender before it, and a deleted account is told at once', async () => {
  await using stage = await openSettled();
  const { one, two, anna, ben, zoe } = stage;
  stage.setBehind(1, true);
  await one.domain.contacts.findByPhone(zoe, '9996621101');
  await stage.send(zoe, ben, 'hello');
  await one.domain.profile.doUpdateNames(anna, { first_name: 'Annie' });
  await one.domain.auth.doEndAccount(anna, 'no longer needed');
  expect(await changesOf(one)).toEqual([]);
  await stage.carry();
  expect((await two.domain.users.findRow(zoe))?.elsewhere).toBe(true);
  expect((await two.domain.users.findRow(anna))?.deleted).toBe(true);
});

test('what people do to each other waits in the stream as long as it is not full', async () => {
  await using stage = await openSettled();
  const { anna, ben } = stage;
  stage.setBehind(1, true);
  await stage.send(anna, ben, 'hello');
  stage.setFull(1, true);
  expect(await errorOf(stage.send(anna, ben, 'hello again'))).toBe('INTERDC_2_CALL_ERROR');
});
