import { dcOfPeer, HomeAway, type HomeAnswerer, type OtherHomes } from '@aerogram/cluster';
import { silentLogger } from '@aerogram/runtime';
import { writable } from '@aerogram/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { packPlain } from '../../src/effects/index.ts';
import { NameAnswers } from '../../src/names/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

// Home 1 decides who has a name; home 2 is a member that has gone bad, or one of the two was restored from a backup.
let homes: TwoHomes;
let one: World;
let two: World;
let anna: bigint;
let ben: bigint;
const ANNA = '9996610001';
const BEN = '9996620002';
beforeEach(async () => {
  homes = await createTwoHomes();
  ({ one, two } = homes);
  anna = (await one.signUp(ANNA, 'Anna')).userId;
  ben = (await two.signUp(BEN, 'Ben')).userId;
  await homes.carry();
});
afterEach(() => homes[Symbol.asyncDispose]());

const phones = async (world: World): Promise<unknown[]> => world.db.q.selectFrom('phones').select(['phone', 'user_id', 'confirmed']).orderBy('phone').execute();
const BOTH = (): unknown[] => [
  { phone: ANNA, user_id: anna, confirmed: true },
  { phone: BEN, user_id: ben, confirmed: true },
];

/** Applies frames at home 1 as if home 2 had sent them. */
let seq = 100n;
const send = (...effects: Record<string, unknown>[]): Promise<void> => one.domain.frames.applyFrames({ dc: 2, epoch: 99n, seq: ++seq }, effects.map(packPlain));

describe('another home', () => {
  beforeEach(async () => {
    seq = 0n;
  });

  it('gets or frees no name for people of others, whatever it says', async () => {
    const ask = (name: string, body: unknown): Promise<Uint8Array> => homes.askAs(2, name, body);
    await expect(ask('names.reserve', { type: 'phone', name: '9996630003', peerId: anna })).rejects.toThrow();
    await expect(ask('names.tell', { named: [{ type: 'phone', name: '9996630003', peerId: anna }] })).rejects.toThrow();
    await expect(ask('names.owner', { type: 'phone', name: ANNA })).rejects.toThrow();
    await expect(ask('names.reserve', { type: 'phone', name: 'not a number', peerId: ben })).rejects.toThrow();
    await send({ kind: 'name_freed', from: anna, type: 'phone', name: ANNA });
    await send({ kind: 'name_freed', from: anna });
    await send({ kind: 'name_freed', from: ben, type: 'phone', name: ANNA });
    await send({ kind: 'name_confirmed', from: ben, type: 'phone', name: ANNA });
    await send({ kind: 'name_confirmed', from: anna, type: 'phone', name: '9996630003' });
    await send({ kind: 'name_confirmed', from: ben, type: 'phone', name: 'not a number' });
    expect(await phones(one)).toEqual(BOTH());
    expect(Buffer.from(await ask('names.reserve', { type: 'phone', name: ANNA, peerId: ben })).toString()).toBe('{"outcome":"taken"}');
  });

  it('cannot fill the tables of the first home', async () => {
    const reserve = (at: number): Promise<Uint8Array> => homes.askAs(2, 'names.reserve', { type: 'username', name: `name_${at}`, peerId: ben });
    const outcomes: Uint8Array[] = [];
    for (let at = 0; at < 550; at += 50) outcomes.push(...(await Promise.all(Array.from({ length: 50 }, (_, more) => reserve(at + more)))));
    expect(outcomes.filter((outcome) => Buffer.from(outcome).toString() === '{"outcome":"later"}').length).toBeGreaterThan(40);
    await one.clock.advance(10_000);
    expect(Buffer.from(await homes.askAs(2, 'names.reserve', { type: 'username', name: 'later_name', peerId: ben })).toString()).toBe('{"outcome":"reserved"}');
  });

  it('looks for, or tells, only so many names in a while', async () => {
    const numbers = Array.from({ length: 500 }, (_, n) => String(99_966_400_000 + n));
    const find = (): Promise<Uint8Array> => homes.askAs(2, 'names.find', { type: 'phone', names: numbers });
    for (let n = 0; n < 99; n++) await find();
    await expect(find().then(find)).rejects.toThrow('too many names');
    const tell = async (): Promise<string> => Buffer.from(await homes.askAs(2, 'names.tell', { named: numbers.map((name) => ({ type: 'phone', name, peerId: ben })) })).toString();
    expect(await tell()).toBe('{"outcome":"later","conflicts":[]}');
    expect(await phones(one)).toEqual(BOTH());
    await one.clock.advance(10_000);
    await find();
  });

  it('may repeat what it tells', async () => {
    await two.domain.profile.doUpdateUsername(ben, 'name_of_ben');
    await send({ kind: 'name_confirmed', from: ben, type: 'username', name: 'name_of_ben' });
    await send({ kind: 'name_confirmed', from: ben, type: 'username', name: 'name_of_ben' });
    await send({ kind: 'name_freed', from: ben, type: 'username', name: 'name_of_ben' });
    await send({ kind: 'name_freed', from: ben, type: 'username', name: 'name_of_ben' });
    expect(await one.db.q.selectFrom('usernames').select('name').where('name', '=', 'name_of_ben').execute()).toEqual([]);
  });
});

describe('after a restore', () => {
  /** As the restore of a backup does. */
  const restore = (world: World): Promise<unknown> => writable(world.db).q.updateTable('meta').set({ value: '12345' }).where('key', '=', 'stream_epoch').execute();
  const forget = (world: World, phone: string): Promise<unknown> => writable(world.db).q.deleteFrom('phones').where('phone', '=', phone).execute();

  it('of the first home, the others tell it their names again, once', async () => {
    await two.domain.nameTeller.doTell();
    await forget(one, BEN);
    await two.domain.nameTeller.doTell();
    expect(await phones(one)).toHaveLength(1);
    await restore(one);
    await two.domain.nameTeller.doTell();
    expect(await phones(one)).toEqual(BOTH());
  });

  it('names that were given twice stay with the first home, and the log tells', async () => {
    await forget(one, BEN);
    await restore(one);
    const { userId } = await one.signUp(BEN, 'Carol');
    await two.domain.nameTeller.doTell();
    expect(await phones(one)).toEqual([BOTH()[0], { phone: BEN, user_id: userId, confirmed: true }]);
    // Ben still logs in where he lives.
    await two.logIn(BEN);
  });

  it('of the first home, it gives no name before the others have told theirs again', async () => {
    const home = { state: 'joined', link_host: '127.0.0.1', link_port: 1, client_host: '127.0.0.1', client_port: 1, web_address: '' } as const;
    await writable(one.db).q.insertInto('homes').values([{ dc: 1, is_own: true, of_names: true, ...home }, { dc: 2, ...home }]).execute();
    await two.domain.nameTeller.doTell();
    await one.signUp('9996611188', 'Dora');
    await forget(one, BEN);
    await restore(one);
    expect(await errorOf(one.signUp(BEN, 'Carol'))).toBe('INTERDC_2_CALL_ERROR');
    expect(await errorOf(one.domain.profile.doUpdateUsername(anna, 'annas_name', undefined))).toBe('INTERDC_2_CALL_ERROR');
    // Between people of one home that home decides itself.
    await two.signUp('9996621189', 'Emil');
    await two.domain.nameTeller.doTell();
    expect(await errorOf(one.signUp(BEN, 'Carol'))).toBe('PHONE_MIGRATE_2');
    await one.domain.profile.doUpdateUsername(anna, 'annas_name', undefined);
  });

  it('of another home, a number of an account that it has lost stays with it, and signs up there again', async () => {
    await forget(two, BEN);
    await writable(two.db).q.updateTable('users').set({ phone: null, deleted: true }).where('user_id', '=', ben).execute();
    await restore(two);
    await two.domain.nameTeller.doTell();
    expect(await errorOf(one.signUp(BEN, 'Carol'))).toBe('PHONE_MIGRATE_2');
    const { userId } = await two.signUp(BEN, 'Ben');
    await homes.carry();
    expect(await phones(one)).toEqual([BOTH()[0], { phone: BEN, user_id: userId, confirmed: true }]);
  });
});

describe('a third home', () => {
  it('gets a name that another one has reserved only when that one says that nobody has it', async () => {
    const answerers = new Map<string, HomeAnswerer>();
    let answer: () => unknown = () => {
      throw new HomeAway(2);
    };
    const asked: number[] = [];
    const others = [2, 3];
    const seen: OtherHomes = {
      own: 1,
      others,
      ofNames: 1,
      isFull: () => false,
      isBehind: () => false,
      framesWritten: () => undefined,
      hint: () => undefined,
      onHint: () => undefined,
      dcOf: (peerId) => dcOfPeer(peerId, others),
      onAsk: (name, answerer) => void answerers.set(name, answerer),
      async ask(dc) {
        asked.push(dc);
        return packPlain(answer());
      },
    };
    new NameAnswers({ db: one.db, bus: one.bus, log: silentLogger, clock: one.clock, homes: seen }).listen({ register: () => undefined });
    const reserve = async (dc: number, peerId: bigint): Promise<string> => Buffer.from(await answerers.get('names.reserve')!(packPlain({ type: 'username', name: 'third_name', peerId }), dc)).toString();
    const third = (ben & ~7n) | 3n;
    expect(await reserve(2, ben)).toBe('{"outcome":"reserved"}');
    expect(await reserve(3, third)).toBe('{"outcome":"later"}');
    answer = () => ({ peerId: ben });
    expect(await reserve(3, third)).toBe('{"outcome":"taken"}');
    answer = () => ({});
    expect(await reserve(3, third)).toBe('{"outcome":"reserved"}');
    expect(asked).toEqual([2, 2, 2]);
    answer = () => ({ peerId: third });
    expect(await reserve(2, ben)).toBe('{"outcome":"taken"}');
    await expect(reserve(2, third)).rejects.toThrow();
  });
});
