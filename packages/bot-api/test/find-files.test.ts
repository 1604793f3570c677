import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { findFiles } from '../src/inline/find-files.ts';
import type { CachedResult } from '../src/inline/read-results.ts';

type FileCall = Parameters<typeof findFiles>[0];

const rest = { access_hash: 1n, file_reference: new Uint8Array() };
const photo: tl.inputPhoto = { _: 'inputPhoto', id: 1n, ...rest };
const document: tl.inputDocument = { _: 'inputDocument', id: 2n, ...rest };

/** A bot that was given a photo and a video. */
const call = {
  botId: 5n,
  fileIds: { read: (fileId: string) => ({ 'the-photo': { kind: 'photo', id: 1n }, 'the-video': { kind: 'video', id: 2n } })[fileId] },
  domain: { botFiles: { doUse: (botId: bigint, id: bigint) => Promise.resolve(botId !== 5n ? undefined : id === 1n ? { kind: 'photo', id: photo } : { kind: 'document', id: document }) } },
} as unknown as FileCall;

const send_message: tl.inputBotInlineMessageMediaAuto = { _: 'inputBotInlineMessageMediaAuto', message: 'words' };
const cached = (type: CachedResult['type'], fileId: string): CachedResult => ({ _: 'cached', id: 'r', type, title: 'Title', fileId, send_message });

test('results with the file_id of a photo or of another file become results with that file', async () => {
  const article: tl.inputBotInlineResult = { _: 'inputBotInlineResult', id: 'a', type: 'article', title: 'A', send_message };
  expect(await findFiles(call, [cached('photo', 'the-photo'), article, cached('video', 'the-video')])).toEqual([
    { _: 'inputBotInlineResultPhoto', id: 'r', type: 'photo', photo, send_message },
    article,
    { _: 'inputBotInlineResultDocument', id: 'r', type: 'video', title: 'Title', document, send_message },
  ]);
});

test('a file_id of another kind, or that the bot was not given, is refused', async () => {
  await expect(findFiles(call, [cached('photo', 'the-video')])).rejects.toThrow("can't use file of type Video as Photo");
  await expect(findFiles(call, [cached('gif', 'the-photo')])).rejects.toThrow("can't use file of type Photo as Animation");
  await expect(findFiles(call, [cached('video', 'another')])).rejects.toThrow('wrong remote file identifier specified');
});
