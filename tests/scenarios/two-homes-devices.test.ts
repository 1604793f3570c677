import type { Actor, Device, TestHomes } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import { seededRandom } from '@aerogram/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { actAtRandom, expectAgreement, openTwoHomes, type Pair, react, type TwoHomesStage } from './two-homes-stage.ts';

/** `HOMES_SEED=… npx vitest run --project scenario tests/scenarios/two-homes-devices.test.ts` */
const SEED = Number(process.env['HOMES_SEED'] ?? 20_261_128);
/** Rounds of random acts; the link is cut in every second one. */
const ROUNDS = 4;
const ROUND_ACTS = 18;
let stage: TwoHomesStage;
let homes: TestHomes;
beforeAll(async () => {
  stage = await openTwoHomes();
  ({ homes } = stage);
});
afterEach(() => homes.mend());
afterAll(() => stage?.[Symbol.asyncDispose]());

const plays = <T>(pair: Pair, act: () => Promise<T>): Promise<T> => stage.plays(pair, act);

/** How many messages both read. */
const countAgreed = async (pair: Pair): Promise<number> => (await expectAgreement(pair)).flat().length;

async function setBlocked(device: Device, { id }: Actor, blocked: boolean): Promise<void> {
  await device.call({ _: blocked ? 'contacts.block' : 'contacts.unblock', id: device.inputPeer(id) });
}

test('all devices of two people in two data centres see what both do', async () => {
  const pair = await stage.startPair();
  const { ann, ben } = pair;
  const [, annsTablet] = ann.devices as [Device, Device];
  const [, bensTablet] = ben.devices as [Device, Device];

  const asked = await plays(pair, async () => {
    await ann.send(ben, 'a question');
    return ben.sees('a question');
  });
  const answer = await plays(pair, async () => {
    const sent = await ben.send(ann, 'an answer', { replyTo: asked }, bensTablet);
    await ann.sees('an answer');
    return sent;
  });
  await plays(pair, async () => {
    await ben.edit(await ben.main.sees('an answer'), 'a better answer');
    await ann.sees('a better answer');
  });
  await plays(pair, async () => {
    const found = await annsTablet.sees('a better answer');
    await react(annsTablet, found, '👍');
    await bensTablet.seesUpdate('updateMessageReactions', (update) => update.msgId === answer.id);
    await ann.read(found, annsTablet);
    await bensTablet.seesUpdate('updateReadHistoryOutbox', (update) => update.maxId === answer.id);
  });
  expect(await countAgreed(pair)).toBe(2);

  await plays(pair, async () => {
    await ann.send(ben, 'a mistake', {}, annsTablet);
    await ben.sees('a mistake');
    await ann.delete([await ann.main.sees('a mistake')]);
    await ben.seesGone('a mistake');
  });
  expect(await countAgreed(pair)).toBe(2);
});

test('what both do while the link is cut arrives when it is mended', async () => {
  const pair = await stage.startPair();
  const { ann, ben } = pair;
  await plays(pair, async () => {
    for (const text of ['one', 'two', 'three']) await ann.send(ben, text);
    await ben.send(ann, 'four');
    await ann.sees('four');
    await ben.sees('three');
  });
  await plays(pair, async () => {
    await homes.cut();
    await ann.send(ben, 'five', { replyTo: await ann.main.sees('four') });
    await ann.edit(await ann.main.sees('one'), 'one, changed');
    await ann.delete([await ann.main.sees('two')], {}, ann.devices[1]);
    await ben.send(ann, 'six', { replyTo: await ben.main.sees('two') }, ben.devices[1]);
    await ben.read(await ben.main.sees('three'));
    await react(ben.main, await ben.main.sees('one'), '🔥');
    await react(ben.main, await ben.main.sees('two'), '🎉');
    expect([ben.main.find('five'), ann.main.find('six')]).toEqual([undefined, undefined]);
    await homes.mend();
    await Promise.all([ben.sees('five'), ben.sees('one, changed'), ben.seesGone('two'), ann.sees('six')]);
  });
  expect(await countAgreed(pair)).toBe(5);
});

test('a block withholds what is sent meanwhile, and is shown by all devices of who blocked', async () => {
  const pair = await stage.startPair();
  const { ann, ben } = pair;
  await plays(pair, async () => {
    await ann.send(ben, 'before');
    await ben.sees('before');
  });
  await plays(pair, async () => {
    await setBlocked(ben.main, ann, true);
    await ben.devices[1]!.seesUpdate('updatePeerBlocked', (update) => update.blocked === true);
  });
  await plays(pair, async () => {
    await ann.send(ben, 'unheard', {}, ann.devices[1]);
    await homes.cut();
    await ann.send(ben, 'unheard, too');
    await homes.mend();
  });
  expect(await ben.main.fails({ _: 'messages.sendMessage', peer: ben.main.inputPeer(ann.id), message: 'no', randomId: Long.fromInt(5) })).toMatchObject({ code: 400, text: 'YOU_BLOCKED_USER' });
  await plays(pair, async () => {
    await setBlocked(ben.devices[1]!, ann, false);
    // Until her home hears of it, what she sends stays with her.
    await homes.settled();
    await ann.send(ben, 'after');
    await ben.sees('after');
  });
  const texts = (await ben.main.loadHistory(ann.id)).map(({ text }) => text);
  expect(texts).toEqual(['after', 'before']);
  await plays(pair, () => ann.delete([ann.main.find('unheard')!, ann.main.find('unheard, too')!]));
  expect(await countAgreed(pair)).toBe(2);
});

test(`random acts of all devices end in the same chat (HOMES_SEED=${SEED})`, async () => {
  const pair = await stage.startPair();
  const random = seededRandom(SEED);
  const people = [pair.ann, pair.ben] as const;
  let number = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await plays(pair, async () => {
      if (round % 2 === 1) await homes.cut();
      for (let i = 0; i < ROUND_ACTS; i++) {
        const at = random.uint31() % 2;
        await actAtRandom(people[at]!, people[1 - at]!, { random, number: number++, acknowledged: { sent: [], deleted: new Set() } });
      }
      if (round % 2 === 1) await homes.mend();
    });
    expect(await countAgreed(pair)).toBeGreaterThan(0);
  }
});
