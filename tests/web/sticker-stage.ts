import { Long, type tl } from '@mtcute/node';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import type { WebPerson, WebStage } from './stage.ts';

/** Sets that ship with the server. */
export const ANIMALS = 'AerogramAnimals';
export const FACES = 'AerogramFaces';
export const FACE_EMOJI = 'AerogramFaceEmoji';
/** Nobody has it at first. */
export const SIGN_EMOJI = 'AerogramSignEmoji';

export const named = (shortName: string): tl.TypeInputStickerSet => ({ _: 'inputStickerSetShortName', shortName });

/** A set with all that it has, as another client gets it. */
export async function loadSet({ main }: Actor, stickerset: tl.TypeInputStickerSet): Promise<tl.messages.RawStickerSet> {
  const set = await main.call({ _: 'messages.getStickerSet', stickerset, hash: 0 });
  if (set._ !== 'messages.stickerSet') throw new Error(set._);
  return set;
}

export const idsOf = ({ documents }: tl.messages.RawStickerSet): Long[] => documents.flatMap((each) => (each._ === 'document' ? [each.id] : []));

/** The names of the sets of stickers of an account. */
export async function installed({ main }: Actor): Promise<string[]> {
  const answer = await main.call({ _: 'messages.getAllStickers', hash: Long.ZERO });
  return answer._ === 'messages.allStickers' ? answer.sets.map(({ shortName }) => shortName) : [];
}

/** Makes an account have these sets of stickers, the first one on top, by another client. */
export async function have(actor: Actor, ...names: string[]): Promise<void> {
  for (const name of await installed(actor)) await actor.main.call({ _: 'messages.uninstallStickerSet', stickerset: named(name) });
  for (const name of names.toReversed()) await actor.main.call({ _: 'messages.installStickerSet', stickerset: named(name), archived: false });
  expect(await installed(actor)).toEqual(names);
}

let sent = 0;

/** Writes with another client. */
export async function write(actor: Actor, to: Actor, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<void> {
  await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(to.id), message, randomId: Long.fromNumber(++sent), ...more });
}

export const panel = ({ page }: WebPerson): Locator => page.getByRole('region', { name: 'Emoji, stickers and GIFs' });

/** Shows a tab of the panel. */
export async function openPanel(person: WebPerson, tab: string): Promise<void> {
  if (!(await panel(person).isVisible())) await person.page.getByRole('button', { name: 'Emoji', exact: true }).click();
  await panel(person).getByRole('tab', { name: tab, exact: true }).click();
}

export const picture = (canvas: Locator): Promise<string> => canvas.evaluate((element) => (element as unknown as { toDataURL(): string }).toDataURL());

/** The pictures of an animation are different ones after a moment. */
export async function expectMoving(canvas: Locator): Promise<void> {
  const before = await picture(canvas);
  await expect.poll(() => picture(canvas)).not.toBe(before);
}

/** Ann in the web client, with an open chat with Bob. */
export async function chat(stage: WebStage, size: 'desk' | 'phone' = 'desk'): Promise<[WebPerson, Actor]> {
  const [ann, bob] = [await stage.person('Ann', size), await stage.world.user('Bob')];
  await bob.meet(ann.actor);
  await bob.send(ann.actor, 'look');
  await ann.open(bob);
  return [ann, bob];
}
