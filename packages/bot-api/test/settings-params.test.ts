import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import type { Invoke } from '../src/bot-call.ts';
import { accessScope } from '../src/params/command-scope.ts';
import { readCommands } from '../src/params/commands.ts';
import { projectMenuButton, readButtonPerson, readMenuButton } from '../src/params/menu-button.ts';
import { Params, type UploadedFile } from '../src/params/params.ts';
import { readProfilePhoto } from '../src/params/profile-photo.ts';
import { readQueryId } from '../src/params/query-id.ts';
import { readReactions } from '../src/params/reactions.ts';

const paramsOf = (raw: Record<string, unknown>, files: Record<string, UploadedFile> = {}): Params => new Params(new Map(Object.entries(raw)), new Map(Object.entries(files)));

const refusal = async (action: () => unknown): Promise<string> => {
  try {
    await action();
  } catch (error) {
    return (error as Error).message.replace('Bad Request: ', '');
  }
  return 'not refused';
};

describe('commands', () => {
  const commands = (value: unknown) => readCommands(paramsOf({ commands: value }));

  test('are read from JSON, with or without their slash; none deletes them', () => {
    const expected: tl.botCommand[] = [{ _: 'botCommand', command: 'help', description: 'Shows help' }];
    expect(commands([{ command: 'help', description: 'Shows help' }])).toEqual(expected);
    expect(commands('[{"command":"/help","description":"Shows help"}]')).toEqual(expected);
    expect(commands(undefined)).toEqual([]);
  });

  test('that only one member would see the answer of are for the server to refuse', () => {
    expect(commands([{ command: 'help', description: 'x', is_ephemeral: true }])).toMatchObject([{ ephemeral: true }]);
  });

  test.each([
    ['[', "can't parse commands JSON object"],
    [{}, 'expected an Array of BotCommand'],
    [['help'], "can't parse BotCommand: expected an Object"],
    [[{ description: 'x' }], 'can\'t parse BotCommand: Can\'t find field "command"'],
    [[{ command: '/', description: 'x' }], 'command must be non-empty'],
    [[{ command: 'x', description: ' ' }], 'command description must be non-empty'],
    [[{ command: 'x'.repeat(33), description: 'x' }], 'command length must not exceed 32'],
    [[{ command: 'x', description: 'x'.repeat(257) }], 'command description length must not exceed 256'],
    [[{ command: 'x', description: {} }], 'can\'t parse BotCommand: Field "description" must be of type String'],
  ])('%j is refused', async (value, error) => {
    expect(await refusal(() => commands(value))).toBe(error);
  });
});

describe('the chats that commands are for', () => {
  const invoke: Invoke = () => Promise.reject(new Error('nothing is asked'));
  const scope = (value: unknown) => accessScope({ invoke }, paramsOf({ scope: value }));

  test.each<[unknown, tl.BotCommandScope]>([
    [undefined, { _: 'botCommandScopeDefault' }],
    [{ type: 'default' }, { _: 'botCommandScopeDefault' }],
    [{ type: 'all_private_chats' }, { _: 'botCommandScopeUsers' }],
    [{ type: 'all_group_chats' }, { _: 'botCommandScopeChats' }],
    [{ type: 'all_chat_administrators' }, { _: 'botCommandScopeChatAdmins' }],
    [{ type: 'chat', chat_id: 5 }, { _: 'botCommandScopePeer', peer: { _: 'inputPeerUser', user_id: 5n, access_hash: 0n } }],
    [{ type: 'chat_administrators', chat_id: '-7' }, { _: 'botCommandScopePeerAdmins', peer: { _: 'inputPeerChat', chat_id: 7n } }],
    [
      { type: 'chat_member', chat_id: -1_000_000_000_009, user_id: 5 },
      { _: 'botCommandScopePeerUser', peer: { _: 'inputPeerChannel', channel_id: 9n, access_hash: 0n }, user_id: { _: 'inputUser', user_id: 5n, access_hash: 0n } },
    ],
  ])('%j', async (value, expected) => {
    expect(await scope(value)).toEqual(expected);
  });

  test.each([
    ['{', "can't parse BotCommandScope JSON object"],
    ['"chat"', "can't parse BotCommandScope: BotCommandScope must be an Object"],
    [{}, 'can\'t parse BotCommandScope: Can\'t find field "type"'],
    [{ type: 'everywhere' }, "can't parse BotCommandScope: Unsupported type specified"],
    [{ type: 'chat' }, 'can\'t parse BotCommandScope: Can\'t find field "chat_id"'],
    [{ type: 'chat', chat_id: '' }, "can't parse BotCommandScope: Empty chat_id specified"],
    [{ type: 'chat_member', chat_id: -7, user_id: -5 }, "can't parse BotCommandScope: Invalid user_id specified"],
    [{ type: 'chat', chat_id: 'nobody' }, 'chat not found'],
    [{ type: 'chat_administrators', chat_id: 5 }, "can't use specified scope in private chats"],
    [{ type: 'chat_member', chat_id: 5, user_id: 5 }, "can't use specified scope in private chats"],
  ])('%j is refused', async (value, error) => {
    expect(await refusal(() => scope(value))).toBe(error);
  });
});

describe('the button beside the text field', () => {
  const button = (value: unknown) => readMenuButton(paramsOf({ menu_button: value }));

  test.each<[unknown, tl.BotMenuButton]>([
    [undefined, { _: 'botMenuButtonDefault' }],
    [{ type: 'default' }, { _: 'botMenuButtonDefault' }],
    [{ type: 'commands' }, { _: 'botMenuButtonCommands' }],
    [{ type: 'web_app', text: 'Open', web_app: { url: 'https://example.org/' } }, { _: 'botMenuButton', text: 'Open', url: 'https://example.org/' }],
  ])('%j is read, and shown as it was written', (value, expected) => {
    expect(button(value)).toEqual(expected);
    expect(projectMenuButton(expected)).toEqual(value ?? { type: 'default' });
  });

  test.each([
    ['{', "can't parse menu button JSON object"],
    [[], "can't parse menu button: MenuButton must be an Object"],
    [{ type: 'red' }, "can't parse menu button: MenuButton has unsupported type"],
    [{ type: 'web_app', text: 'Open' }, 'can\'t parse menu button: Can\'t find field "web_app"'],
  ])('%j is refused', async (value, error) => {
    expect(await refusal(() => button(value))).toBe(error);
  });

  test('is for everybody, or for one person', async () => {
    expect(readButtonPerson(paramsOf({}))).toEqual({ _: 'inputUserEmpty' });
    expect(readButtonPerson(paramsOf({ chat_id: '5' }))).toEqual({ _: 'inputUser', user_id: 5n, access_hash: 0n });
    expect(await refusal(() => readButtonPerson(paramsOf({ chat_id: -5 })))).toBe('invalid chat_id specified');
  });
});

describe('a profile photo', () => {
  const file: tl.inputFile = { _: 'inputFile', id: 1n, parts: 1, name: 'p', md5_checksum: '' };
  const photo = (value: unknown) => readProfilePhoto(paramsOf({ photo: value }, { picture: { file, name: 'p', mimeType: '', size: 1 } }));

  test('comes with the request', () => {
    expect(photo({ type: 'static', photo: 'attach://picture' })).toEqual({ file });
    expect(photo('{"type":"animated","animation":"attach://picture","main_frame_timestamp":1.5}')).toEqual({ video: file, video_start_ts: 1.5 });
  });

  test.each([
    [undefined, "photo isn't specified"],
    ['{', "can't parse photo JSON object"],
    [[], 'object expected as profile photo'],
    [{ type: 'painted' }, 'invalid profile photo type specified'],
    [{ type: 'static', photo: 'attach://nothing' }, 'photo must be uploaded as a file'],
    [{ type: 'static', photo: 'https://example.org/p.jpg' }, 'photo must be uploaded as a file'],
  ])('%j is refused', async (value, error) => {
    expect(await refusal(() => photo(value))).toBe(error);
  });
});

describe('reactions', () => {
  const reactions = (value: unknown) => readReactions(paramsOf({ reaction: value }));

  test('are emoji, custom emoji or paid ones; none takes them away', () => {
    expect(reactions([{ type: 'emoji', emoji: '👍' }, { type: 'custom_emoji', custom_emoji_id: '5269590556232664327' }, { type: 'paid' }])).toEqual([
      { _: 'reactionEmoji', emoticon: '👍' }, { _: 'reactionCustomEmoji', document_id: 5_269_590_556_232_664_327n }, { _: 'reactionPaid' },
    ]);
    expect(reactions(undefined)).toEqual([]);
  });

  test.each([
    ['[', "can't parse reaction types JSON object"],
    [{ type: 'emoji' }, 'expected an Array of ReactionType'],
    [['👍'], "can't parse ReactionType: expected an Object"],
    [[{ type: 'wave' }], "can't parse ReactionType: invalid reaction type specified"],
    [[{ type: 'custom_emoji', custom_emoji_id: '9223372036854775808' }], "can't parse ReactionType: invalid custom emoji identifier specified"],
  ])('%j is refused', async (value, error) => {
    expect(await refusal(() => reactions(value))).toBe(error);
  });
});

test('the id of a query is a signed number of 64 bits; what is none is 0', () => {
  const id = (value: unknown) => readQueryId(paramsOf({ id: value }), 'id');
  expect([id('123'), id('-9223372036854775808'), id('9223372036854775808'), id('abc'), id('')]).toEqual([123n, -(2n ** 63n), 0n, 0n, 0n]);
});
