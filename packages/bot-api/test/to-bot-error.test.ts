import { ERROR_CODES, type ErrorName, RpcError } from '@aerogram/errors';
import { describe, expect, it } from 'vitest';

import { BotError, badRequest } from '../src/bot-error.ts';
import { toBotError } from '../src/to-bot-error.ts';

/** Texts as clients know them: a sentence that begins with a small letter, or the name of an error. */
const TEXT = /^(Bad Request|Unauthorized|Forbidden|Not Found|Too Many Requests|Internal Server Error)(: ([a-z].*|[A-Z0-9_]+))?$/;

describe('errors of the Bot API', () => {
  it('have a text for every error of the server, and a code that does not make programs repeat what may have been done', () => {
    for (const name of Object.keys(ERROR_CODES)) {
      const error = toBotError(new RpcError(name as ErrorName, name.replace('%d', '7')))!;
      expect(error.message).toMatch(TEXT);
      if (name !== 'WORKER_BUSY_TOO_LONG_RETRY') expect([name, error.code < 500]).toEqual([name, true]);
    }
  });

  it('say what a name means where clients know a sentence', () => {
    const textOf = (name: ErrorName): string => toBotError(new RpcError(name, name))!.message;
    expect(textOf('USER_BANNED_IN_CHANNEL')).toBe('Bad Request: not enough rights to send text messages to the chat');
    expect(textOf('CHAT_SEND_PHOTOS_FORBIDDEN')).toBe('Bad Request: not enough rights to send photos to the chat');
    expect(textOf('CHAT_SEND_MEDIA_FORBIDDEN')).toBe('Bad Request: not enough rights to send media messages to the chat');
    expect(textOf('MEDIA_GROUPED_INVALID')).toBe("Bad Request: can't use the media of the specified type in the album");
    expect(textOf('WC_CONVERT_URL_INVALID')).toBe('Bad Request: wrong HTTP URL specified');
    expect(textOf('GEO_POINT_INVALID')).toBe('Bad Request: wrong location specified');
  });

  it('begin with a small letter, unless it is a name or an abbreviation', () => {
    const texts = ['Wrong HTTP URL specified', 'MESSAGE_TOO_LONG', 'URL is too long', 'Field "x" must be of type String', 'chat not found'].map((text) => badRequest(text).message);
    expect(texts).toEqual([
      'Bad Request: wrong HTTP URL specified', 'Bad Request: MESSAGE_TOO_LONG', 'Bad Request: URL is too long', 'Bad Request: field "x" must be of type String', 'Bad Request: chat not found',
    ]);
  });

  it('are none for what nobody foresaw', () => {
    expect(toBotError(new TypeError('x'))).toBeUndefined();
    const error = new BotError(409, 'Conflict: x');
    expect(toBotError(error)).toBe(error);
  });
});
