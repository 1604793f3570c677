import { optionalTextSetting, textSetting } from './setting-types.ts';

/** Most characters of a server's name that apps accept. */
const NAME_MAX = 80;

const DESCRIPTION_MAX = 255;

/** Whether a text stands on one line, without characters that control how it is shown. */
const isOneLine = (text: string): boolean => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);

function checkLine(text: string, most: number): string {
  if (!isOneLine(text)) throw new Error('must be one line of text');
  if (Array.from(text).length > most) throw new Error(`must have at most ${most} characters`);
  return text;
}

/** What people see of a server before they join it. */
export const FACE_SETTINGS = {
  serverName: {
    ...textSetting({
      env: 'AEROGRAM_SERVER_NAME',
      default: 'Aerogram',
      doc: 'Name of the server, at most 80 characters, on the page /about and in apps that join by an address (docs/clients.md).',
    }),
    parse(text: string): string {
      if (text.trim() === '') throw new Error('must not be empty');
      return checkLine(text.trim(), NAME_MAX);
    },
  },
  serverDescription: {
    ...optionalTextSetting({
      env: 'AEROGRAM_SERVER_DESCRIPTION',
      doc: 'What the server is for, in at most 255 characters, beside its name.',
    }),
    parse: (text: string): string | undefined => (text.trim() === '' ? undefined : checkLine(text.trim(), DESCRIPTION_MAX)),
  },
  serverPicture: optionalTextSetting({
    env: 'AEROGRAM_SERVER_PICTURE',
    doc: 'A square PNG file of at most 256 KiB that apps show beside the name of the server; by default the sign of Aerogram.',
  }),
} as const;
