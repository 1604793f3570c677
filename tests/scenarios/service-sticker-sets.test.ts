import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function findSet(device: Device, stickerset: tl.TypeInputStickerSet): Promise<tl.RawStickerSet> {
  const answer = await device.call({ _: 'messages.getStickerSet', stickerset, hash: 0 });
  if (answer._ !== 'messages.stickerSet') throw new Error(answer._);
  expect(answer).toMatchObject({ set: { official: true, count: answer.documents.length } });
  return answer.set;
}

test('a set requested by its purpose is found again by its id and by its name', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const sets = new Map<string, tl.RawStickerSet>();
  const dice = ['🎲', '🎯', '🏀', '⚽', '🎳', '🎰'].map((emoticon) => ({ _: 'inputStickerSetDice' as const, emoticon }));
  for (const purpose of [{ _: 'inputStickerSetPremiumGifts' as const }, { _: 'inputStickerSetTonGifts' as const }, ...dice]) {
    const set = await findSet(alice.main, purpose);
    sets.set(set.id.toString(), set);
    const { id, accessHash, shortName } = set;
    expect(await findSet(alice.main, { _: 'inputStickerSetID', id, accessHash })).toEqual(set);
    expect(await findSet(alice.main, { _: 'inputStickerSetShortName', shortName })).toEqual(set);
    // The access hash is the same for everybody.
    expect(await findSet(bob.main, { _: 'inputStickerSetID', id, accessHash })).toEqual(set);
  }
  expect([...sets.values()].map(({ count }) => count)).toEqual([0, 0, 7, 7, 6, 6, 7, 21]);
  // The same dice emoji with its variation selector.
  expect(sets.has((await findSet(alice.main, { _: 'inputStickerSetDice', emoticon: '⚽️' })).id.toString())).toBe(true);
});

test('other sets do not exist', async () => {
  const { main } = await scenario.world.user('Alice');
  const invalid = { code: 400, text: 'STICKERSET_INVALID' };
  const fails = (stickerset: tl.TypeInputStickerSet): Promise<unknown> => main.fails({ _: 'messages.getStickerSet', stickerset, hash: 0 });
  expect(await fails({ _: 'inputStickerSetEmpty' })).toEqual(invalid);
  expect(await fails({ _: 'inputStickerSetShortName', shortName: 'nobody' })).toEqual(invalid);
  expect(await fails({ _: 'inputStickerSetID', id: Long.fromNumber(9999), accessHash: Long.ONE })).toEqual(invalid);
  expect(await fails({ _: 'inputStickerSetDice', emoticon: '🐈' })).toEqual({ code: 400, text: 'EMOTICON_STICKERPACK_MISSING' });
});
