import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Builds the media of a new message from a client's input, except link previews. Throws as the operations of the domain for documents and other media. */
export async function prepareSentMedia({ domain, userId }: RpcContext, input: Exclude<tl.InputMedia, tl.inputMediaWebPage>): Promise<tl.MessageMedia> {
  const isDocument = input._ === 'inputMediaUploadedDocument' || input._ === 'inputMediaDocument';
  return isDocument ? domain.files.prepareMedia(userId, input) : domain.messages.prepareMedia(userId, input);
}
