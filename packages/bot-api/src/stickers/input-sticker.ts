import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { readDocument } from './sticker-file.ts';
import { isJsonObject, JsonFields } from '../params/json-fields.ts';
import type { Params } from '../params/params.ts';
import { formatOf, isFormat, type StickerFormat } from './sticker-format.ts';

/** With how many stickers a set may begin (core.telegram.org/bots/api#createnewstickerset). */
const STICKERS_MAX = 50;
/** How errors about an InputSticker begin. */
const CONTEXT = "can't parse InputSticker: ";

const MASK_POINTS: readonly string[] = ['forehead', 'eyes', 'mouth', 'chin'];

/** Parameters by which a sticker was given before there were InputSticker objects. */
export const OLD_STICKER_PARAMS = ['png_sticker', 'tgs_sticker', 'webm_sticker', 'emojis'] as const;

type StickerCall = Pick<BotCall, 'botId' | 'domain' | 'fileIds' | 'invoke'>;
type OldParams = Params<(typeof OLD_STICKER_PARAMS)[number]>;

/** A position of a mask as the API writes it; undefined if there is none. @throws BotError 400 */
export function readMaskPosition(value: unknown, context = "can't parse mask position: "): tl.maskCoords | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw badRequest(`${context}MaskPosition must be an Object`);
  const fields = new JsonFields(value, context);
  const n = MASK_POINTS.indexOf(fields.neededText('point').trim().toLowerCase());
  if (n === -1) throw fields.error('wrong point specified');
  return { _: 'maskCoords', n, x: fields.neededNumber('x_shift'), y: fields.neededNumber('y_shift'), zoom: fields.neededNumber('scale') };
}

/** A list of texts as one text, in which each stays apart. @throws BotError 400 if it is none */
export function joinTexts(value: unknown, separator: ' ' | ',', what: string): string {
  if (value === undefined) return '';
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw badRequest(`expected an Array of String as ${what}`);
  return value.map((text) => text.replaceAll(separator, ' ')).join(separator);
}

/** The sticker of the parameter `sticker`, or of older parameters. @throws BotError 400, and as `readDocument` */
export function readSticker(call: StickerCall, params: OldParams & Params<'sticker'>): Promise<tl.inputStickerSetItem> {
  const value = params.json('sticker', 'sticker');
  return value === undefined ? readOldSticker(call, params) : readInputSticker(call, params, value);
}

/** The stickers of the parameter `stickers`, or of older parameters. @throws BotError 400, and as `readDocument` */
export async function readStickers(call: StickerCall, params: OldParams & Params<'stickers'>): Promise<tl.inputStickerSetItem[]> {
  const value = params.json('stickers', 'stickers');
  if (value === undefined) return [await readOldSticker(call, params)];
  if (!Array.isArray(value)) throw badRequest('expected an Array of InputSticker');
  if (value.length > STICKERS_MAX) throw badRequest('too many stickers specified');
  const stickers: tl.inputStickerSetItem[] = [];
  for (const one of value) stickers.push(await readInputSticker(call, params, one));
  return stickers;
}

async function readInputSticker(call: StickerCall, params: Pick<Params, 'fileOf'>, value: unknown): Promise<tl.inputStickerSetItem> {
  if (!isJsonObject(value)) throw badRequest('InputSticker must be an Object');
  const fields = new JsonFields(value, CONTEXT);
  const said = fields.text('format');
  if (!isFormat(said)) throw badRequest('invalid sticker format specified');
  const file = params.fileOf(fields.text('sticker'));
  if (file === undefined) throw fields.error('there is no sticker file in the request');
  const emoji = joinTexts(fields.value('emoji_list'), ' ', 'emoji list');
  const keywords = joinTexts(fields.value('keywords'), ',', 'keywords');
  const mask = readMaskPosition(fields.value('mask_position'), CONTEXT);
  return { _: 'inputStickerSetItem', document: await readDocument(call, file, formatOf(said, file)), emoji, mask_coords: mask, keywords: keywords || undefined };
}

const OLD_FILES: readonly (readonly ['png_sticker' | 'tgs_sticker' | 'webm_sticker', StickerFormat])[] = [['png_sticker', 'static'], ['tgs_sticker', 'animated'], ['webm_sticker', 'video']];

async function readOldSticker(call: StickerCall, params: OldParams): Promise<tl.inputStickerSetItem> {
  for (const [name, format] of OLD_FILES) {
    const file = params.file(name);
    if (file === undefined) continue;
    return { _: 'inputStickerSetItem', document: await readDocument(call, file, format), emoji: params.text('emojis') };
  }
  throw badRequest('there is no sticker in the request');
}
