import { doBeginStreamEpoch, raiseCertificatesFrom, readStreamEpoch, sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { answerCards } from '../../src/cards/answer-cards.ts';
import { cardAnswerSchema } from '../../src/cards/card.ts';
import { CardKeeper } from '../../src/cards/keep-cards.ts';
import { CardSources } from '../../src/cards/read-cards.ts';
import { CardSender } from '../../src/cards/send-cards.ts';
import { packPlain, unpackPlain } from '../../src/effects/index.ts';
import type { PrivacyRule } from '../../src/privacy/index.ts';
import { openHomes } from './homes-stage.ts';

const LATEST = 9223372036854775807n;

describe('a card from whoever has broken into a data centre', () => {
  let s: Awaited<ReturnType<typeof openHomes>>;
  beforeAll(async () => {
    s = await openHomes();
    await s.send(s.ben, s.anna, 'hi');
    await s.carry();
  });
  afterAll(() => s[Symbol.asyncDispose]());

  const cardOf = (personId: bigint, over: object) => ({ personId, version: 5n, firstName: 'Mum', lastName: '', isBot: false, isDeleted: false, hidesReadDates: false, rules: [], ...over });

  /** The next frame of the second data centre, as somebody writes it who has its certificate. */
  async function forge(personId: bigint, over: object): Promise<void> {
    const place = (await s.one.db.q.selectFrom('home_applied').selectAll().where('dc', '=', 2).orderBy('epoch', 'desc').execute())[0]!;
    await s.one.domain.frames.applyFrames({ dc: 2, epoch: place.epoch, seq: place.applied_seq + 1n }, [packPlain({ kind: 'card', from: personId, card: cardOf(personId, over) })]);
    await takeBack(place);
  }

  /** The honest server goes on with the number that it has come to. */
  async function takeBack({ epoch, applied_seq }: { epoch: bigint; applied_seq: bigint }): Promise<void> {
    await s.one.db.q.updateTable('home_applied').set({ applied_seq }).where('dc', '=', 2).where('epoch', '=', epoch).execute();
    await s.one.db.q.deleteFrom('home_inbox').where('dc', '=', 2).where('epoch', '=', epoch).where('seq', '>', applied_seq).execute();
  }

  const ben = async () => (await s.one.domain.users.findRow(s.ben))!;
  const meet = () => s.one.domain.cards.fetch({ id: s.anna, bot: false }, [{ id: s.ben, name: '9996621101' }], 'phone');

  it('takes no number and no username that is not the person\'s', async () => {
    const invented = (7777n << 3n) | 2n;
    const { contacts, users } = s.one.domain;
    await forge(invented, { phone: '9996639999', username: 'annas_bank' });
    expect(await users.findRow(invented)).toMatchObject({ first_name: 'Mum', phone: null, username: null });
    const entries = ['9996639999', '9996638888'].map((phone, at) => ({ clientId: BigInt(at), phone, firstName: 'Mum', lastName: '' }));
    for (const list of [entries, entries.slice(0, 1)]) expect((await contacts.doImportContacts(s.anna, list)).imported).toEqual([]);
    expect(await contacts.findByPhone(s.anna, '9996639999')).toBeUndefined();
    // Neither does an answer to a question, nor a card that says what is another person's.
    await forge(s.ben, { version: 6n, phone: '9996611101', firstName: 'Ben' });
    expect(await ben()).toMatchObject({ phone: null });
    await s.one.db.q.updateTable('cards').set({ version: 0n }).execute();
    const mum = await s.one.signUp('9996639999', 'Real Mum');
    expect((await contacts.findByPhone(s.anna, '9996639999'))?.user_id).toBe(mum.userId);
  });

  it('a number is the person\'s once the data centre that gives names has confirmed it, in whatever order the two come', async () => {
    await s.two.domain.privacy.doSetRules(s.ben, 'PhoneNumber', [{ kind: 'AllowAll', ids: [] }], undefined);
    await meet();
    expect(await ben()).toMatchObject({ phone: '9996621101' });
    await s.one.db.q.deleteFrom('phones').where('phone', '=', '9996621101').execute();
    await meet();
    expect(await ben()).toMatchObject({ phone: null });
    const place = (await s.one.db.q.selectFrom('home_applied').selectAll().where('dc', '=', 2).execute())[0]!;
    await s.one.domain.frames.applyFrames({ dc: 2, epoch: place.epoch, seq: place.applied_seq + 1n }, [packPlain({ kind: 'name_confirmed', from: s.ben, type: 'phone', name: '9996621101' })]);
    await takeBack(place);
    expect(await ben()).toMatchObject({ phone: '9996621101' });
  });

  it('leaves a person the names that were confirmed before while nobody can say whose they are, and shows no others', async () => {
    const person = (8888n << 3n) | 3n;
    let answer: 'own' | 'of another' | 'away' = 'own';
    const shown: tl.Update[] = [];
    const done = (): Promise<void> => Promise.resolve();
    const keeper = new CardKeeper(s.two, {
      names: {
        find: (_type, names, unknown) => {
          if (answer === 'away') for (const name of names) unknown?.add(name);
          return Promise.resolve(new Map(answer === 'away' ? [] : [...names].map((name) => [name, answer === 'own' ? person : s.ben])));
        },
      },
      namesDc: () => 1,
      users: { userChanged: done, showChange: (_id, update) => void shown.push(update) },
      privacy: { settingsChanged: done },
      relations: { relationChanged: done },
      orderPhoto: done,
    });
    let version = 0n;
    const keep = async (over: object) => {
      await keeper.doKeep([cardOf(person, { version: ++version, ...over })], 1n);
      const { phone, username } = await s.two.db.q.selectFrom('cards').select(['phone', 'username']).where('person_id', '=', person).executeTakeFirstOrThrow();
      return [phone, username];
    };
    const names = { phone: '9996631101', username: 'Carl_C' };
    expect(await keep(names)).toEqual(['9996631101', 'Carl_C']);
    answer = 'away';
    expect(await keep({ ...names, username: 'carl_c', firstName: 'Carl' })).toEqual(['9996631101', 'carl_c']);
    expect(await keep({ phone: '9996639999', username: 'annas_bank', firstName: 'Bank' })).toEqual([null, null]);
    expect(shown.findLast(({ _ }) => _ === 'updateUserName')).toMatchObject({ first_name: 'Bank', usernames: [] });
    answer = 'own';
    await keep(names);
    answer = 'of another';
    expect(await keep(names)).toEqual([null, null]);
  });

  it('gets the names back that nobody could confirm when it came, without another card, once the data centre that gives names answers', async () => {
    s.addThird();
    const [person, bank, guest] = [(8801n << 3n) | 3n, (8802n << 3n) | 3n, (8803n << 3n) | 3n] as const;
    const { db, domain } = s.two;
    const NEVER = 2 ** 31 - 1;
    await s.one.db.q.insertInto('phones').values([person, guest].map((user_id, at) => ({ phone: `999663220${at}`, user_id, confirmed: true, reserved_date: NEVER }))).execute();
    await s.one.db.q.insertInto('usernames').values({ name: 'dora_d', peer_id: person, confirmed: true, reserved_date: NEVER }).execute();
    const take = async (seq: bigint, personId: bigint, over: object) =>
      domain.frames.applyFrames({ dc: 3, epoch: 1n, seq }, [packPlain({ kind: 'card', from: personId, card: cardOf(personId, over) })]);
    s.setCut(true);
    await take(1n, person, { phone: '9996632200', username: 'Dora_D' });
    await take(2n, bank, { phone: '9996632200', username: 'annas_bank' });
    // As migration 136 leaves a card of which migration 135 has taken the number away.
    await take(3n, guest, {});
    await db.q.updateTable('cards').set({ claimed_phone: '9996632201', is_unasked: true }).where('person_id', '=', guest).execute();
    const shown = async () => (await Promise.all([person, bank, guest].map((id) => domain.users.findRow(id)))).map((row) => [row?.phone, row?.username]);
    const none = [null, null];
    await domain.claimAsker!.doAsk();
    expect(await shown()).toEqual([none, none, none]);
    s.setCut(false);
    // A newer card without these names comes while the question is on its way. The answer is about the older one, and must not name the person.
    s.during(1, 'names.find', 'question', () => take(4n, guest, { version: 6n }));
    await domain.claimAsker!.doAsk();
    expect(await shown()).toEqual([['9996632200', 'Dora_D'], none, none]);
    const left = () => db.q.selectFrom('cards').select('person_id').where('is_unasked', '=', true).execute();
    expect(await left()).toEqual([]);
    await db.q.updateTable('cards').set({ claimed_phone: '9996632201', is_unasked: true }).where('person_id', '=', guest).execute();
    await domain.claimAsker!.doAsk();
    expect(await shown()).toEqual([['9996632200', 'Dora_D'], none, ['9996632201', null]]);
    // What was answered is not asked again.
    let isAskedAgain = false;
    s.during(1, 'names.find', 'question', () => Promise.resolve((isAskedAgain = true)));
    await domain.claimAsker!.doAsk();
    expect(isAskedAgain).toBe(false);
  });

  it('is not answered for each reader that was made up', async () => {
    await sql`INSERT INTO card_readers (person_id, viewer_id) SELECT ${s.anna}::bigint, ((9000000 + g) << 3) | 2 FROM generate_series(1, 3000) AS g ON CONFLICT DO NOTHING`.execute(s.one.db.q);
    const bots = ((9000000n + 1000n) << 3n) | 2n;
    await sql`INSERT INTO cards (person_id, version, first_name, last_name, is_bot, is_deleted) SELECT viewer_id, 1, 'Bot', '', true, false FROM card_readers WHERE viewer_id <= ${bots} AND viewer_id >> 3 > 9000000`.execute(s.one.db.q);
    const read: number[] = [];
    const homes = { dcOf: (id: bigint) => ((id & 7n) === 2n ? 2 : undefined) };
    const cardOfAnna = () =>
      s.one.db.transact('look', async (tx) => {
        const counting = Object.assign(Object.create(tx) as typeof tx, { run: async (...args: Parameters<typeof tx.run>) => { const found = await tx.run(...args); read.push(found.rows.length); return found; } });
        return (await CardSources.read(counting, homes, [s.anna], false)).cardFor(s.anna, 2);
      });
    const set = (rules: PrivacyRule[]) => s.one.domain.privacy.doSetRules(s.anna, 'PhoneNumber', rules, undefined);
    await set([{ kind: 'AllowUsers', ids: [s.ben] }, { kind: 'DisallowAll', ids: [] }]);
    expect(await cardOfAnna()).toMatchObject({ phone: '9996611101' });
    await set([{ kind: 'DisallowUsers', ids: [s.ben] }, { kind: 'AllowAll', ids: [] }]);
    expect(await cardOfAnna()).toMatchObject({ phone: '9996611101' });
    await set([{ kind: 'AllowContacts', ids: [] }]);
    expect(await cardOfAnna()).not.toHaveProperty('phone');
    await set([{ kind: 'AllowBots', ids: [] }, { kind: 'DisallowAll', ids: [] }]);
    expect(await cardOfAnna()).toMatchObject({ phone: '9996611101' });
    await set([{ kind: 'DisallowBots', ids: [] }, { kind: 'AllowAll', ids: [] }]);
    expect(await cardOfAnna()).toMatchObject({ phone: '9996611101' });
    await set([{ kind: 'AllowContacts', ids: [] }]);
    expect(Math.max(...read)).toBeLessThan(10);
  });

  it('gives cards to so many readers at once, to so many more in time, and not to any number in all', async () => {
    const { one: { db, clock, domain }, anna, zoe } = s;
    const homes = s.of(1);
    for (const [id, name] of [[anna, 'anna_reads'], [zoe, 'zoe_reads']] as const) await domain.profile.doUpdateUsername(id, name);
    await db.q.deleteFrom('card_readers').execute();
    const answerers: ((body: Uint8Array, from: number) => Promise<Uint8Array>)[] = [];
    const deps = { db, clock, config: domain.config };
    const parts = { homes: { dcOf: (id: bigint) => homes.dcOf(id), onAsk: (_name: string, answer: (typeof answerers)[number]) => void answerers.push(answer) }, cardSender: new CardSender({ ...deps, homes }) };
    answerCards(deps, parts, { capacity: 5, tokensPerSecond: 1, maxBuckets: 8, most: 107, kept: 2, spare: 4 });
    const viewer = (at: number): bigint => (BigInt(9_500_000 + at) << 3n) | 2n;
    /** Asks in the name of a reader whom the other home has made up. @returns how many cards it gets, or the error */
    const ask = async (at: number, way: 'username' | 'card' = 'username', people = [{ id: anna, name: 'anna_reads' }]) => {
      const answer = await answerers[0]!(packPlain({ viewerId: viewer(at), isBot: false, way, people }), 2).catch(String);
      return typeof answer === 'string' ? answer : unpackPlain(cardAnswerSchema, answer).cards.length;
    };
    for (let at = 0; at < 5; at++) expect(await ask(at)).toBe(1);
    expect(await ask(5)).toContain('too many new readers');
    // Whoever is a reader stays one.
    expect([await ask(4), await ask(4, 'card')]).toEqual([1, 1]);
    await clock.advance(1000);
    expect([await ask(5), await ask(6)]).toEqual([1, expect.stringContaining('too many new readers')]);
    // Somebody who has a card here, because of something that passed between the two, stays.
    await forge(viewer(5), {});
    await clock.advance(3000);
    expect([await ask(6, 'username', [{ id: zoe, name: 'zoe_reads' }]), await ask(7)]).toEqual([1, 1]);
    const readers = async () => (await db.q.selectFrom('card_readers').selectAll().orderBy('viewer_id').execute()).map((row) => [row.person_id, row.viewer_id]);
    expect(await readers()).toHaveLength(8);
    // There is no room for as many as one question may ask for: of those who only looked, readers of those who have most go.
    expect(await ask(8)).toBe(1);
    expect(await readers()).toEqual([[anna, viewer(0)], [anna, viewer(1)], [anna, viewer(5)], [zoe, viewer(6)], [anna, viewer(8)]]);
    // That data centre is still told of changes.
    const told = async () => (await db.q.selectFrom('home_outbox').select('seq').where('dc', '=', 2).execute()).length;
    const before = await told();
    await domain.profile.doUpdateNames(anna, { first_name: 'Anna told' });
    expect(await told()).toBe(before + 1);
    // It does not have the table looked through for each question.
    await sql`INSERT INTO card_readers (person_id, viewer_id) SELECT ${anna}::bigint, ((9600000 + g) << 3) | 2 FROM generate_series(1, 200) AS g`.execute(db.q);
    await forgeAllReaders();
    await clock.advance(3_600_000);
    expect([await ask(9), await ask(10), await ask(4, 'card')]).toEqual([expect.stringContaining('too many readers'), expect.stringContaining('too many readers'), 0]);
    await db.q.deleteFrom('card_readers').where('viewer_id', '>', viewer(50_000)).execute();
    expect(await ask(9)).toContain('too many readers');
    await clock.advance(3_600_000);
    expect(await ask(9)).toBe(1);
  });

  /** Gives each reader a card, so that none is removed. */
  const forgeAllReaders = () =>
    sql`INSERT INTO cards (person_id, version, first_name, last_name, is_bot, is_deleted) SELECT DISTINCT viewer_id, 1, 'R', '', false, false FROM card_readers ON CONFLICT DO NOTHING`.execute(s.one.db.q);

  it('counts for nothing when the certificate has been revoked', async () => {
    await forge(s.ben, { version: LATEST, firstName: '', isDeleted: true, wasGiven: true });
    expect(await ben()).toMatchObject({ deleted: true });
    const home = { state: 'joined', link_host: '127.0.0.1', link_port: 1, client_host: '127.0.0.1', client_port: 1, web_address: '' } as const;
    await s.one.db.q.insertInto('homes').values({ ...home, dc: 2, is_own: false, of_names: false }).execute();
    await s.one.db.transact('revoke', (tx) => raiseCertificatesFrom(tx, 2, 1_900_000_000));
    await meet();
    expect(await ben()).toMatchObject({ deleted: false, first_name: 'Ben' });
  });

  it('is not above all others when that data centre begins a new epoch', async () => {
    await forge(s.ben, { version: LATEST, firstName: 'Evil' });
    expect(await ben()).toMatchObject({ first_name: 'Evil' });
    await doBeginStreamEpoch(s.two.db, await readStreamEpoch(s.two.db));
    await s.two.domain.profile.doUpdateNames(s.ben, { first_name: 'Ben again' });
    await s.carry();
    expect(await ben()).toMatchObject({ first_name: 'Ben again' });
  });

  it('a database that was put back without a restore does not use versions again', async () => {
    await s.two.domain.profile.doUpdateNames(s.ben, { first_name: 'Before' });
    await s.carry();
    const { rows: [{ last }] } = (await sql<{ last: bigint }>`SELECT last_value AS last FROM card_versions`.execute(s.two.db.q)) as { rows: [{ last: bigint }] };
    const epoch = await readStreamEpoch(s.two.db);
    await doBeginStreamEpoch(s.two.db, epoch);
    const { rows: [{ next }] } = (await sql<{ next: bigint }>`SELECT nextval('card_versions') AS next`.execute(s.two.db.q)) as { rows: [{ next: bigint }] };
    expect(next - last).toBeGreaterThan(90_000n);
    // A second process that has found out the same changes nothing.
    await doBeginStreamEpoch(s.two.db, epoch);
    expect(((await sql<{ next: bigint }>`SELECT nextval('card_versions') AS next`.execute(s.two.db.q)).rows[0]!.next) - next).toBe(1n);
    await s.two.domain.profile.doUpdateNames(s.ben, { first_name: 'After' });
    await s.carry();
    expect(await ben()).toMatchObject({ first_name: 'After' });
  });
});
