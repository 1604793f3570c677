import { z } from 'zod';

/** The id of a person or bot. */
export const idField = z.string().regex(/^\d{1,18}$/);
/** A chat as tests name it. */
export const chatField = z.string().min(1).max(64).describe('@username, a marked id, or "me".');
/** The id of a message in a chat. */
export const messageField = z.int().min(1).max(2 ** 31 - 1);
/** A text to send. The server has its own, smaller limit. */
export const textField = z.string().max(16_384);
/** How long to wait, in milliseconds. */
export const timeoutField = z.int().min(0).max(60_000).default(5000).describe('How long to wait, in milliseconds.');
/** What an operation answers that has nothing to say. */
export const nothing = z.strictObject({});
/** A person and a chat of it. */
export const inChat = { person: idField, chat: chatField };
/** The bytes of a file. */
export const base64Field = z.string().max(64 * 1024 * 1024).regex(/^[A-Za-z0-9+/]*={0,2}$/);
