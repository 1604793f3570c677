import { seededRandom } from '@aerogram/runtime';
import { writable } from '@aerogram/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { channelIdOf } from '../../src/events/index.ts';
import { doBanPhone, doMakeBotByOperator, doMakePerson } from '../../src/index.ts';
import { APP, errorOf, type World } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

// Home 1 decides who has a name.
let homes: TwoHomes;
let one: World;
let two: World;
beforeEach(async () => {
  homes = await createTwoHomes();
  ({ one, two } = homes);
});
afterEach(() => homes[Symbol.asyncDispose]());

const AWAY = 'INTERDC_1_CALL_ERROR';

const phoneRow = (world: World, phone: string) => world.db.q.selectFrom('phones').select(['user_id', 'confirmed']).where('phone', '=', phone).executeTakeFirst();
const nameRow = (world: World, name: string) => world.db.q.selectFrom('usernames').select(['peer_id', 'confirmed']).where('name', '=', name).executeTakeFirst();

/** A device that has proved a number and may sign up. */
async function proved(world: World, phone: string): Promise<(name?: string) => Promise<bigint>> {
  const device = await world.newDevice();
  const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
  await world.domain.auth.doSignIn(device, phone, codeHash, phone[5]!.repeat(5));
  return (firstName = 'Somebody') => world.domain.auth.doSignUp(device, phone, codeHash, { firstName, lastName: '' });
}

describe('a phone number', () => {
  it('goes to one of two homes at which it signs up at the same time', async () => {
    const phone = '9996610001';
    const signUps = [await proved(one, phone), await proved(two, phone)];
    const outcomes = await Promise.all(signUps.map((signUp) => errorOf(signUp())));
    expect(outcomes.toSorted()).toEqual(['PHONE_NUMBER_OCCUPIED', 'no error']);
    await homes.carry();
    const owners = await Promise.all([one, two].map((world) => world.db.q.selectFrom('users').select('user_id').where('phone', '=', phone).execute()));
    expect(owners.flat()).toHaveLength(1);
    expect(await phoneRow(one, phone)).toEqual({ user_id: owners.flat()[0]!.user_id, confirmed: true });
  });

  it('sends who has an account at another home there', async () => {
    const [anna, ben] = ['9996610011', '9996620012'];
    await one.signUp(anna, 'Anna');
    await two.signUp(ben, 'Ben');
    await homes.carry();
    expect(await errorOf(two.domain.auth.doSendCode(await two.newDevice(), anna, APP))).toBe('PHONE_MIGRATE_1');
    expect(await errorOf(one.domain.auth.doSendCode(await one.newDevice(), ben, APP))).toBe('PHONE_MIGRATE_2');
  });

  it('of somebody whose home was removed leads nowhere', async () => {
    await two.signUp('9996620013', 'Ben');
    await homes.carry();
    homes.removeOther(1);
    expect(await errorOf(one.domain.auth.doSendCode(await one.newDevice(), '9996620013', APP))).toBe('PHONE_NUMBER_INVALID');
  });

  it('that the first home has banned signs up nowhere, also if the code was asked for before', async () => {
    const phone = '9996620041';
    const signUp = await proved(two, phone);
    await doBanPhone(one.db, { phone, userId: undefined, isBanned: true, nowDate: one.clock.now() });
    expect(await errorOf(signUp())).toBe('PHONE_NUMBER_BANNED');
    expect(await phoneRow(two, phone)).toBeUndefined();
    await doBanPhone(one.db, { phone, userId: undefined, isBanned: false, nowDate: one.clock.now() });
    expect(await errorOf(signUp())).toBe('no error');
  });

  it('is found at each home, and no home takes a card for an account of its own', async () => {
    const anna = await one.signUp('9996610021', 'Anna');
    const ben = await two.signUp('9996620022', 'Ben');
    await homes.carry();
    const both = new Map([['9996610021', anna.userId], ['9996620022', ben.userId]]);
    expect(await one.domain.names.find('phone', [...both.keys(), '9996610029', 'not a number'])).toEqual(both);
    expect(await two.domain.names.find('phone', both.keys())).toEqual(both);
    expect(await one.domain.users.findByPhone('9996620022')).toBeUndefined();
    homes.setCut(true);
    expect(await two.domain.names.find('phone', both.keys())).toEqual(new Map([['9996620022', ben.userId]]));
    expect(await errorOf(two.domain.names.findOne({ type: 'phone', name: '9996610021' }))).toBe(AWAY);
    expect(await two.domain.names.findOne({ type: 'phone', name: '9996620022' })).toBe(ben.userId);
  });

  it('of a known person logs in while the first home is away; others are not signed up', async () => {
    await two.signUp('9996620031', 'Ben');
    const signUp = await proved(two, '9996620032');
    homes.setCut(true);
    await two.logIn('9996620031');
    expect(await errorOf(two.domain.auth.doSendCode(await two.newDevice(), '9996620033', APP))).toBe(AWAY);
    expect(await errorOf(signUp())).toBe(AWAY);
    homes.setCut(false);
    await signUp();
    await homes.carry();
    expect(await phoneRow(one, '9996620032')).toMatchObject({ confirmed: true });
  });

  it('is reserved once if the answer is lost', async () => {
    const phone = '9996620041';
    const signUp = await proved(two, phone);
    homes.loseAnswers(true);
    expect(await errorOf(signUp())).toBe(AWAY);
    expect(await phoneRow(one, phone)).toMatchObject({ confirmed: false });
    homes.loseAnswers(false);
    const userId = await signUp();
    await homes.carry();
    await homes.carry();
    expect(await phoneRow(one, phone)).toEqual({ user_id: userId, confirmed: true });
  });
});

describe('a reservation of another home', () => {
  const phone = '9996620101';

  /** Home 2 has reserved the number and its process has ended. */
  async function abandon(): Promise<void> {
    const signUp = await proved(two, phone);
    homes.loseAnswers(true);
    expect(await errorOf(signUp())).toBe(AWAY);
    homes.loseAnswers(false);
  }

  it('is taken over only when that home says that nobody has the number', async () => {
    const signUp = await proved(one, phone);
    await abandon();
    expect(await errorOf(signUp())).toBe('PHONE_NUMBER_OCCUPIED');
    await one.clock.advance(61_000);
    await two.clock.advance(61_000);
    homes.setCut(true);
    expect(await errorOf(signUp())).toBe('INTERDC_2_CALL_ERROR');
    homes.setCut(false);
    const userId = await signUp();
    expect(await phoneRow(one, phone)).toEqual({ user_id: userId, confirmed: true });
    expect(await phoneRow(two, phone)).toBeUndefined();
  });

  it('is not taken over while that home has written the account and the frame is on its way', async () => {
    const signUp = await proved(one, phone);
    const { userId } = await two.signUp(phone, 'Ben');
    await one.clock.advance(61_000);
    await two.clock.advance(61_000);
    expect(await errorOf(signUp())).toBe('PHONE_NUMBER_OCCUPIED');
    await homes.carry();
    expect(await phoneRow(one, phone)).toEqual({ user_id: userId, confirmed: true });
  });

  it('of its own is none for that home: another account gets the number', async () => {
    await abandon();
    await two.clock.advance(61_000);
    const { userId } = await two.signUp(phone, 'Ben');
    await homes.carry();
    expect(await phoneRow(one, phone)).toEqual({ user_id: userId, confirmed: true });
  });
});

describe('an account', () => {
  const change = async (world: World, device: Awaited<ReturnType<World['newDevice']>>, phone: string): Promise<unknown> => {
    const { codeHash } = await world.domain.auth.doSendChangePhoneCode(device, phone);
    return world.domain.auth.doChangePhone(device, phone, { codeHash, code: phone[5]!.repeat(5) }, undefined);
  };

  it('changes its number in the whole cluster', async () => {
    const ben = await two.signUp('9996620201', 'Ben');
    await one.signUp('9996610202', 'Anna');
    await homes.carry();
    await two.clock.advance(3 * 86_400_000);
    const device = await two.again(ben.device);
    expect(await errorOf(change(two, device, '9996610202'))).toBe('PHONE_NUMBER_OCCUPIED');
    await change(two, device, '9996610203');
    await homes.carry();
    expect([await phoneRow(one, '9996620201'), await phoneRow(one, '9996610203')]).toEqual([undefined, { user_id: ben.userId, confirmed: true }]);
    expect(await two.domain.auth.doMovePhone(ben.userId, '9996610204')).toBe(true);
    await homes.carry();
    expect([await phoneRow(one, '9996610203'), await phoneRow(one, '9996610204')]).toEqual([undefined, { user_id: ben.userId, confirmed: true }]);
    expect(await errorOf(two.domain.auth.doMovePhone(ben.userId, '9996610202'))).toBe('PHONE_NUMBER_OCCUPIED');
  });

  it('frees its names when it is deleted', async () => {
    const ben = await two.signUp('9996620211', 'Ben');
    await two.domain.profile.doUpdateUsername(ben.userId, 'ben_of_two');
    await homes.carry();
    expect(await nameRow(one, 'ben_of_two')).toEqual({ peer_id: ben.userId, confirmed: true });
    await two.domain.auth.doEndAccount(ben.userId, 'no longer needed');
    await homes.carry();
    expect([await phoneRow(one, '9996620211'), await nameRow(one, 'ben_of_two')]).toEqual([undefined, undefined]);
    const { userId } = await one.signUp('9996620211', 'Anna');
    expect(await phoneRow(one, '9996620211')).toEqual({ user_id: userId, confirmed: true });
  });
});

describe('what the operator or a company gives', () => {
  const ada = { issuer: 'https://id.example.com', subject: 'ada', email: undefined, firstName: 'Ada', lastName: '' };
  const enter = () => two.domain.auth.companyAccounts.doEnter(ada, { refreshToken: undefined, address: '192.0.2.1' });

  it('is one number of the whole cluster for a person of a company', async () => {
    homes.setCut(true);
    expect(await errorOf(enter())).toBe(AWAY);
    homes.setCut(false);
    const entered = await enter();
    if (entered.kind !== 'entered') throw new Error(entered.kind);
    await homes.carry();
    const { phone } = await two.db.q.selectFrom('users').select('phone').where('user_id', '=', entered.userId).executeTakeFirstOrThrow();
    expect(await phoneRow(one, phone!)).toEqual({ user_id: entered.userId, confirmed: true });
    homes.setCut(true);
    expect(await enter()).toMatchObject({ kind: 'entered', userId: entered.userId, isNew: false });
  });

  it('is checked for accounts that are made at once', async () => {
    const maker = { db: two.db, clock: two.clock, random: seededRandom('made'), config: two.domain.config, homes: homes.of(2) };
    await one.signUp('9996610401', 'Anna');
    const make = (phone: string, username: string) => doMakePerson(maker, { name: 'Made', phone, username });
    expect(await errorOf(make('9996610401', 'made_here'))).toBe('PHONE_NUMBER_OCCUPIED');
    const userId = await make('9996610402', 'made_here');
    await homes.carry();
    expect([await phoneRow(one, '9996610402'), await nameRow(one, 'made_here')]).toEqual([{ user_id: userId, confirmed: true }, { peer_id: userId, confirmed: true }]);
  });

  it('is no bot from a command, which cannot ask the first home', async () => {
    const maker = { db: two.db, clock: two.clock, random: seededRandom('made'), config: two.domain.config, keys: two.files.keys };
    const home = { state: 'joined', link_host: '127.0.0.1', link_port: 1, client_host: '127.0.0.1', client_port: 1, web_address: '' } as const;
    await writable(two.db).q.insertInto('homes').values([{ dc: 1, of_names: true, ...home }, { dc: 2, is_own: true, ...home }]).execute();
    await expect(doMakeBotByOperator(maker, { name: 'Tea', username: 'tea_bot', ownerId: undefined })).rejects.toThrow('data centre 1 decides');
    expect(await nameRow(two, 'tea_bot')).toBeUndefined();
  });
});

describe('a username', () => {
  it('goes to one of two homes that give it at the same time', async () => {
    const [anna, ben] = [await one.signUp('9996610301', 'Anna'), await two.signUp('9996620302', 'Ben')];
    const outcomes = await Promise.all([
      errorOf(one.domain.profile.doUpdateUsername(anna.userId, 'Same_Name')),
      errorOf(two.domain.profile.doUpdateUsername(ben.userId, 'same_name')),
    ]);
    expect(outcomes.toSorted()).toEqual(['USERNAME_OCCUPIED', 'no error']);
    await homes.carry();
    expect(await nameRow(one, 'same_name')).toEqual({ peer_id: outcomes[0] === 'no error' ? anna.userId : ben.userId, confirmed: true });
  });

  it('that somebody elsewhere has is not free, and is free again when it is given up', async () => {
    const [anna, ben] = [await one.signUp('9996610311', 'Anna'), await two.signUp('9996620312', 'Ben')];
    await one.domain.profile.doUpdateUsername(anna.userId, 'name_of_anna');
    await two.domain.profile.doUpdateUsername(ben.userId, 'name_of_ben');
    await homes.carry();
    expect(await two.domain.profile.isUsernameFree(ben.userId, 'name_of_Anna')).toBe(false);
    expect(await one.domain.profile.isUsernameFree(anna.userId, 'name_of_ben')).toBe(false);
    expect(await one.domain.users.findNamedPeer('name_of_ben')).toBeUndefined();
    expect(await two.domain.names.findOne({ type: 'username', name: 'name_of_anna' })).toBe(anna.userId);
    await two.domain.profile.doUpdateUsername(ben.userId, 'Name_of_Ben');
    await two.domain.profile.doUpdateUsername(ben.userId, '');
    await homes.carry();
    expect(await one.domain.profile.isUsernameFree(anna.userId, 'name_of_ben')).toBe(true);
    await one.domain.profile.doUpdateUsername(anna.userId, 'name_of_ben');
    expect(await errorOf(two.domain.profile.doUpdateUsername(ben.userId, 'name_of_ben'))).toBe('USERNAME_OCCUPIED');
  });

  it('is free if it was only reserved at a home that was removed', async () => {
    const [anna, ben] = [await one.signUp('9996610331', 'Anna'), await two.signUp('9996620332', 'Ben')];
    homes.loseAnswers(true);
    expect(await errorOf(two.domain.profile.doUpdateUsername(ben.userId, 'left_name'))).toBe(AWAY);
    homes.setCut(true);
    expect(await nameRow(one, 'left_name')).toEqual({ peer_id: ben.userId, confirmed: false });
    expect(await errorOf(one.domain.profile.doUpdateUsername(anna.userId, 'left_name'))).toBe('INTERDC_2_CALL_ERROR');
    homes.removeOther(1);
    expect(await errorOf(one.domain.profile.doUpdateUsername(anna.userId, 'left_name'))).toBe('no error');
    expect(await nameRow(one, 'left_name')).toEqual({ peer_id: anna.userId, confirmed: true });
  });

  it('is not given while the first home is away', async () => {
    const ben = await two.signUp('9996620321', 'Ben');
    homes.setCut(true);
    expect(await errorOf(two.domain.profile.doUpdateUsername(ben.userId, 'new_name'))).toBe(AWAY);
    expect(await errorOf(two.domain.profile.isUsernameFree(ben.userId, 'new_name'))).toBe(AWAY);
    expect(await errorOf(two.domain.ownBots.doCreate(ben.userId, { name: 'Tea', username: 'tea_bot' }))).toBe(AWAY);
    homes.setCut(false);
    await two.domain.profile.doUpdateUsername(ben.userId, 'new_name');
  });

  it('of a bot is one of the whole cluster, and its token logs in at its home', async () => {
    const [anna, ben] = [await one.signUp('9996610331', 'Anna'), await two.signUp('9996620332', 'Ben')];
    const botId = await two.domain.ownBots.doCreate(ben.userId, { name: 'Tea', username: 'tea_bot' });
    const token = await two.domain.auth.bots.doExportToken(ben.userId, botId, false);
    await homes.carry();
    expect(await errorOf(one.domain.ownBots.doCreate(anna.userId, { name: 'Tea', username: 'Tea_bot' }))).toBe('USERNAME_OCCUPIED');
    expect(await errorOf(one.domain.auth.bots.doImportBotAuthorization(await one.newDevice(), token, APP))).toBe('USER_MIGRATE_2');
    await two.domain.auth.doDeleteBot(ben.userId, botId);
    await homes.carry();
    await one.domain.ownBots.doCreate(anna.userId, { name: 'Tea', username: 'tea_bot' });
  });

  it('of a channel is taken, and found by nobody elsewhere', async () => {
    const [anna, ben] = [await one.signUp('9996610341', 'Anna'), await two.signUp('9996620342', 'Ben')];
    const acting = { actorId: ben.userId, origin: undefined };
    const { first } = await two.domain.channels.doCreate({ creatorId: ben.userId, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: 1n, origin: { authKeyId: 1n, sessionId: 1n } });
    const channelId = channelIdOf(first.owner_id);
    await two.domain.channels.at(channelId).settings.doSetUsername(acting, 'the_news');
    await homes.carry();
    expect(await nameRow(one, 'the_news')).toEqual({ peer_id: first.owner_id, confirmed: true });
    expect(await one.domain.users.findNamedPeer('the_news')).toBeUndefined();
    expect(await errorOf(one.domain.profile.doUpdateUsername(anna.userId, 'the_news'))).toBe('USERNAME_OCCUPIED');
    await two.domain.channels.at(channelId).settings.doDelete(acting);
    await homes.carry();
    await one.domain.profile.doUpdateUsername(anna.userId, 'the_news');
  });
});
