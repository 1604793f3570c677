import type { tl } from '@mtcute/core';
import type { LocalFile, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';

/** Uploads a file and says how it is to be sent. @param onProgress gets 0 to 1 */
export async function uploadMedia(account: Account, file: LocalFile, onProgress: (part: number) => void, signal: AbortSignal): Promise<tl.TypeInputMedia> {
  const { uploadFile } = await import('../files/transfer.ts');
  const { inputFile } = await uploadFile(account.client, {
    file: file.file,
    fileName: file.name,
    fileMime: file.file.type,
    progressCallback: (sent, total) => onProgress(total === 0 ? 1 : sent / total),
    abortSignal: signal,
  });
  if (file.as === 'photo') return { _: 'inputMediaUploadedPhoto', file: inputFile, spoiler: file.hasSpoiler };
  const thumb = file.thumb && (await uploadFile(account.client, { file: file.thumb, fileName: 'thumb.jpg', fileMime: 'image/jpeg', abortSignal: signal })).inputFile;
  return {
    _: 'inputMediaUploadedDocument',
    file: inputFile,
    thumb,
    mimeType: file.file.type || 'application/octet-stream',
    attributes: attributesOf(file),
    forceFile: file.as === 'file',
    nosoundVideo: file.as === 'video',
    spoiler: file.hasSpoiler,
  };
}

/** Makes a photo or document of an uploaded file, for a message of a chat that is not sent yet. @throws Refused what the server makes of a file that it cannot take */
export async function storeMedia(account: Account, peer: PeerId, media: tl.TypeInputMedia): Promise<tl.TypeMessageMedia> {
  return await account.call({ _: 'messages.uploadMedia', peer: await account.inputPeer(peer), media });
}

/** What a file says of itself. Pure. */
function attributesOf({ as, name, width = 0, height = 0, duration = 0, waveform }: LocalFile): tl.TypeDocumentAttribute[] {
  const named: tl.TypeDocumentAttribute[] = [{ _: 'documentAttributeFilename', fileName: name }];
  switch (as) {
    case 'video':
      return [...named, { _: 'documentAttributeVideo', duration, w: width, h: height, supportsStreaming: true }];
    case 'gif':
      return [...named, { _: 'documentAttributeAnimated' }];
    case 'audio':
      return [...named, { _: 'documentAttributeAudio', duration: Math.round(duration) }];
    case 'voice':
      return [{ _: 'documentAttributeAudio', voice: true, duration: Math.round(duration), waveform: waveform && packWaveform(waveform) }];
    default:
      return named;
  }
}

/** Packs numbers of 5 bits. Pure. @see https://core.telegram.org/api/files#voice-waveforms */
export function packWaveform(values: readonly number[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil((values.length * 5) / 8) + 1);
  values.forEach((value, index) => {
    const bit = index * 5;
    const pair = (value & 31) << (bit & 7);
    packed[bit >> 3]! |= pair & 255;
    packed[(bit >> 3) + 1]! |= pair >> 8;
  });
  return packed.subarray(0, Math.ceil((values.length * 5) / 8));
}
