import { expect, test } from 'vitest';

// JavaScript, because the check runs before anything is compiled; so its types are said here.
const path: string = '../../content-kinds.mjs';
const { findMixedKinds, listKinds } = (await import(path)) as {
  listKinds(text: string): { media: string[]; actions: string[] };
  findMixedKinds(sources: Map<string, string>, options: { tables: string[]; exceptions: Record<string, string> }): { file: string; message: string }[];
};

const TWO = "if (media._ === 'messageMediaPoll' || media._ === 'messageMediaToDo') return 1;";

const judge = (sources: Record<string, string>, tables: string[] = [], exceptions: Record<string, string> = {}): string[] =>
  findMixedKinds(new Map(Object.entries(sources)), { tables, exceptions }).map(({ file, message }) => `${file} ${message}`);

test('a file that names two kinds of media is reported, unless it is a table or an exception', () => {
  expect(judge({ 'a.ts': TWO })).toEqual(['a.ts names several kinds of content (Poll, ToDo): ask a table of tools/content-kinds.mjs']);
  expect(judge({ 'a.ts': TWO, 'b.ts': TWO }, ['a.ts'], { 'b.ts': 'a reason' })).toEqual([]);
});

test('an exception that is not needed any more is reported', () => {
  expect(judge({ 'a.ts': 'nothing' }, [], { 'a.ts': 'a reason' })).toEqual(['a.ts names no two kinds of content any more: take it out of CONTENT_EXCEPTIONS in tools/content-kinds.mjs']);
});

test('media and the inputs from which they are made are one kind, and so are link previews and empty media', () => {
  expect(listKinds("'messageMediaPhoto' 'inputMediaUploadedPhoto' 'inputMediaPhotoExternal' tl.inputMediaPhoto")).toEqual({ media: ['Photo'], actions: [] });
  expect(listKinds("'messageMediaWebPage' 'messageMediaEmpty'").media).toEqual(['WebPage']);
  expect(listKinds("'messageMediaGeo' 'inputMediaGeoPoint' 'messageMediaToDo' 'inputMediaTodo'").media).toEqual(['Geo', 'ToDo']);
});

test('names in comments and areas of stories do not count', () => {
  expect(listKinds("// messageMediaPoll\n/* messageMediaToDo */ 'inputMediaAreaVenue'").media).toEqual([]);
});

test('service messages may be written anywhere, but their kind is asked for in tables', () => {
  expect(listKinds("say({ _: 'messageActionPinMessage' }); say({ _: 'messageActionChatCreate', title })").actions).toEqual([]);
  expect(listKinds("if (action._ === 'messageActionPinMessage') return;\n    case 'messageActionChatCreate':\n  messageActionTopicEdit: x,").actions).toEqual(['PinMessage', 'ChatCreate', 'TopicEdit']);
});
