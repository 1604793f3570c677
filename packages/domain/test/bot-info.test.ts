import { describe, expect, test } from 'vitest';

import { checkedCommands, checkedTexts, checkLangCode, langCodeOf } from '../src/bot-info/check-info.ts';
import { type BotViewer, type CommandPlace, CommandScope, EVERYWHERE, pickList, placesOf } from '../src/bot-info/command-scope.ts';

const GROUP = -7n;
const inPrivate: BotViewer = { userId: 5n, langCode: 'de' };
const asMember: BotViewer = { ...inPrivate, chat: { peerId: GROUP, isAdmin: false } };
const asAdmin: BotViewer = { ...inPrivate, chat: { peerId: GROUP, isAdmin: true } };

const list = (place: CommandPlace, lang_code = ''): { scope: number; peer_id: bigint; user_id: bigint; lang_code: string } => ({ scope: place.scope, peer_id: place.peerId, user_id: place.userId, lang_code });
const at = (scope: keyof typeof CommandScope, peerId = 0n, userId = 0n): CommandPlace => ({ scope: CommandScope[scope], peerId, userId });

describe('the list of commands that counts', () => {
  test.each([
    ['a private chat', inPrivate, [at('peer', 5n), at('users'), EVERYWHERE]],
    ['a group, for a member', asMember, [at('peerUser', GROUP, 5n), at('peer', GROUP), at('chats'), EVERYWHERE]],
    ['a group, for an admin', asAdmin, [at('peerUser', GROUP, 5n), at('peerAdmins', GROUP), at('peer', GROUP), at('chatAdmins'), at('chats'), EVERYWHERE]],
  ])('is that of the narrowest place: %s', (_, viewer, places) => {
    expect(placesOf(viewer)).toEqual(places);
    for (let from = 0; from < places.length; from++) expect(pickList(places.slice(from).map((place) => list(place)), viewer)).toEqual(list(places[from]!));
  });

  test('is in the language of the viewer if the narrowest place has one, and in none otherwise', () => {
    const plain = list(at('users'));
    expect(pickList([plain, list(at('users'), 'de'), list(at('users'), 'fr')], inPrivate)).toEqual(list(at('users'), 'de'));
    expect(pickList([plain, list(EVERYWHERE, 'de')], inPrivate)).toEqual(plain);
    expect(pickList([list(at('users'), 'fr'), list(EVERYWHERE)], inPrivate)).toEqual(list(EVERYWHERE));
    expect(pickList([list(at('peer', 6n)), list(at('chats'))], inPrivate)).toBeUndefined();
  });
});

describe('what bots say of themselves', () => {
  test('is rebuilt, and refused if it is too long', () => {
    expect(checkedCommands([{ _: 'botCommand', command: 'help_2', description: ' shows\nhelp ' }])).toEqual([{ _: 'botCommand', command: 'help_2', description: 'shows help' }]);
    for (const command of ['', 'Help', 'a b', '/help', 'x'.repeat(33), 'hé']) expect(() => checkedCommands([{ _: 'botCommand', command, description: 'x' }])).toThrow('BOT_COMMAND_INVALID');
    expect(() => checkedCommands([{ _: 'botCommand', ephemeral: true, command: 'help', description: 'x' }])).toThrow('BOT_COMMAND_INVALID');
    expect(checkedTexts({ about: 'a\nb', description: ' a\nb ' })).toEqual({ about: 'a b', description: 'a\nb' });
    expect(() => checkedTexts({ description: 'x'.repeat(513) })).toThrow('INPUT_TEXT_TOO_LONG');
  });

  test('is in a language of two letters', () => {
    for (const code of ['', 'de']) expect(() => checkLangCode(code)).not.toThrow();
    for (const code of ['d', 'deu', 'DE', 'de-at', 'de\n']) expect(() => checkLangCode(code)).toThrow('LANG_CODE_INVALID');
    expect(['pt-br', 'zh-hans', 'EN', 'fil', '', undefined].map(langCodeOf)).toEqual(['pt', 'zh', 'en', '', '', '']);
  });
});
