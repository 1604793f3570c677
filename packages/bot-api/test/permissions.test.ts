import { describe, expect, it } from 'vitest';

import { readInt32 } from '../src/params/int32.ts';
import { Params } from '../src/params/params.ts';
import { OLD_PERMISSION_PARAMS, readOldPermissions, readPermissions } from '../src/params/permissions.ts';

const paramsOf = (values: Record<string, unknown>): Params => new Params(new Map(Object.entries(values)));

/** The names of what the parameters forbid. */
function forbiddenBy(values: Record<string, unknown>): string[] {
  return namesOf(readPermissions(paramsOf(values)));
}

const namesOf = (rights: object): string[] => Object.entries(rights).flatMap(([name, value]) => (value === true ? [name] : [])).sort();

const MEDIA = ['send_audios', 'send_docs', 'send_photos', 'send_roundvideos', 'send_videos', 'send_voices'];
const OTHER = ['send_games', 'send_gifs', 'send_inline', 'send_stickers'];
const ABOUT_CHAT = ['change_info', 'edit_rank', 'invite_users', 'manage_topics', 'pin_messages'];
const EVERYTHING = [...MEDIA, ...OTHER, ...ABOUT_CHAT, 'embed_links', 'send_plain', 'send_polls', 'send_reactions'].sort();

const without = (...names: string[]): string[] => EVERYTHING.filter((name) => !names.includes(name));

describe('ChatPermissions', () => {
  it('forbids everything that is not allowed', () => {
    expect(forbiddenBy({ permissions: {} })).toEqual(EVERYTHING);
    expect(forbiddenBy({ permissions: '{"can_invite_users":true}' })).toEqual(without('invite_users'));
  });

  it('allows reactions with texts, and topics and tags with pins, unless it says otherwise', () => {
    expect(forbiddenBy({ permissions: { can_send_messages: true, can_pin_messages: true } })).toEqual(without('send_plain', 'send_reactions', 'pin_messages', 'manage_topics', 'edit_rank'));
    const exact = { can_send_messages: true, can_react_to_messages: false, can_pin_messages: true, can_manage_topics: false, can_edit_tag: false };
    expect(forbiddenBy({ permissions: exact })).toEqual(without('send_plain', 'pin_messages'));
  });

  it('lets stickers and previews include texts and files, and polls include texts', () => {
    const withMedia = without(...MEDIA, 'send_plain', 'send_reactions');
    expect(forbiddenBy({ permissions: { can_send_other_messages: true } })).toEqual(withMedia.filter((name) => !OTHER.includes(name)));
    expect(forbiddenBy({ permissions: { can_add_web_page_previews: true } })).toEqual(withMedia.filter((name) => name !== 'embed_links'));
    expect(forbiddenBy({ permissions: { can_send_polls: true } })).toEqual(without('send_polls', 'send_plain', 'send_reactions'));
  });

  it('includes nothing if the permissions are independent', () => {
    expect(forbiddenBy({ permissions: { can_send_other_messages: true }, use_independent_chat_permissions: true })).toEqual(without(...OTHER));
    expect(forbiddenBy({ permissions: { can_send_polls: true }, use_independent_chat_permissions: 'true' })).toEqual(without('send_polls'));
  });

  it('reads the old name of all kinds of files', () => {
    expect(forbiddenBy({ permissions: { can_send_media_messages: true } })).toEqual(without(...MEDIA, 'send_plain', 'send_reactions'));
  });

  it('says what is wrong with it', () => {
    expect(() => forbiddenBy({ permissions: '{' })).toThrow("Bad Request: can't parse permissions JSON object");
    expect(() => forbiddenBy({ permissions: '[]' })).toThrow('Bad Request: object expected as permissions');
    expect(() => forbiddenBy({ permissions: { can_send_messages: 'yes' } })).toThrow('Bad Request: can\'t parse chat permissions: Field "can_send_messages" must be of type Boolean');
  });
});

describe('the old parameters of restrictChatMember', () => {
  const old = (values: Record<string, unknown>, now?: Parameters<typeof readOldPermissions>[1]): string[] | undefined => {
    const rights = readOldPermissions(paramsOf(values), now);
    return rights && namesOf(rights);
  };

  it('are not read if none is given', () => {
    expect(old({})).toBeUndefined();
  });

  it('end all restrictions if all of them allow', () => {
    expect(old(Object.fromEntries(OLD_PERMISSION_PARAMS.map((name) => [name, true])))).toEqual([]);
  });

  it('forbid what they do not allow', () => {
    expect(old({ can_send_messages: 'true' })).toEqual(without('send_plain', 'send_reactions'));
    expect(old({ can_send_media_messages: 'true' })).toEqual(without(...MEDIA, 'send_plain', 'send_reactions'));
  });

  it('leave alone what they have no name for', () => {
    const now = { _: 'chatBannedRights', until_date: 0, pin_messages: true } as const;
    expect(old({ can_send_messages: true }, now)).toEqual(without('send_plain', 'send_reactions', 'send_polls', 'change_info', 'invite_users'));
  });
});

describe('integers of 32 bits', () => {
  it('are the nearest possible ones, or 0', () => {
    const read = (until_date: unknown): number => readInt32(paramsOf({ until_date }), 'until_date');
    expect([1_700_000_000, '60', 2 ** 40, -(2 ** 40), 'soon', undefined].map(read)).toEqual([1_700_000_000, 60, 2 ** 31 - 1, -(2 ** 31), 0, 0]);
  });
});
