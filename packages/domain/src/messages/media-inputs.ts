import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { findSharedContact } from '../contacts/index.ts';
import type { FileMedia } from '../content/index.ts';
import type { MediaTarget } from '../documents/index.ts';
import type { Files } from '../files/index.ts';
import type { Polls } from '../polls/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { MediaEdit } from './edit-media.ts';
import type { Messages } from './messages.ts';
import { type FileInput, isPhotoInput, prepareEdit, prepareFile, prepareMedia, type PrepareDeps, type Preparing, useFileInput, workOf } from './prepare-media.ts';

/** Makes media from what clients send. */
export interface MediaInputs {
  /** Makes the media of a message. Throws as {@link prepareMedia}. */
  prepare(input: tl.InputMedia, preparing: Preparing): Promise<tl.MessageMedia>;
  /** As {@link MediaInputs.prepare}, for a document or photo. */
  prepareFile(input: FileInput, sender: Pick<Preparing, 'userId' | 'isBot'>, target?: MediaTarget): Promise<FileMedia>;
  /** Makes what an edit puts into a message. Throws as {@link prepareEdit}. */
  prepareEdit(input: tl.InputMedia, preparing: Preparing): Promise<MediaEdit>;
  /** Makes a document or photo that is not sent yet. Throws as {@link useFileInput} and `Files.doUploadMedia`. */
  doUpload(input: FileInput, sender: Pick<Preparing, 'userId' | 'isBot'>, target: MediaTarget): Promise<FileMedia>;
  /** Deletes what was stored for a message that was refused: it must not fill the database. After other errors the message may have been sent. */
  doDropRefused(media: tl.MessageMedia | undefined, error: unknown): Promise<void>;
}

/** What {@link createMediaInputs} needs. */
interface InputsDeps extends Pick<DomainDeps, 'db' | 'clock' | 'random'>, Pick<PrepareDeps, 'urlUploads'> {
  files: Pick<Files, 'doPrepareMedia' | 'doUploadMedia' | 'photos'>;
  polls: Pick<Polls, 'doCreate' | 'doDropUnsent'>;
  messages: Pick<Messages, 'normalizeText' | 'normalizeCaption'>;
}

/** Creates the maker of media. */
export function createMediaInputs({ messages, ...deps }: InputsDeps): MediaInputs {
  const { db, files, polls } = deps;
  const prepareDeps: PrepareDeps = {
    ...deps,
    normalizeText: messages.normalizeText,
    normalizeCaption: messages.normalizeCaption,
    findContact: (userId, phone) => findSharedContact(db.q, userId, phone),
  };
  return {
    prepare: (input, preparing) => prepareMedia(prepareDeps, input, preparing),
    prepareEdit: (input, preparing) => prepareEdit(prepareDeps, input, preparing),
    prepareFile: (input, sender, target) => prepareFile(deps, input, { ...sender, target }),
    doUpload: (input, sender, target) =>
      useFileInput<FileMedia>(deps, input, sender, (own) => (isPhotoInput(own) ? files.photos.doUploadMedia(sender.userId, own, target) : files.doUploadMedia(sender.userId, own, target))),
    async doDropRefused(media, error) {
      if (media !== undefined && error instanceof RpcError) await workOf(media).drop?.(media, { polls });
    },
  };
}
