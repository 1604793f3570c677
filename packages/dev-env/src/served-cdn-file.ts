import { readRsaPublicKey } from '@aerogram/crypto';
import type { tl } from '@aerogram/tl';
import type { CdnAddress } from './cdn-links.ts';
import type { CdnOrigin } from './cdn-reader.ts';
import type { RawAccount } from './raw-account.ts';
import { sendContent } from './send-file.ts';

/** Calls a running server for a file, as an account that may read it. */
export class ServedCdnFile implements CdnOrigin {
  readonly #account: RawAccount;
  readonly #location: tl.InputFileLocation;

  constructor(account: RawAccount, location: tl.InputFileLocation) {
    this.#account = account;
    this.#location = location;
  }

  getFile(offset: number, limit: number, cdn_supported: boolean): Promise<tl.upload.File> {
    return this.#account.call<'upload.getFile'>({ _: 'upload.getFile', cdn_supported, location: this.#location, offset: BigInt(offset), limit });
  }

  reupload(file_token: Uint8Array, request_token: Uint8Array): Promise<tl.FileHash[]> {
    return this.#account.call<'upload.reuploadCdnFile'>({ _: 'upload.reuploadCdnFile', file_token, request_token });
  }

  getHashes(file_token: Uint8Array, offset: number): Promise<tl.FileHash[]> {
    return this.#account.call<'upload.getCdnFileHashes'>({ _: 'upload.getCdnFileHashes', file_token, offset: BigInt(offset) });
  }
}

/** Reads addresses and keys of the CDN nodes as clients do. @returns the address of a node by its DC id @throws Error for one that is not named */
export async function findCdnAddresses(account: RawAccount): Promise<(dc: number) => CdnAddress> {
  const { dc_options: options } = await account.call<'help.getConfig'>({ _: 'help.getConfig' });
  const { public_keys: keys } = await account.call<'help.getCdnConfig'>({ _: 'help.getCdnConfig' });
  return (dc) => {
    const option = options.find(({ id, cdn }) => id === dc && cdn === true);
    const key = keys.find(({ dc_id }) => dc_id === dc);
    if (!option || !key) throw new Error(`clients are not told where the node with the number ${dc} is`);
    return { host: option.ip_address, port: option.port, publicKey: readRsaPublicKey(key.public_key) };
  };
}

/** A new channel with a document. */
export interface PostedDocument {
  channel: tl.inputChannel;
  msgId: number;
  location: tl.inputDocumentFileLocation;
}

/**
 * Creates a broadcast channel and posts a document there.
 * @param options.username makes the channel public
 * @returns where everybody who may read the channel can load the document from
 */
export async function postInNewChannel(owner: RawAccount, content: Uint8Array, options: { title: string; name: string; username?: string }): Promise<PostedDocument> {
  const { title, name, username } = options;
  const made = await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', broadcast: true, title, about: '' });
  const chat = 'chats' in made ? made.chats.find((one) => one._ === 'channel') : undefined;
  if (chat?.access_hash === undefined) throw new Error('no channel was created');
  const channel: tl.inputChannel = { _: 'inputChannel', channel_id: chat.id, access_hash: chat.access_hash };
  if (username !== undefined) await owner.call<'channels.updateUsername'>({ _: 'channels.updateUsername', channel, username });
  const peer: tl.InputPeer = { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash };
  const location = await sendContent(owner, content, { peer, name });
  const { messages } = (await owner.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.channelMessages;
  return { channel, msgId: messages[0]!.id, location };
}
