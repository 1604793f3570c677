import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import Long from 'long';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { FileRef, NewPoll, Poll } from '../src/protocol/index.ts';
import { findSource, type Places } from '../src/worker/files/find-source.ts';
import type { StoredFile } from '../src/worker/models/attached.ts';
import type { MessageRow } from '../src/worker/models/message.ts';
import { readChat } from '../src/worker/models/peer.ts';
import { readPoll, unsentPoll, writeAnswer, writePoll } from '../src/worker/models/poll.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { knownMedia } from '../src/worker/send/known-media.ts';
import { makeContext, rawUpdate } from './made.ts';

beforeAll(() => vi.stubGlobal('location', { hash: '', origin: '' }));

const BOB = 7;
const text = (value: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] });
const option = (at: number): Uint8Array => new TextEncoder().encode(String(at));

/** A photo of 100 pixels. @param reference by which the server knows from where it was read */
const photo = (id: number, reference = 1): tl.RawMessageMediaPhoto => ({
  _: 'messageMediaPhoto',
  photo: {
    _: 'photo',
    id: Long.fromNumber(id),
    accessHash: Long.fromNumber(id * 10),
    fileReference: Uint8Array.of(reference),
    date: 1,
    sizes: [{ _: 'photoSize', type: 'm', w: 100, h: 100, size: 999 }],
    dcId: 2,
  },
});
const place: tl.RawMessageMediaVenue = { _: 'messageMediaVenue', geo: { _: 'geoPoint', lat: 1, long: 2, accessHash: Long.ZERO }, title: 'Park', address: '', provider: '', venueId: '', venueType: '' };
const answers: tl.RawPollAnswer[] = [
  { _: 'pollAnswer', text: text('Here'), option: option(0), media: photo(2) },
  { _: 'pollAnswer', text: text('There'), option: option(1), media: place },
  { _: 'pollAnswer', text: text('Nowhere'), option: option(2), media: { _: 'messageMediaDice', emoticon: '🎲', value: 1 } },
];
const rawPoll = (values: Partial<tl.RawPoll> = {}): tl.RawPoll => ({ _: 'poll', id: Long.fromNumber(5), hash: Long.fromNumber(2), quiz: true, question: text('Where?'), answers, ...values });
const results = (values: Partial<tl.RawPollResults> = {}): tl.RawPollResults => ({ _: 'pollResults', totalVoters: 0, ...values });
const media = (reference = 1): tl.RawMessageMediaPoll => ({ _: 'messageMediaPoll', poll: rawPoll(), results: results(), attachedMedia: photo(1, reference) });

test('media of question and answers are read with where their files are, and those of other kinds are not shown', () => {
  const { poll, locations } = readPoll(media());
  expect(poll).toMatchObject({
    attached: { kind: 'photo', photo: { id: '1' } },
    answers: [{ media: { kind: 'photo', photo: { id: '2' } } }, { media: { kind: 'place', title: 'Park' } }, { media: { kind: 'unsupported' } }],
    solutionMedia: undefined,
  });
  expect(Object.keys(locations)).toEqual(['1', '2']);
});

describe('updates of polls with media', () => {
  const setUp = async (): Promise<{ take(update: Partial<tl.RawUpdateMessagePoll>): void; row(id: number): MessageRow; poll(id?: number): Poll; edit(again: tl.RawMessageMediaPoll): void }> => {
    const { store, context } = await makeContext();
    store.isShown = () => true;
    const message = (id: number, content: tl.TypeMessageMedia): tl.RawMessage => ({ _: 'message', id, peerId: { _: 'peerUser', userId: BOB }, date: 1, message: '', media: content });
    for (const id of [10, 11]) reduce(context, rawUpdate({ _: 'updateNewMessage', message: message(id, media(id)), pts: id, ptsCount: 1 }));
    const row = (id: number): MessageRow => store.message(BOB, id)!;
    return {
      take: (update) => reduce(context, rawUpdate({ _: 'updateMessagePoll', pollId: Long.fromNumber(5), peer: { _: 'peerUser', userId: BOB }, msgId: 10, results: results(), ...update })),
      edit: (again) => reduce(context, rawUpdate({ _: 'updateEditMessage', message: message(10, again), pts: 20, ptsCount: 1 })),
      row,
      poll: (id = 10) => {
        const found = row(id).media;
        if (found?.kind !== 'poll') throw new Error('no poll');
        return found.poll;
      },
    };
  };
  const voted = results({ results: [{ _: 'pollAnswerVoters', option: option(0), chosen: true, correct: true, voters: 1 }], totalVoters: 1, solutionMedia: photo(3, 10) });

  test('the picture of the solution comes with the vote, beside those that were there, and is not taken back by what everybody gets', async () => {
    const { take, poll, row, edit } = await setUp();
    take({ results: voted });
    for (const id of [10, 11]) {
      expect(poll(id)).toMatchObject({ attached: { photo: { id: '1' } }, answers: [{ isChosen: true, media: { photo: { id: '2' } } }, {}, {}], solution: undefined, solutionMedia: { photo: { id: '3' } } });
      expect(Object.keys(row(id).locations!)).toEqual(['1', '2', '3']);
    }
    take({ poll: rawPoll(), results: results({ min: true, totalVoters: 2 }) });
    edit({ ...media(), results: results({ min: true, totalVoters: 2 }) });
    expect(poll()).toMatchObject({ total: 2, attached: { photo: { id: '1' } }, solutionMedia: { photo: { id: '3' } } });
    expect(row(10).locations).toHaveProperty('3');
  });

  test('an update renews the file references of the message that it names, and leaves those of other messages alone', async () => {
    const { take, row } = await setUp();
    take({ poll: rawPoll({ answers: [{ ...answers[0]!, media: photo(2, 99) }] }) });
    expect([10, 11].map((id) => row(id).locations!['2']!.fileReference[0])).toEqual([99, 1]);
  });

  test('each file of a poll is found by its id, with its own length, and anew if its reference is too old', async () => {
    const { take, row } = await setUp();
    take({ results: voted });
    const asked: string[] = [];
    const note = (how: string) => (): Promise<MessageRow[]> => {
      asked.push(how);
      return Promise.resolve([row(10)]);
    };
    const places = { history: { get: note('kept'), reload: note('anew') } } as unknown as Places;
    const ref = (file: string): FileRef => ({ of: 'message', peer: BOB, message: 10, file, size: 'm' });
    for (const file of ['1', '2', '3']) expect(await findSource(places, ref(file))).toMatchObject({ bytes: 999, mime: 'image/jpeg', dc: 2, location: { id: Long.fromString(file), thumbSize: 'm' } });
    await findSource(places, ref('3'), true);
    expect(asked).toEqual(['kept', 'kept', 'kept', 'anew']);
    await expect(findSource(places, ref('4'))).rejects.toThrow('FILE_ID_INVALID');
  });
});

describe('a poll that is to be made', () => {
  const stored = (id: number): StoredFile => ({
    input: { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id: Long.fromNumber(id), accessHash: Long.ONE, fileReference: Uint8Array.of(1) } },
    media: { kind: 'photo', photo: { id: String(id), sizes: [] } },
    locations: { [id]: { kind: 'photo', id: String(id), accessHash: '1', fileReference: Uint8Array.of(1), dc: 2 } },
  });
  const files = new Map([['a', stored(1)], ['b', stored(2)], ['c', stored(3)]]);
  const find = (upload: string | undefined): StoredFile | undefined => files.get(upload ?? '');
  const made: NewPoll = { question: 'Where?', attached: 'a', answers: [{ text: 'Here', file: 'b' }, { text: 'There' }], correct: [0], solution: '', solutionFile: 'c', isPublic: false, isMultiple: false, isOpen: false, hidesResults: false };

  test('names its files to the server, also after it was in the database', () => {
    const written = writePoll(made, find);
    const named = (id: number): object => ({ _: 'inputMediaPhoto', id: { id: Long.fromNumber(id) } });
    expect(written).toMatchObject({ attachedMedia: named(1), solutionMedia: named(3), poll: { answers: [{ media: named(2) }, { media: undefined }] } });
    expect(knownMedia(structuredClone({ uploaded: written }) as unknown as MessageRow)).toEqual(written);
    expect(writeAnswer({ text: 'Here', file: 'b' }, find)).toMatchObject({ media: named(2) });
  });

  test('shows all but its solution while it is on its way', () => {
    const { poll, locations } = unsentPoll(made, find);
    expect(poll).toMatchObject({ attached: { photo: { id: '1' } }, answers: [{ media: { photo: { id: '2' } } }, { media: undefined }] });
    expect(poll.solutionMedia).toBeUndefined();
    expect(Object.keys(locations)).toEqual(['1', '2']);
  });
});

test('what a group forbids to send is no right of its members', () => {
  const group = (values: Partial<tl.RawChannel>): readonly string[] | undefined =>
    readChat({ _: 'channel', id: 1, title: 'x', photo: { _: 'chatPhotoEmpty' }, date: 0, megagroup: true, ...values }, undefined)?.rights.sends;
  const banned = { _: 'chatBannedRights', untilDate: 0, sendPhotos: true, sendPolls: true } as tl.RawChatBannedRights;
  expect(group({})).toEqual(['photo', 'video', 'gif', 'audio', 'file', 'poll']);
  expect(group({ defaultBannedRights: banned })).toEqual(['video', 'gif', 'audio', 'file']);
  expect(group({ bannedRights: { ...banned, sendMedia: true } })).toEqual([]);
  expect(group({ defaultBannedRights: banned, creator: true })).toContain('photo');
});
