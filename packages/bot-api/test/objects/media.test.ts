import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { projectMessages } from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';
import { createSource, document, peers, photo, text } from './object-world.ts';

/** The Message object of a message with these media, as JSON; undefined if bots are not shown it. */
async function shown(media: tl.MessageMedia, fields: Partial<tl.message> = {}, sets: ReadonlyMap<bigint, string> = new Map()): Promise<Record<string, unknown> | undefined> {
  const [object] = await projectMessages(createSource([], {}, sets), { messages: [text({ message: '', media, ...fields })], ...peers });
  if (object === undefined) return undefined;
  expect(checkObject('Message', object)).toEqual([]);
  return JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
}

const geo: tl.geoPoint = { _: 'geoPoint', lat: 52.5, long: 13.4, access_hash: 0n, accuracy_radius: 20 };
const video: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 12.7, w: 640, h: 480 };
const fileName: tl.documentAttributeFilename = { _: 'documentAttributeFilename', file_name: 'file.bin' };
const thumb: tl.photoSize = { _: 'photoSize', type: 'm', w: 320, h: 240, size: 700 };
const documentMedia = (mime: string, attributes: tl.DocumentAttribute[], thumbs?: tl.PhotoSize[]): tl.messageMediaDocument => ({ _: 'messageMediaDocument', document: document(mime, attributes, thumbs) });

describe('media of messages as objects of the Bot API', () => {
  it('lists the files of a photo, smallest first, with its caption', async () => {
    const object = await shown({ _: 'messageMediaPhoto', photo, spoiler: true }, { message: 'look', invert_media: true, grouped_id: 77n, entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] });
    expect(object).toMatchObject({
      photo: [
        { file_id: 'photo 50 m', file_unique_id: 'unique 50 m', width: 320, height: 240, file_size: 800 },
        { file_id: 'photo 50 y', file_unique_id: 'unique 50 y', width: 1280, height: 960, file_size: 9000 },
      ],
      caption: 'look',
      caption_entities: [{ type: 'bold', offset: 0, length: 4 }],
      has_media_spoiler: true,
      show_caption_above_media: true,
      media_group_id: '77',
    });
    expect(object).not.toHaveProperty('text');
  });

  it('shows a video with a thumbnail, also under its old name', async () => {
    const thumbnail = { file_id: 'thumbnail 60 m', file_unique_id: 'unique 60 m', width: 320, height: 240, file_size: 700 };
    expect(await shown(documentMedia('video/mp4', [video, fileName], [thumb]))).toMatchObject({
      video: { file_id: 'video 60', file_unique_id: 'unique 60', width: 640, height: 480, duration: 12, file_name: 'file.bin', mime_type: 'video/mp4', file_size: 5000, thumbnail, thumb: thumbnail },
    });
  });

  it('shows an animation also as a document', async () => {
    const object = await shown(documentMedia('video/mp4', [video, { _: 'documentAttributeAnimated' }]));
    expect(object).toMatchObject({ animation: { file_id: 'animation 60', width: 640 }, document: { file_id: 'animation 60', mime_type: 'video/mp4' } });
    expect(object).not.toHaveProperty('video');
  });

  it('tells voice messages, music, video messages and files apart', async () => {
    const audio = { _: 'documentAttributeAudio', duration: 3, title: 'Song', performer: 'Band' } as const;
    expect(await shown(documentMedia('audio/ogg', [{ ...audio, voice: true }]))).toMatchObject({ voice: { file_id: 'voice 60', duration: 3 } });
    expect(await shown(documentMedia('audio/mpeg', [audio]))).toMatchObject({ audio: { file_id: 'audio 60', duration: 3, title: 'Song', performer: 'Band' } });
    expect(await shown(documentMedia('video/mp4', [{ ...video, w: 240, h: 240, round_message: true }]))).toMatchObject({ video_note: { file_id: 'video_note 60', length: 240, duration: 12 } });
    expect(await shown(documentMedia('application/zip', [fileName]))).toMatchObject({ document: { file_id: 'document 60', file_name: 'file.bin' } });
  });

  it('shows a sticker with the name of its set, and without if the set is gone', async () => {
    const sticker = documentMedia('image/webp', [
      { _: 'documentAttributeImageSize', w: 512, h: 500 },
      { _: 'documentAttributeSticker', alt: '😀', stickerset: { _: 'inputStickerSetID', id: 3n, access_hash: 4n } },
    ]);
    expect(await shown(sticker, {}, new Map([[3n, 'faces']]))).toMatchObject({ sticker: { type: 'regular', width: 512, height: 500, is_animated: false, is_video: false, emoji: '😀', set_name: 'faces' } });
    const without = await shown(sticker);
    expect(without).toHaveProperty('sticker.emoji', '😀');
    expect(without).not.toHaveProperty('sticker.set_name');
  });

  it('shows places, live ones, and places that have a name', async () => {
    const location = { latitude: 52.5, longitude: 13.4, horizontal_accuracy: 20 };
    expect(await shown({ _: 'messageMediaGeo', geo })).toMatchObject({ location });
    expect(await shown({ _: 'messageMediaGeoLive', geo, period: 900, heading: 90, proximity_notification_radius: 100 })).toMatchObject({
      location: { ...location, live_period: 900, heading: 90, proximity_alert_radius: 100 },
    });
    expect(await shown({ _: 'messageMediaVenue', geo, title: 'Café', address: 'Main Street', provider: 'foursquare', venue_id: 'v1', venue_type: 'food' })).toMatchObject({
      location,
      venue: { location, title: 'Café', address: 'Main Street', foursquare_id: 'v1', foursquare_type: 'food' },
    });
  });

  it('shows contacts and dice', async () => {
    const contact = await shown({ _: 'messageMediaContact', phone_number: '15550001111', first_name: 'Bob', last_name: '', vcard: '', user_id: 6n });
    expect(contact?.['contact']).toEqual({ phone_number: '15550001111', first_name: 'Bob', user_id: 6 });
    expect(await shown({ _: 'messageMediaDice', emoticon: '🎲', value: 4 })).toMatchObject({ dice: { emoji: '🎲', value: 4 } });
  });

  it('shows checklists with who has done what', async () => {
    const words = (text: string, entities: tl.MessageEntity[] = []): tl.textWithEntities => ({ _: 'textWithEntities', text, entities });
    const list = [1, 2, 3].map((id): tl.todoItem => ({ _: 'todoItem', id, title: words(`Task ${id}`) }));
    const todo: tl.todoList = { _: 'todoList', others_can_complete: true, title: words('Camping', [{ _: 'messageEntityBold', offset: 0, length: 4 }]), list };
    const by = (id: number, completed_by: tl.Peer): tl.todoCompletion => ({ _: 'todoCompletion', id, completed_by, date: 900 + id });
    const object = await shown({ _: 'messageMediaToDo', todo, completions: [by(1, { _: 'peerUser', user_id: 6n }), by(3, { _: 'peerChannel', channel_id: 8n })] });
    expect(object).toMatchObject({
      checklist: {
        title: 'Camping',
        title_entities: [{ type: 'bold', offset: 0, length: 4 }],
        tasks: [{ id: 1, text: 'Task 1', completed_by_user: { id: 6, first_name: 'Bob' }, completion_date: 901 }, { id: 2, text: 'Task 2' }, { id: 3, completed_by_chat: { title: 'Village' }, completion_date: 903 }],
        others_can_mark_tasks_as_done: true,
      },
    });
    const { tasks, ...said } = object!['checklist'] as { tasks: object[] };
    expect(said).not.toHaveProperty('others_can_add_tasks');
    expect(tasks[1]).toEqual({ id: 2, text: 'Task 2' });
    const replied = await shown({ _: 'messageMediaEmpty' }, { message: 'this one', reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 9, todo_item_id: 2 } });
    expect(replied).toMatchObject({ text: 'this one', reply_to_checklist_task_id: 2 });
  });

  it('leaves out messages whose media it cannot show', async () => {
    expect(await shown({ _: 'messageMediaUnsupported' }, { message: 'Please update' })).toBeUndefined();
    expect(await shown({ _: 'messageMediaPhoto', ttl_seconds: 5 })).toBeUndefined();
  });
});
