import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { callMethod } from '../people/call.ts';
import { findChat } from '../people/find-chat.ts';
import { download, upload } from '../people/upload.ts';
import { base64Field, idField, inChat, messageField } from './fields.ts';

const uploadFile = defineOperation({
  name: 'people.upload',
  summary: 'Uploads a file, for one message or several.',
  params: z.strictObject({ person: idField, name: z.string().max(255), base64: base64Field }),
  result: z.object({ file: z.string().describe('For media.file of people.send.') }),
  async run({ set }, { person, ...file }) {
    return { file: await upload(set.person(person), file) };
  },
});

const downloadFile = defineOperation({
  name: 'people.download',
  summary: 'Downloads the file of a message.',
  params: z.strictObject({ ...inChat, id: messageField }),
  result: z.object({ name: z.string().optional(), base64: z.string() }),
  async run({ set }, { person: personId, chat, id }) {
    const person = set.person(personId);
    return download(person, await findChat(person, chat), id);
  },
});

const call = defineOperation({
  name: 'people.call',
  summary: 'Calls any method of the MTProto API as a person, for what no other operation does.',
  params: z.strictObject({ person: idField, request: z.looseObject({ _: z.string().max(100).describe('Name of the method.') }).describe('The parameters: longs as decimal texts, bytes as base64.') }),
  result: z.object({ answer: z.unknown() }),
  async run({ set }, { person, request }) {
    return { answer: await callMethod(set.person(person), request) };
  },
});

export const FILE_OPERATIONS = [uploadFile, downloadFile, call];
