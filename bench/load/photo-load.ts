import { constants, setPriority } from 'node:os';
import { callPatiently, RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import sharp from 'sharp';
import { type Outcome, sourceAddress } from './outcome.ts';
import { phoneOf } from './send-load.ts';

const PART_BYTES = 512 * 1024;
const ALBUM = 10;
/** Sides of a photo of 12 megapixels. */
const LARGE = [4000, 3000] as const;
/** Sides of the photos in albums, and of those that are uploaded all at once. */
const SMALL = [1280, 960] as const;
const TINY = [320, 240] as const;
/** The sizes that the server makes of a photo: boxes in pixels; and the quality of JPEG. */
const BOXES = [2560, 1280, 800, 320, 100, 40];
const QUALITY = 87;
const PROGRESSIVE_FROM = 400;
/** Accounts of other commands have other numbers. */
const FIRST_NUMBER = 40_000;
const NOTHING: Outcome = { operations: 0, elapsedMs: 0, ackMs: [] };

/** A JPEG that looks like a photo to a decoder: soft noise, so that it has neither one colour nor grain in each pixel. */
async function drawPhoto([width, height]: readonly [number, number]): Promise<Buffer> {
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  const noise = { width: w, height: h, channels: 3 as const, background: '#000000', noise: { type: 'gaussian' as const, mean: 128, sigma: 40 } };
  return sharp(await sharp({ create: noise }).png().toBuffer()).resize(width, height, { kernel: 'cubic' }).jpeg({ quality: QUALITY }).toBuffer();
}

/** The file of a photo of 12 megapixels. */
export const drawLargePhoto = (): Promise<Buffer> => drawPhoto(LARGE);

/** The same picture in a file that no other call has uploaded: bytes behind the end of a JPEG say nothing. */
const asNewFile = (photo: Buffer): Buffer => Buffer.concat([photo, systemRandom.bytes(16)]);

/**
 * Makes the sizes of a photo with bare sharp, in this process, as often as told, after one time that does not count. The process gets the priority of the server's processes for photos.
 * @param photo base64, because it comes over the channel of the generator
 */
export async function makeBareSizes(photo: string, times: number): Promise<Outcome> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  sharp.cache(false);
  sharp.concurrency(1);
  const bytes = Buffer.from(photo, 'base64');
  await makeBare(bytes);
  const ackMs: number[] = [];
  const started = performance.now();
  for (let n = 0; n < times; n++) {
    const at = performance.now();
    await makeBare(bytes);
    ackMs.push(performance.now() - at);
  }
  return { operations: times, elapsedMs: performance.now() - started, ackMs };
}

/** Decodes the picture once, and makes each size of the largest one. */
async function makeBare(bytes: Buffer): Promise<void> {
  const { data, info } = await sharp(bytes).autoOrient().resize(BOXES[0], BOXES[0], { fit: 'inside' }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  for (const box of BOXES) {
    const source = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
    await source.resize(box, box, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: QUALITY, progressive: box >= PROGRESSIVE_FROM }).toBuffer();
  }
}

const accounts: RawAccount[] = [];
const photos: Record<'large' | 'small' | 'tiny', Buffer[]> = { large: [], small: [], tiny: [] };

/** Signs up accounts until there are `count`, and draws pictures. */
export async function preparePhotos(server: ServerInfo, count: number): Promise<Outcome> {
  if (photos.large.length === 0) {
    photos.large.push(await drawPhoto(LARGE));
    for (let n = 0; n < ALBUM; n++) photos.small.push(await drawPhoto(SMALL));
    photos.tiny.push(await drawPhoto(TINY));
  }
  while (accounts.length < count) {
    const n = FIRST_NUMBER + accounts.length;
    accounts.push(await RawAccount.signUp(server, { name: `Account ${n}`, ...phoneOf(n), localAddress: sourceAddress(n) }));
  }
  return NOTHING;
}

async function upload(account: RawAccount, photo: Buffer): Promise<tl.inputMediaUploadedPhoto> {
  const [bytes, file_id] = [asNewFile(photo), systemRandom.int63()];
  const parts = Math.ceil(bytes.length / PART_BYTES);
  for (let part = 0; part < parts; part++) {
    await callPatiently<'upload.saveFilePart'>(account, { _: 'upload.saveFilePart', file_id, file_part: part, bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) });
  }
  return { _: 'inputMediaUploadedPhoto', file: { _: 'inputFile', id: file_id, parts, name: 'a.jpg', md5_checksum: '' } };
}

/** Sends a photo to the account itself. @param onWait called when it is told to repeat the call later */
async function sendToSelf(account: RawAccount, media: tl.InputMedia, onWait?: () => void): Promise<void> {
  await callPatiently<'messages.sendMedia'>(account, { _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', random_id: systemRandom.int63() }, onWait);
}

/** The accounts take turns in uploading photos of 12 megapixels and sending them to themselves, at a fixed rate. */
export async function sendPhotos(ms: number, perMinute: number): Promise<Outcome> {
  const [photo] = photos.large;
  const ackMs: number[] = [];
  const started = performance.now();
  const sending: Promise<void>[] = [];
  for (let n = 0; performance.now() - started < ms; n++) {
    sending.push((async () => {
      const account = accounts[n % accounts.length]!;
      const media = await upload(account, photo!);
      const at = performance.now();
      await sendToSelf(account, media);
      ackMs.push(performance.now() - at);
    })());
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ((n + 1) * 60_000) / perMinute - (performance.now() - started))));
  }
  await Promise.all(sending);
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

/** The first account sends one photo and an album to the second one in turns; all of them were uploaded before. The times are those from the send until the last photo has arrived. */
export async function sendAlbums(times: number): Promise<Outcome> {
  const [from, to] = accounts as [RawAccount, RawAccount];
  await from.meet(to);
  const peer = from.inputPeer(to);
  const inputs: tl.inputMediaPhoto[] = [];
  for (const photo of photos.small) {
    const answer = await callPatiently<'messages.uploadMedia'>(from, { _: 'messages.uploadMedia', peer, media: await upload(from, photo) });
    if (answer._ !== 'messageMediaPhoto' || answer.photo?._ !== 'photo') throw new Error(`uploadMedia answers ${answer._}`);
    const { id, access_hash, file_reference } = answer.photo;
    inputs.push({ _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, access_hash, file_reference } });
  }
  const arrival = (count: number): Promise<void> => new Promise((resolve) => {
    to.onUpdates = (updates) => {
      for (const update of updates._ === 'updates' ? updates.updates : []) if (update._ === 'updateNewMessage' && --count === 0) resolve();
    };
  });
  const measure = async (send: () => Promise<unknown>, count: number): Promise<number> => {
    const arrived = arrival(count);
    const at = performance.now();
    const sent = send();
    await arrived;
    const ms = performance.now() - at;
    await sent;
    return ms;
  };
  const byName: Record<'photo' | 'album', number[]> = { photo: [], album: [] };
  const started = performance.now();
  for (let n = 0; n < times; n++) {
    const single = { _: 'messages.sendMedia', peer, media: inputs[n % ALBUM]!, message: '', random_id: systemRandom.int63() } as const;
    byName.photo.push(await measure(() => callPatiently<'messages.sendMedia'>(from, single), 1));
    const multi_media = inputs.map((media): tl.inputSingleMedia => ({ _: 'inputSingleMedia', media, message: '', random_id: systemRandom.int63() }));
    byName.album.push(await measure(() => callPatiently<'messages.sendMultiMedia'>(from, { _: 'messages.sendMultiMedia', peer, multi_media }), ALBUM));
  }
  return { operations: 2 * times, elapsedMs: performance.now() - started, ackMs: byName.album, byName };
}

/** Each account uploads and sends so many small photos at once. `lost` has those without a message in the end, `waits` how often a call was to be repeated later. */
export async function uploadAtOnce(each: number): Promise<Outcome> {
  const before = await Promise.all(accounts.map(countMessages));
  const ackMs: number[] = [];
  let waits = 0;
  const started = performance.now();
  await Promise.all(accounts.flatMap((account) => Array.from({ length: each }, async () => {
    await sendToSelf(account, await upload(account, photos.tiny[0]!), () => waits++);
    ackMs.push(performance.now() - started);
  })));
  const elapsedMs = performance.now() - started;
  const after = await Promise.all(accounts.map(countMessages));
  const lost = after.reduce((sum, count, at) => sum + Math.abs(each - (count - before[at]!)), 0);
  return { operations: ackMs.length, elapsedMs, ackMs, byName: { lost: [lost], waits: [waits] } };
}

/** How many messages an account has in its Saved Messages. */
async function countMessages(account: RawAccount): Promise<number> {
  const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n };
  const answer = await callPatiently<'messages.getHistory'>(account, { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, ...page });
  if (answer._ === 'messages.messagesSlice') return answer.count;
  return answer._ === 'messages.messages' ? answer.messages.length : 0;
}
