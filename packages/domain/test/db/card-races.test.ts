import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { uploadedPhotos } from './accounts-world.ts';
import { ownProfile } from './file-stage.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

let homes: TwoHomes;
let numbers = 1000;
beforeAll(async () => void (homes = await createTwoHomes({ photos: uploadedPhotos })));
afterEach(() => homes.setCut(false));
afterAll(() => homes[Symbol.asyncDispose]());

/** Anna at the first home, and Ben at the second one, who has a photo and a username and shows his number. */
async function openStage() {
  const [number, phone] = [numbers, `999662${numbers++}`];
  const username = `ben_${number}`;
  const anna = (await homes.one.signUp(`999661${number}`, 'Anna')).userId;
  const ben = (await homes.two.signUp(phone, 'Ben')).userId;
  const { privacy, files, profile, profilePhotos, blocks } = homes.two.domain;
  const setRules = (key: 'AddedByPhone' | 'PhoneNumber' | 'ProfilePhoto', kind: 'AllowAll' | 'DisallowAll') => privacy.doSetRules(ben, key, [{ kind, ids: [] }], undefined);
  await setRules('PhoneNumber', 'AllowAll');
  await profile.doUpdateUsername(ben, username);
  await files.doSavePart({ userId: ben, fileId: BigInt(number), part: 0, totalParts: undefined }, Buffer.alloc(1000, 7));
  await profilePhotos.doUpload(ownProfile(ben), { file: { _: 'inputFile', id: BigInt(number), parts: 1, name: 'a', md5_checksum: '' } });
  await homes.carry();
  return {
    anna,
    ben,
    phone,
    username,
    setRules,
    block: () => blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined),
    giveUpName: () => profile.doUpdateUsername(ben, ''),
    find: async (viewerId = anna) => (await homes.one.domain.contacts.findByPhone(viewerId, phone))?.user_id,
    findNamed: () => homes.one.domain.contacts.findNamed(anna, username),
    /** Ben as somebody sees him, when all has arrived and the jobs that follow have run. */
    async see(viewerId = anna) {
      await homes.carry();
      await homes.one.runJobs();
      const [user] = (await homes.one.domain.users.projectUsers(viewerId, [ben])) as tl.user[];
      return { phone: user?.phone, hasPhoto: user?.photo?._ === 'userProfilePhoto', status: user?.status?._ };
    },
    countCopies: async () => (await homes.one.db.q.selectFrom('kept_documents').selectAll().where('owner_id', '=', ben).execute()).length,
  };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

/** When a change comes while a question is answered: before that, or before or after the answer at the home that asks. */
const MOMENTS = [
  ['before the answer', 'question', false],
  ['after the answer, and is told later', 'answer', false],
  ['after the answer, and is told earlier', 'answer', true],
] as const;

describe.each(MOMENTS)('what somebody elsewhere hides while the card is asked for, %s', (_name, moment, isFirst) => {
  /** Looks Ben up, who changes something meanwhile. */
  async function lookUp(stage: Stage, change: () => Promise<unknown>, find: () => Promise<bigint | undefined> = () => stage.find()) {
    homes.during(2, 'card.read', moment, async () => {
      await change();
      if (isFirst) await homes.carry();
    });
    return find();
  }

  it('is the number', async () => {
    const stage = await openStage();
    expect(await lookUp(stage, () => stage.setRules('PhoneNumber', 'DisallowAll'))).toBe(stage.ben);
    expect((await stage.see()).phone).toBeUndefined();
    expect(await homes.one.db.q.selectFrom('cards').select('phone').where('person_id', '=', stage.ben).execute()).toEqual([{ phone: null }]);
  });

  it('is the photo', async () => {
    const stage = await openStage();
    await lookUp(stage, () => stage.setRules('ProfilePhoto', 'DisallowAll'));
    expect(await stage.see()).toMatchObject({ phone: stage.phone, hasPhoto: false });
    expect(await stage.countCopies()).toBe(0);
  });

  it('is all from somebody who is blocked', async () => {
    const stage = await openStage();
    expect(await lookUp(stage, stage.block)).toBe(stage.ben);
    expect(await stage.see()).toEqual({ phone: undefined, hasPhoto: false, status: 'userStatusEmpty' });
    const carl = (await homes.one.signUp(`999661${numbers++}`, 'Carl')).userId;
    await stage.find(carl);
    expect(await stage.see(carl)).toEqual({ phone: stage.phone, hasPhoto: true, status: 'userStatusRecently' });
    expect(await stage.see()).toMatchObject({ phone: undefined, hasPhoto: false });
  });

  it('is the way by the number', async () => {
    const stage = await openStage();
    // What has not been told may be old; what has been is not.
    expect(await lookUp(stage, () => stage.setRules('AddedByPhone', 'DisallowAll'))).toBe(moment === 'answer' && !isFirst ? stage.ben : undefined);
    await homes.carry();
    expect(await stage.find()).toBeUndefined();
    homes.setCut(true);
    expect(await stage.find().catch(() => undefined)).toBeUndefined();
  });

  it('is the account, which has ended', async () => {
    const stage = await openStage();
    await lookUp(stage, () => homes.two.domain.auth.doEndAccount(stage.ben, 'by the operator'));
    await homes.carry();
    expect(await stage.find()).toBeUndefined();
    const rows = await homes.one.db.q.selectFrom('cards').select(['first_name', 'phone', 'username', 'is_deleted']).where('person_id', '=', stage.ben).execute();
    expect(rows.filter((row) => !row.is_deleted || row.first_name !== '' || row.phone !== null || row.username !== null)).toEqual([]);
    expect(await homes.one.db.q.selectFrom('privacy_rules').selectAll().where('owner_id', '=', stage.ben).execute()).toEqual([]);
  });

  it('is the username', async () => {
    const stage = await openStage();
    expect(await lookUp(stage, stage.giveUpName, stage.findNamed)).toBe(moment === 'answer' && !isFirst ? stage.ben : undefined);
    await homes.carry();
    expect(await stage.findNamed()).toBeUndefined();
  });
});

describe.each(MOMENTS)('a photo that is hidden while it is copied, %s', (_name, moment, isFirst) => {
  it.each([
    ['from everybody', (stage: Stage) => stage.setRules('ProfilePhoto', 'DisallowAll')],
    ['from the one reader, who is blocked', (stage: Stage) => stage.block()],
  ])('%s, is not shown and not kept', async (_who, hide) => {
    const stage = await openStage();
    await stage.find();
    homes.during(2, 'card.photo', moment, async () => {
      await hide(stage);
      if (isFirst) await homes.carry();
    });
    await stage.see();
    expect((await stage.see()).hasPhoto).toBe(false);
    expect(await stage.countCopies()).toBe(0);
  });
});

it('nobody is given the card of somebody whose rule was changed while the question waited', async () => {
  const { find, ben } = await openStage();
  const { db } = homes.two;
  let asked: Promise<bigint | undefined> | undefined;
  await db.transact('change-rule', async (tx) => {
    await sql`SELECT FROM users WHERE user_id = ${ben} FOR UPDATE`.execute(tx.q);
    asked = find();
    await expect.poll(async () => (await sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db.q)).rows.length).toBe(1);
    await tx.q.insertInto('privacy_rules').values({ owner_id: ben, key: 'AddedByPhone', position: 0, kind: 'DisallowAll', ids: [] }).execute();
  });
  expect(await asked).toBeUndefined();
  expect(await db.q.selectFrom('card_readers').selectAll().where('person_id', '=', ben).execute()).toEqual([]);
});

it('the numbers of somebody cannot be tried out by another data centre', async () => {
  const { anna, ben, phone, username, find } = await openStage();
  const ask = async (way: string, people: object[]) => JSON.parse(Buffer.from(await homes.askAs(1, 'card.read', { viewerId: anna, isBot: false, way, people })).toString()) as { cards: unknown[] };
  // Neither is somebody with a username given to those who only list ids.
  for (const name of [undefined, '', 'somebody', phone]) expect(await ask('username', [{ id: ben, name }])).toEqual({ cards: [] });
  expect(await ask('username', [{ id: ben, name: username }])).toMatchObject({ cards: [{ username }] });
  const guesses = (from: number): object[] => Array.from({ length: 100 }, (_, at) => ({ id: ben + BigInt(8 * (from + at)), name: String(1_000_000 + from + at) }));
  for (let from = 100; from < 5000; from += 100) expect(await ask('phone', guesses(from))).toEqual({ cards: [] });
  await expect(ask('phone', guesses(5000))).rejects.toThrow('too many people');
  // Also a right one is not told from the others now.
  await expect(ask('phone', [...guesses(0).slice(1), { id: ben, name: phone }])).rejects.toThrow('too many people');
  await homes.two.clock.advance(101_000);
  expect(await find()).toBe(ben);
});
