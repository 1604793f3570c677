import { callPatiently, type RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn } from './channel-input.ts';
import { readHistory } from './chat-history.ts';
import { loadAt } from './load-at.ts';
import { checkColour, checkPhoto, makePicture } from './pictures.ts';
import { inputFileOf, repeatWithUpload, type Upload, uploadParts } from './upload.ts';

/** A picture that becomes the photo of somebody or something. */
interface SetPhoto extends Upload {
  /** Number of the picture. */
  n: number;
  isAcked: boolean;
  /** Of a profile photo, once the server has told it. */
  id: bigint | undefined;
  access_hash: bigint;
  deletion: 'asked' | 'acknowledged' | undefined;
}

/** With more photos than this the oldest one is deleted. */
const PROFILE_MAX = 8;

async function draw(n: number, random: Random): Promise<SetPhoto> {
  return { n, bytes: await makePicture(n, random, [700, 700]), fileId: random.int64(), isAcked: false, id: undefined, access_hash: 0n, deletion: undefined };
}

/** The photos of an account's profile, one after the other, of which the oldest are deleted. */
export class ProfilePhotos {
  readonly #account: RawAccount;
  readonly #photos: SetPhoto[] = [];

  constructor(account: RawAccount) {
    this.#account = account;
  }

  get count(): number {
    return this.#photos.length;
  }

  async change(random: Random): Promise<void> {
    const kept = this.#photos.filter(({ id, deletion }) => id !== undefined && deletion !== 'acknowledged');
    if (kept.length > PROFILE_MAX) return this.#delete(kept[0]!);
    const photo = await draw(this.#photos.length, random);
    this.#photos.push(photo);
    await uploadParts(this.#account, photo);
    await this.#set(photo);
  }

  async #delete(photo: SetPhoto): Promise<void> {
    photo.deletion = 'asked';
    const { id, access_hash } = photo;
    await callPatiently<'photos.deletePhotos'>(this.#account, { _: 'photos.deletePhotos', id: [{ _: 'inputPhoto', id: id!, access_hash, file_reference: new Uint8Array() }] });
    photo.deletion = 'acknowledged';
  }

  async #set(photo: SetPhoto): Promise<void> {
    const answer = await callPatiently<'photos.uploadProfilePhoto'>(this.#account, { _: 'photos.uploadProfilePhoto', file: inputFileOf(photo, 'me.jpg') });
    if (answer.photo._ !== 'photo') throw new Error('uploadProfilePhoto answers without a photo');
    Object.assign(photo, { isAcked: true, id: answer.photo.id, access_hash: answer.photo.access_hash });
  }

  async repeatOpen(): Promise<void> {
    for (const photo of this.#photos) if (!photo.isAcked) await repeatWithUpload(() => this.#set(photo), () => uploadParts(this.#account, photo));
  }

  /** Checks that each acknowledged photo is in the list once, that the first one is the current one, and that all can be loaded. @throws if not */
  async check(): Promise<void> {
    const page = { user_id: { _: 'inputUserSelf' }, offset: 0, max_id: 0n, limit: 100 } as const;
    const { photos } = await this.#account.call<'photos.getUserPhotos'>({ _: 'photos.getUserPhotos', ...page });
    const ids = photos.map(({ id }) => id);
    for (const { id, deletion, n } of this.#photos) {
      const times = ids.filter((one) => one === id).length;
      if (id !== undefined && deletion !== 'asked' && times !== (deletion === undefined ? 1 : 0)) throw new Error(`profile photo ${n}, deletion ${deletion}, is in the list ${times} times`);
    }
    const open = this.#photos.filter(({ isAcked }) => !isAcked).length;
    const known = new Map(this.#photos.map(({ id, n }) => [id, n]));
    const others = ids.filter((id) => !known.has(id));
    if (others.length > open) throw new Error(`the list of profile photos has ${others.length} that nobody knows, ${open} are open`);
    const [self] = await this.#account.call<'users.getUsers'>({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    const current = self?._ === 'user' && self.photo?._ === 'userProfilePhoto' ? self.photo.photo_id : undefined;
    if (current !== ids[0]) throw new Error(`the current profile photo is ${current}, the newest of the list ${ids[0]}`);
    for (const photo of photos) await checkPhoto(this.#account, photo, known.get(photo.id));
  }
}

/** The photo of a channel, which changes all the time. */
export class ChatPhotos {
  readonly #account: RawAccount;
  readonly #channel: tl.inputChannel;
  readonly #photos: SetPhoto[] = [];

  private constructor(account: RawAccount, channel: tl.inputChannel) {
    this.#account = account;
    this.#channel = channel;
  }

  static async create(account: RawAccount): Promise<ChatPhotos> {
    const [channel] = channelsIn(await account.call<'channels.createChannel'>({ _: 'channels.createChannel', broadcast: true, title: 'Photos', about: '' }));
    return new ChatPhotos(account, channel!);
  }

  get count(): number {
    return this.#photos.length;
  }

  async change(random: Random): Promise<void> {
    const photo = await draw(this.#photos.length, random);
    this.#photos.push(photo);
    await uploadParts(this.#account, photo);
    await this.#set(photo);
  }

  async #set(photo: SetPhoto): Promise<void> {
    const uploaded: tl.inputChatUploadedPhoto = { _: 'inputChatUploadedPhoto', file: inputFileOf(photo, 'chat.jpg') };
    await callPatiently<'channels.editPhoto'>(this.#account, { _: 'channels.editPhoto', channel: this.#channel, photo: uploaded });
    photo.isAcked = true;
  }

  /** A call without an answer may have set the photo: then it is not changed again. */
  async #setAgain(photo: SetPhoto): Promise<void> {
    try {
      await this.#set(photo);
    } catch (error) {
      if (!String(error).includes('CHAT_NOT_MODIFIED')) throw error;
      photo.isAcked = true;
    }
  }

  async repeatOpen(): Promise<void> {
    for (const photo of this.#photos) if (!photo.isAcked) await repeatWithUpload(() => this.#setAgain(photo), () => uploadParts(this.#account, photo));
  }

  /** Checks that the last acknowledged photo or the one without an answer is the current one, and that all service messages have their photos. @throws if not */
  async check(): Promise<void> {
    const last = this.#photos.findLast(({ isAcked }) => isAcked);
    if (last === undefined) return;
    const { full_chat } = await this.#account.call<'channels.getFullChannel'>({ _: 'channels.getFullChannel', channel: this.#channel });
    if (full_chat._ !== 'channelFull' || full_chat.chat_photo._ !== 'photo') throw new Error('the channel has lost its photo');
    const possible = [last, ...this.#photos.filter(({ isAcked }) => !isAcked)];
    const peer: tl.inputPeerChannel = { ...this.#channel, _: 'inputPeerChannel' };
    for (const big of [true, false]) {
      const bytes = await loadAt(this.#account, { _: 'inputPeerPhotoFileLocation', big, peer, photo_id: full_chat.chat_photo.id });
      const faults = await Promise.all(possible.map(({ n }) => checkColour(bytes, n).then(() => undefined, String)));
      if (!faults.includes(undefined)) throw new Error(`the photo of the channel is not number ${possible.map(({ n }) => n).join(' or ')}`);
    }
    const changes = (await readHistory(this.#account, peer)).flatMap((message) => (message._ === 'messageService' && message.action._ === 'messageActionChatEditPhoto' ? [message.action] : []));
    const acked = this.#photos.filter(({ isAcked }) => isAcked).length;
    if (changes.length < acked) throw new Error(`${acked} changes of the photo were acknowledged, ${changes.length} are told`);
    for (const { photo } of changes) await checkPhoto(this.#account, photo, undefined);
  }
}
