import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const list = async (hash = 0): Promise<tl.messages.TypeAvailableEffects> => alice.main.call({ _: 'messages.getAvailableEffects', hash });

async function listEffects(): Promise<tl.messages.RawAvailableEffects> {
  const answer = await list();
  if (answer._ !== 'messages.availableEffects') throw new Error('the list was not sent');
  return answer;
}

interface Sent {
  to?: tl.TypeInputPeer;
  effect: tl.Long;
  scheduleDate?: number;
}

const send = (message: string, { to = alice.main.inputPeer(bob.id), ...values }: Sent) => alice.main.change({ _: 'messages.sendMessage', peer: to, message, randomId: randomLong(), ...values });

/** The effect of a message, as somebody has it. */
const effectOf = ({ main }: Actor, text: string): string => String((main.find(text)!.raw as { effect?: unknown }).effect);

test('the list of effects names documents that it has, and is not sent again to who has it', async () => {
  const { hash, effects, documents } = await listEffects();
  expect(effects.length).toBeGreaterThan(50);
  const types = new Map(documents.map((document) => (document._ === 'document' ? [String(document.id), document.mimeType] : ['', ''])));
  for (const { emoticon, staticIconId, effectStickerId, effectAnimationId } of effects) {
    expect(emoticon).not.toBe('');
    expect([staticIconId, effectStickerId, effectAnimationId].map((id) => types.get(String(id)))).toEqual(['image/webp', 'application/x-tgsticker', 'application/x-tgsticker']);
  }
  expect(new Set(effects.map(({ id }) => String(id))).size).toBe(effects.length);
  expect(await list(hash)).toEqual({ _: 'messages.availableEffectsNotModified' });
});

test('both people see the effect of a message, also after it was edited; a forward has none, or one of its own', async () => {
  const [first, second] = (await listEffects()).effects as [tl.RawAvailableEffect, tl.RawAvailableEffect];
  const [toBob, toSelf] = [alice.main.inputPeer(bob.id), { _: 'inputPeerSelf' } as const];
  await verifyUpdates([alice, bob], async () => {
    await send('with fire', { effect: first.id });
    await bob.sees('with fire');
    const { id } = alice.main.find('with fire')!;
    await alice.main.change({ _: 'messages.editMessage', peer: toBob, id, message: 'with more fire' });
    await bob.sees('with more fire');
    expect([effectOf(alice, 'with more fire'), effectOf(bob, 'with more fire')]).toEqual([String(first.id), String(first.id)]);
    await alice.main.change({ _: 'messages.forwardMessages', fromPeer: toBob, toPeer: toSelf, id: [id], randomId: [randomLong()] });
    await alice.main.change({ _: 'messages.forwardMessages', fromPeer: toBob, toPeer: toSelf, id: [id], randomId: [randomLong()], effect: second.id });
  });
  const saved = (await alice.main.loadHistory(alice.id)).map(({ raw }) => String((raw as { effect?: unknown }).effect));
  expect(saved).toEqual([String(second.id), 'undefined']);
});

test('a scheduled message keeps its effect, and one for a group or of an effect that does not exist is refused', async () => {
  const [{ id: effect }] = (await listEffects()).effects as [tl.RawAvailableEffect];
  const { updates } = (await send('later', { effect, scheduleDate: Math.floor(Date.now() / 1000) + 1000 })) as tl.RawUpdates;
  expect(updates.find(({ _ }) => _ === 'updateNewScheduledMessage')).toMatchObject({ message: { message: 'later', effect } });
  const { updates: made } = await alice.main.invite({ _: 'messages.createChat', users: [alice.main.inputUser(bob.id)], title: 'Choir' });
  const chatId = ((made as tl.RawUpdates).chats[0] as tl.RawChat).id;
  await expect(send('loud', { to: { _: 'inputPeerChat', chatId }, effect })).rejects.toThrow('EFFECT_CHAT_INVALID');
  await expect(send('new', { effect: Long.fromNumber(7) })).rejects.toThrow('EFFECT_ID_INVALID');
});
