import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(async () => {
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  await alice.meet(bob);
  await alice.send(bob, 'hi');
  await bob.sees('hi');
});

const SEA: tl.TypeInputChatTheme = { _: 'inputChatTheme', emoticon: '🌊' };
const NONE: tl.TypeInputChatTheme = { _: 'inputChatThemeEmpty' };
const set = (actor: Actor, other: Actor, theme: tl.TypeInputChatTheme) => actor.main.change({ _: 'messages.setChatTheme', peer: actor.main.inputPeer(other.id), theme });
const fails = async (actor: Actor, peer: tl.TypeInputPeer, theme: tl.TypeInputChatTheme) => (await actor.main.fails({ _: 'messages.setChatTheme', peer, theme })).text;

/** The theme of a chat as somebody's profile of the other one shows it. */
async function shown(actor: Actor, other: Actor): Promise<string | undefined> {
  const { fullUser } = await actor.main.call({ _: 'users.getFullUser', id: actor.main.inputUser(other.id) });
  return fullUser.theme?._ === 'chatTheme' ? fullUser.theme.emoticon : undefined;
}

/** The themes of which the service messages of a chat tell, newest first. */
async function told(actor: Actor, other: Actor): Promise<string[]> {
  const history = await actor.main.call({ _: 'messages.getHistory', peer: actor.main.inputPeer(other.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: Long.ZERO });
  if (history._ === 'messages.messagesNotModified') return [];
  return history.messages.flatMap((message) => (message._ === 'messageService' && message.action._ === 'messageActionSetChatTheme' && message.action.theme._ === 'chatTheme' ? [message.action.theme.emoticon] : []));
}

test('a theme is seen by both, on all devices, until one of them takes it away', async () => {
  await alice.device();
  await verifyUpdates([alice, bob], async () => {
    await set(alice, bob, SEA);
    expect([await shown(alice, bob), await shown(bob, alice)]).toEqual(['🌊', '🌊']);
    // A call that is repeated after its answer was lost adds nothing.
    await set(alice, bob, SEA);
    await set(bob, alice, { _: 'inputChatTheme', emoticon: '⛄\uFE0F' });
    expect([await shown(alice, bob), await shown(bob, alice)]).toEqual(['⛄', '⛄']);
    await set(bob, alice, NONE);
    await set(bob, alice, NONE);
  });
  expect([await shown(alice, bob), await shown(bob, alice)]).toEqual([undefined, undefined]);
  expect([await told(alice, bob), await told(bob, alice)]).toEqual([['', '⛄', '🌊'], ['', '⛄', '🌊']]);
});

test('a theme stays when a wallpaper comes and goes, and the other way round', async () => {
  const peer = alice.main.inputPeer(bob.id);
  await set(alice, bob, SEA);
  await alice.main.change({ _: 'messages.setChatWallPaper', peer, wallpaper: { _: 'inputWallPaperNoFile', id: Long.ZERO }, settings: { _: 'wallPaperSettings', backgroundColor: 0x204080 } });
  await alice.main.change({ _: 'messages.setChatWallPaper', peer });
  expect(await shown(alice, bob)).toBe('🌊');
  await alice.main.change({ _: 'messages.setChatWallPaper', peer, wallpaper: { _: 'inputWallPaperNoFile', id: Long.ZERO }, settings: { _: 'wallPaperSettings', backgroundColor: 0x204080 } });
  await set(bob, alice, NONE);
  const { fullUser } = await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) });
  expect([fullUser.theme, fullUser.wallpaper?.settings?.backgroundColor]).toEqual([undefined, 0x204080]);
});

test('only themes that there are, in private chats, and not against the will of the other one', async () => {
  const peer = alice.main.inputPeer(bob.id);
  expect(await fails(alice, peer, { _: 'inputChatTheme', emoticon: '🙂' })).toBe('EMOJI_INVALID');
  expect(await fails(alice, peer, { _: 'inputChatThemeUniqueGift', slug: 'a' })).toBe('EMOJI_INVALID');
  expect(await fails(alice, { _: 'inputPeerSelf' }, SEA)).toBe('PEER_ID_INVALID');
  // Whoever is blocked does not learn of it, and changes nothing for the other one.
  await bob.main.change({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
  await set(alice, bob, SEA);
  expect([await shown(alice, bob), await shown(bob, alice), await told(bob, alice)]).toEqual(['🌊', undefined, []]);
  expect(await fails(bob, bob.main.inputPeer(alice.id), SEA)).toBe('YOU_BLOCKED_USER');
});

test('the list of themes is told once', async () => {
  const list = await alice.main.call({ _: 'account.getChatThemes', hash: Long.ZERO });
  if (list._ !== 'account.themes') throw new Error(list._);
  expect(list.themes.map(({ emoticon, settings }) => [emoticon, settings?.length])).toContainEqual(['🌊', 2]);
  expect(await alice.main.call({ _: 'account.getChatThemes', hash: list.hash })).toEqual({ _: 'account.themesNotModified' });
});
