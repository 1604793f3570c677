import { RawAccount, sendContent } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import sharp from 'sharp';
import { sourceAddress } from '../../load/outcome.ts';
import type { Caller } from '../stage.ts';
import type { WorkRow } from '../work-row.ts';
import { sentMessage } from './messages.ts';

const PART_BYTES = 128 * 1024;
const [WIDTH, HEIGHT] = [320, 240];
const ALBUM = 3;

/** Draws the same picture each time, because the length of the server's answer depends on it. */
function drawPhoto(): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3).map((_, at) => (at * 7 + (at >> 9) * 13) % 256);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg().toBuffer();
}

async function uploadPhoto({ account }: Caller, photo: Uint8Array): Promise<tl.InputMedia> {
  const id = systemRandom.int63();
  await account.call<'upload.saveFilePart'>({ _: 'upload.saveFilePart', file_id: id, file_part: 0, bytes: photo });
  return { _: 'inputMediaUploadedPhoto', file: { _: 'inputFile', id, parts: 1, name: 'photo.jpg', md5_checksum: '' } };
}

/** Sends a photo. @returns the input with which it can be sent again */
async function sendPhoto(caller: Caller, media: tl.InputMedia): Promise<tl.inputMediaPhoto> {
  const { account, friend } = caller;
  const { media: sent } = sentMessage(await account.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer: account.inputPeer(friend), media, message: '', random_id: systemRandom.int63() }));
  if (sent?._ !== 'messageMediaPhoto' || sent.photo?._ !== 'photo') throw new Error('the photo is not there');
  const { id, access_hash, file_reference } = sent.photo;
  return { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, access_hash, file_reference } };
}

/** Photos, parts of files, and log-in. */
export const FILE_ROWS: readonly WorkRow[] = [
  {
    name: 'photo to a person',
    isAlone: true,
    async prepare(caller) {
      const photo = await drawPhoto();
      let media: tl.InputMedia;
      return {
        // Random bytes after the end of a JPEG do not change the picture, but make it a new file.
        before: async () => (media = await uploadPhoto(caller, Buffer.concat([photo, systemRandom.bytes(16)]))),
        call: () => sendPhoto(caller, media),
      };
    },
  },
  {
    name: 'album of three known photos',
    isAlone: true,
    async prepare(caller) {
      const photo = await drawPhoto();
      const media = await sendPhoto(caller, await uploadPhoto(caller, Buffer.concat([photo, systemRandom.bytes(16)])));
      const multi_media = (): tl.InputSingleMedia[] => Array.from({ length: ALBUM }, () => ({ _: 'inputSingleMedia', media, random_id: systemRandom.int63(), message: '' }));
      const { account, friend } = caller;
      return { call: () => account.call<'messages.sendMultiMedia'>({ _: 'messages.sendMultiMedia', peer: account.inputPeer(friend), multi_media: multi_media() }) };
    },
  },
  {
    name: 'part of an upload, 128 KiB',
    prepare({ account }) {
      const bytes = systemRandom.bytes(PART_BYTES);
      return { call: () => account.call<'upload.saveFilePart'>({ _: 'upload.saveFilePart', file_id: systemRandom.int63(), file_part: 0, bytes }) };
    },
  },
  {
    name: 'part of a download, 128 KiB',
    async prepare({ account }) {
      const location = await sendContent(account, systemRandom.bytes(2 * PART_BYTES));
      return { call: () => account.call<'upload.getFile'>({ _: 'upload.getFile', location, offset: 0n, limit: PART_BYTES }) };
    },
  },
  {
    name: 'log-in with a new key',
    isAlone: true,
    prepare({ account: { name, phone } }, { server }) {
      let last: RawAccount | undefined;
      return {
        async before() {
          await last?.call<'auth.logOut'>({ _: 'auth.logOut' });
          last?.disconnect();
        },
        call: async () => (last = await RawAccount.signUp(server.info, { name, phone, code: phone.at(5)!.repeat(5), localAddress: sourceAddress(0) })),
      };
    },
  },
];
