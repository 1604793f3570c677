import type { tl } from '@mtcute/core';
import type { Account } from '../account.ts';

/** Uploads a picture for a profile, a group or a channel. */
export async function uploadPicture(account: Account, picture: Blob): Promise<tl.TypeInputFile> {
  const { uploadFile } = await import('../files/transfer.ts');
  const { inputFile } = await uploadFile(account.client, { file: picture, fileName: 'photo.jpg', fileMime: 'image/jpeg' });
  return inputFile;
}

/** Shows a picture to everybody who sees the account. */
export async function setOwnPicture(account: Account, picture: Blob): Promise<void> {
  await account.call({ _: 'photos.uploadProfilePhoto', file: await uploadPicture(account, picture) });
}
