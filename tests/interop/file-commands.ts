import type { MediaKind, SavedSize, ShownAvatar, ShownContent, ShownMedia } from './driver-answers.ts';

/** The commands of a driver that are about files and photos. */
export abstract class FileCommands {
  /** Sends one command and waits for its answer. */
  protected abstract call<T>(method: string, params: Record<string, unknown>): Promise<T>;

  /** Sends a file of the disk as a document, with the library's own method. */
  sendFile(params: { peer: number; path: string; caption: string; thumb?: string }): Promise<{ id: number }> {
    return this.call('sendFile', params);
  }
  /** Downloads the thumbnail of the document of a message into a file, with the library's own method. */
  saveThumb(params: { peer: number; id: number; path: string }): Promise<void> {
    return this.call('saveThumb', params);
  }
  /** Downloads the document of a message into a file, with the library's own method. */
  saveFile(params: { peer: number; id: number; path: string }): Promise<void> {
    return this.call('saveFile', params);
  }
  /** TDLib: cancels the download of the document of a message. */
  cancelFile(params: { peer: number; id: number }): Promise<void> {
    return this.call('cancelFile', params);
  }
  /** Sends a picture of the disk as a photo, with the library's own method. */
  sendPhoto(params: { peer: number; path: string; caption: string }): Promise<{ id: number }> {
    return this.call('sendPhoto', params);
  }
  /** Sends a picture of the disk as a photo that can be viewed once. */
  sendPhotoOnce(params: { peer: number; path: string; caption: string }): Promise<{ id: number }> {
    return this.call('sendPhotoOnce', params);
  }
  /** Sends a sound of the disk as a voice message, with the library's own method. */
  sendVoice(params: { peer: number; path: string; caption: string }): Promise<{ id: number }> {
    return this.call('sendVoice', params);
  }
  /** Tells the server that the user has opened the content of a message: has viewed its photo, or heard its sound. */
  openContent(params: { peer: number; id: number }): Promise<void> {
    return this.call('openContent', params);
  }
  /** What a message has now, as the library gets it. */
  showContent(params: { peer: number; id: number }): Promise<ShownContent> {
    return this.call('showContent', params);
  }
  /** Sends a file of the disk as this kind of message, with the library's own method. The library is told nothing else about it. */
  sendKind(params: { peer: number; path: string; kind: MediaKind; caption: string }): Promise<{ id: number }> {
    return this.call('sendKind', params);
  }
  /** What a library shows of the audio or video of a message. */
  showMedia(params: { peer: number; id: number }): Promise<ShownMedia> {
    return this.call('showMedia', params);
  }
  /** Downloads the thumbnail of the audio or video of a message into a file, with the library's own method. @returns whether there is one */
  saveMediaThumb(params: { peer: number; id: number; path: string }): Promise<boolean> {
    return this.call('saveMediaThumb', params);
  }
  /** Sends pictures of the disk as an album, with the library's own method. */
  sendAlbum(params: { peer: number; paths: string[]; caption: string }): Promise<{ ids: number[] }> {
    return this.call('sendAlbum', params);
  }
  /** The ids of the albums of the newest messages of a chat, newest first; null for messages in no album. */
  listAlbums(params: { peer: number; limit: number }): Promise<(string | null)[]> {
    return this.call('listAlbums', params);
  }
  /** Downloads all sizes of the photo of a message into files `<directory>/<type>.jpg`, with the library's own method. */
  saveSizes(params: { peer: number; id: number; directory: string }): Promise<SavedSize[]> {
    return this.call('saveSizes', params);
  }
  /** Makes a picture of the disk the own profile photo, with the library's own method. */
  setOwnPhoto(params: { path: string }): Promise<void> {
    return this.call('setOwnPhoto', params);
  }
  /** Sets the photo of a group or channel, or removes it, with the library's own method. */
  setChatPhoto(params: { peer: number; path?: string }): Promise<void> {
    return this.call('setChatPhoto', params);
  }
  /** Makes a video of the disk the own profile photo, or that of a group or channel, with the library's own method. */
  setVideo(params: { peer?: number; path: string; startS: number }): Promise<void> {
    return this.call('setVideo', params);
  }
  /** Downloads the video in the photo of a user, group or channel into a file. @returns what the library shows of it; null if there is none */
  saveVideo(params: { peer: number; path: string }): Promise<ShownAvatar | null> {
    return this.call('saveVideo', params);
  }
  /** Downloads the largest size of the photo in the preview of an invite link into a file, with the library's own method. @returns whether there is one */
  saveInvitePhoto(params: { link: string; path: string }): Promise<boolean> {
    return this.call('saveInvitePhoto', params);
  }
  /** Downloads the photo beside the name of a chat in the list of chats into a file, with the library's own method. @returns whether there is one */
  saveAvatar(params: { peer: number; big: boolean; path: string }): Promise<boolean> {
    return this.call('saveAvatar', params);
  }
  /** How many profile photos somebody has. */
  countPhotos(params: { peer: number }): Promise<number> {
    return this.call('countPhotos', params);
  }
  /** Deletes the own current profile photo. */
  deleteOwnPhoto(): Promise<void> {
    return this.call('deleteOwnPhoto', {});
  }
  /** Uploads a file of the disk with the library's own method. Not with TDLib, which uploads when it needs a file. @returns the `InputFile`, for `invoke` */
  uploadInput(params: { path: string }): Promise<Record<string, unknown>> {
    return this.call('uploadInput', params);
  }
  /** TDLib: downloads a file that the library knows by its number. */
  saveKnown(params: { file: number; path: string }): Promise<void> {
    return this.call('saveKnown', params);
  }
  /** TDLib: downloads a part of the document of a message; the bytes are base64. */
  savePart(params: { peer: number; id: number; offset: number; count: number }): Promise<string> {
    return this.call('savePart', params);
  }
}
