// What clients of older layers get about wallpapers and suggested photos: an object that their layer has, or nothing, and the rest of the packet in any case.
import { LAYERS } from '@aerogram/tl-codegen';
import { codecFor } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

const OLDER = LAYERS.slice(1);

/** The first known layers with suggested photos, with wallpapers of chats, and with the emoji of a theme in the settings. */
const SUGGESTED_SINCE = 152;
const CHAT_WALLPAPER_SINCE = 181;

const alice: tl.peerUser = { _: 'peerUser', user_id: 7n };
const document: tl.document = { _: 'document', id: 3n, access_hash: 4n, file_reference: new Uint8Array([1]), date: 1, mime_type: 'image/jpeg', size: 5n, dc_id: 2, attributes: [] };
const picture: tl.wallPaper = {
  _: 'wallPaper', id: 1n, creator: true, pattern: true, access_hash: 2n, slug: 'abc', document,
  settings: { _: 'wallPaperSettings', blur: true, motion: true, background_color: 1, second_background_color: 2, third_background_color: 3, fourth_background_color: 4, intensity: -5, rotation: 45, emoticon: '🏔' },
};
const fill: tl.wallPaperNoFile = { _: 'wallPaperNoFile', id: 0n, settings: { _: 'wallPaperSettings', background_color: 1 } };
const photo: tl.photo = { _: 'photo', id: 9n, access_hash: 4n, file_reference: new Uint8Array([1]), date: 1, sizes: [], dc_id: 2 };
const after: tl.updateConfig = { _: 'updateConfig' };

/** Reads an object with nothing but the schema of a layer, to its last byte: an unknown constructor throws. */
function readAt(layer: number, bytes: Uint8Array): Record<string, unknown> {
  const reader = new SchemaReader(loadSchema(layer), bytes);
  const value = reader.boxed();
  expect(reader.left).toBe(0);
  return { ...value };
}

/** The updates that a client of a layer reads in a packet. */
function updatesAt(layer: number, ...updates: tl.Update[]): Record<string, unknown>[] {
  const packet: tl.updates = { _: 'updates', updates, users: [], chats: [], date: 2, seq: 0 };
  return readAt(layer, codecFor(layer).encode(packet))['updates'] as Record<string, unknown>[];
}

/** What a client of a layer reads of a service message. */
function actionAt(layer: number, action: tl.MessageAction): unknown {
  const message: tl.messageService = { _: 'messageService', id: 3, from_id: alice, peer_id: alice, date: 2, action };
  const [update, config] = updatesAt(layer, { _: 'updateNewMessage', message, pts: 4, pts_count: 1 }, after);
  expect(config).toMatchObject(after);
  return (update!['message'] as Record<string, unknown>)['action'];
}

describe.each(OLDER)('in layer %i', (layer) => {
  it.each([picture, fill])('a list of wallpapers has $_ with the settings that the layer has', (wallpaper) => {
    const bytes = codecFor(layer).encodeResult('account.getWallPapers', { _: 'account.wallPapers', hash: 1n, wallpapers: [wallpaper, fill] });
    const { emoticon, ...known } = wallpaper.settings as tl.wallPaperSettings;
    const [shown, next] = readAt(layer, bytes)['wallpapers'] as Record<string, unknown>[];
    expect(shown).toMatchObject({ _: wallpaper._, id: wallpaper.id, settings: layer < CHAT_WALLPAPER_SINCE || emoticon === undefined ? known : { ...known, emoticon } });
    expect(next).toMatchObject({ _: 'wallPaperNoFile', id: 0n });
  });

  it.each([picture, fill])('a service message about a wallpaper of a chat shows $_, or an empty action', (wallpaper) => {
    const action: tl.messageActionSetChatWallPaper = { _: 'messageActionSetChatWallPaper', same: true, for_both: true, wallpaper };
    const isThere = layer >= CHAT_WALLPAPER_SINCE;
    expect(actionAt(layer, action)).toMatchObject(isThere ? { _: 'messageActionSetChatWallPaper', same: true, for_both: true, wallpaper: { _: wallpaper._, id: wallpaper.id } } : { _: 'messageActionEmpty' });
  });

  it('a service message with a suggested photo shows it, or an empty action', () => {
    const isThere = layer >= SUGGESTED_SINCE;
    expect(actionAt(layer, { _: 'messageActionSuggestProfilePhoto', photo })).toMatchObject(isThere ? { _: 'messageActionSuggestProfilePhoto', photo: { id: 9n } } : { _: 'messageActionEmpty' });
  });

  it('an update about the wallpaper of a chat comes, or is left out without the others', () => {
    const updates = updatesAt(layer, { _: 'updatePeerWallpaper', peer: alice, wallpaper_overridden: true, wallpaper: picture }, { _: 'updatePeerWallpaper', peer: alice }, after);
    const isThere = layer >= CHAT_WALLPAPER_SINCE;
    expect(updates.map(({ _ }) => _)).toEqual([...(isThere ? ['updatePeerWallpaper', 'updatePeerWallpaper'] : []), 'updateConfig']);
    if (isThere) expect(updates[0]).toMatchObject({ wallpaper_overridden: true, wallpaper: { id: 1n, slug: 'abc', pattern: true } });
  });
});

it('no known layer has the form of the action in which it says by another name that the wallpaper is the same', () => {
  // It was in layers 158 to 166, whose clients are served in the form of 152, where the action is empty.
  for (const layer of LAYERS) expect(loadSchema(layer).byName.has('messageActionSetSameChatWallPaper')).toBe(false);
});
