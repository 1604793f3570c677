import { Readable } from 'node:stream';

import { addBody, type RequestContent } from '../http/read-body.ts';
import { readForm, type SaveUpload } from '../http/read-form.ts';

/** Methods whose result nobody would see, and those that would end the webhook that has just answered. */
const REFUSED = /^(get|(setwebhook|deletewebhook|close|logout)$)/;

/** The method that an answer of a webhook contains. */
export interface AnswerMethod extends RequestContent {
  /** In lower case. */
  name: string;
}

/**
 * Reads the method that a webhook wants to be called, from any form in which parameters come.
 * @param save takes a file of a form
 * @returns undefined if there is none, or one that cannot be called in this way
 * @throws BotError 400, 413; what `save` throws
 */
export async function readAnswerMethod(contentType: string, body: Uint8Array, save: SaveUpload): Promise<AnswerMethod | undefined> {
  const raw = new Map<string, unknown>();
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  let files: RequestContent['files'] = new Map();
  if (type === 'multipart/form-data') files = await readForm(Object.assign(Readable.from([body]), { headers: { 'content-type': contentType } }), raw, { save, charge: () => undefined });
  else await addBody(raw, type, Buffer.from(body));
  const method = raw.get('method');
  const name = typeof method === 'string' ? method.toLowerCase() : '';
  return name === '' || REFUSED.test(name) ? undefined : { name, raw, files };
}
