import type { tl } from '@aerogram/tl';
import { expect, it } from 'vitest';

import { plainAction, plainMedia } from '../src/state/plain-content.ts';

const photo = (more: Partial<tl.photo> = {}): tl.photo => ({ _: 'photo', id: 1n, access_hash: 2n, file_reference: new Uint8Array([7, 8, 9]), date: 1, sizes: [], dc_id: 1, ...more });
const video: tl.document = { _: 'document', id: 3n, access_hash: 4n, file_reference: new Uint8Array([5, 6]), date: 1, mime_type: 'video/mp4', size: 1n, dc_id: 1, attributes: [] };

it('compares the cover of a video by the kind of its reference, which changes with the hour', () => {
  expect(plainMedia(1, { _: 'messageMediaDocument', document: video, video_cover: photo() })).toMatchObject({ document: { file_reference: new Uint8Array([5]) }, video_cover: { file_reference: new Uint8Array([7]) } });
});

it('complains of a cover that a client could not load', () => {
  expect(() => plainMedia(1, { _: 'messageMediaDocument', document: video, video_cover: photo({ access_hash: 0n }) })).toThrow('message 1 has a photo that cannot be loaded');
});

it('complains of a photo of somebody whom a bot was given that the bot could not load', () => {
  const action = (shown: tl.photo): tl.MessageAction => ({ _: 'messageActionRequestedPeerSentMe', button_id: 1, peers: [{ _: 'requestedPeerUser', user_id: 1n, photo: shown }] });
  expect(plainAction(1, action(photo()))).toMatchObject({ peers: [{ photo: { file_reference: new Uint8Array([7]) } }] });
  expect(() => plainAction(1, action(photo({ file_reference: new Uint8Array() })))).toThrow('message 1 has a photo');
});
