import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Device } from '@aerogram/dev-env';
import { type Long, Photo, type tl } from '@mtcute/node';
import { downloadAsBuffer } from '@mtcute/node/methods.js';
import sharp from 'sharp';
import { upload } from './file-stage.ts';

/** A picture that no other call makes: two colours side by side, with some noise. */
export function makePicture(width: number, height: number, format: 'jpeg' | 'png' | 'webp' | 'gif' = 'jpeg'): Promise<Buffer> {
  const noise = { input: randomBytes(32 * 24 * 3), raw: { width: 32, height: 24, channels: 3 as const }, left: 0, top: 0 };
  return sharp({ create: { width, height, channels: 3, background: '#3060c0' } }).composite(width > 32 && height > 24 ? [noise] : []).toFormat(format).toBuffer();
}

/** The header of a PNG file whose sides are as long as it says, with far too few pixels. */
export function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, body, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(100_000))), chunk('IEND', Buffer.alloc(0))]);
}

/** Media to send: an uploaded picture as a photo. */
export async function uploadedPhoto(device: Device, bytes: Buffer, name = 'photo.jpg'): Promise<tl.RawInputMediaUploadedPhoto> {
  return { _: 'inputMediaUploadedPhoto', file: await upload(device, { bytes, name }) };
}

/** The photo in media. @throws Error if there is none */
export function photoIn(media: tl.TypeMessageMedia | undefined): tl.RawPhoto {
  if (media?._ !== 'messageMediaPhoto' || media.photo?._ !== 'photo') throw new Error(`no photo in ${media?._}`);
  return media.photo;
}

/** The media of a message of the device's box, as the device gets it from the server now. */
export async function mediaNow(device: Device, id: number): Promise<tl.TypeMessageMedia | undefined> {
  return mediaOf(await device.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] }));
}

/** The media of a post, as the device gets it from the server now. */
export async function postedMedia(device: Device, channelId: number, id: number): Promise<tl.TypeMessageMedia | undefined> {
  return mediaOf(await device.call({ _: 'channels.getMessages', channel: device.inputChannel(channelId), id: [{ _: 'inputMessageID', id }] }));
}

function mediaOf(found: tl.messages.TypeMessages): tl.TypeMessageMedia | undefined {
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return message?._ === 'message' ? message.media : undefined;
}

/** Type, width and height of each size of a photo that is a file. */
export function sizesOf(photo: tl.RawPhoto): string[] {
  return photo.sizes.flatMap((size) => (size._ === 'photoSize' || size._ === 'photoSizeProgressive' ? [`${size.type} ${size.w}x${size.h}`] : []));
}

/** The location of a size for upload.getFile. */
export function sizeLocation({ id, accessHash, fileReference }: tl.RawPhoto, thumbSize: string): tl.RawInputPhotoFileLocation {
  return { _: 'inputPhotoFileLocation', id, accessHash, fileReference, thumbSize };
}

/** Loads a size of a photo as mtcute does. */
export async function loadSize(device: Device, photo: tl.RawPhoto, type: string): Promise<Uint8Array> {
  return downloadAsBuffer(device.client, new Photo(photo, { _: 'messageMediaPhoto', photo }).getThumbnail(type)!);
}

/** Loads all sizes. @returns type, width and height of each, as the JPEG itself says */
export async function loadSizes(device: Device, photo: tl.RawPhoto): Promise<string[]> {
  const loaded: string[] = [];
  for (const size of photo.sizes) {
    if (size._ !== 'photoSize' && size._ !== 'photoSizeProgressive') continue;
    const bytes = await loadSize(device, photo, size.type);
    const length = size._ === 'photoSize' ? size.size : size.sizes.at(-1);
    if (bytes.length !== length) throw new Error(`size ${size.type} has ${bytes.length} bytes instead of ${length}`);
    const { format, width, height } = await sharp(bytes).metadata();
    if (format !== 'jpeg') throw new Error(`size ${size.type} is ${format}`);
    loaded.push(`${size.type} ${width}x${height}`);
  }
  return loaded;
}

/** Makes a picture the profile photo of a device's user. @param fallback that for those who may not see the others */
export async function setProfilePhoto(device: Device, width = 800, height = 600, fallback = false): Promise<tl.RawPhoto> {
  const request: tl.RpcMethod = { _: 'photos.uploadProfilePhoto', fallback, file: await upload(device, { bytes: await makePicture(width, height), name: 'me.jpg' }) };
  const { photo } = (await device.change(request)) as unknown as tl.photos.RawPhoto;
  if (photo._ !== 'photo') throw new Error('no photo');
  return photo;
}

/** A photo, as calls name it. */
export function inputPhotoOf({ id, accessHash, fileReference }: tl.RawPhoto): tl.RawInputPhoto {
  return { _: 'inputPhoto', id, accessHash, fileReference };
}

/** The location of a photo of a peer for upload.getFile. */
export function peerPhotoLocation(peer: tl.TypeInputPeer, photoId: Long, big: boolean): tl.RawInputPeerPhotoFileLocation {
  return { _: 'inputPeerPhotoFileLocation', big, peer, photoId };
}

/** Loads a file by its location, in one part. */
export async function loadAt(device: Device, location: tl.TypeInputFileLocation): Promise<Uint8Array> {
  const file = await device.call({ _: 'upload.getFile', location, offset: 0, limit: 1024 * 1024 });
  return file._ === 'upload.file' ? file.bytes : new Uint8Array();
}

/** The error that a device gets when it loads a file by its location. */
export async function failsAt(device: Device, location: tl.TypeInputFileLocation): Promise<string> {
  return (await device.fails({ _: 'upload.getFile', location, offset: 0, limit: 4096 })).text;
}
