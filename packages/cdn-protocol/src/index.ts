// What the origin and a CDN node have in common: tokens, messages, windows. Pure functions, without I/O.
export { type CdnFileKey, cryptPart, deriveFileId, deriveFileKey, type FileInEpoch, ivAt } from './file-cipher.ts';
export { deriveNodeKeys, macOf, NODE_SECRET_BYTES, type NodeKeys } from './node-keys.ts';
export {
  isAnswerOfNode, isHex, MAC_HEADER, MAX_FORGOTTEN, MESSAGE_HEADER, PUSH_PATH, type PushContent, type PushMessage, readMessage, signAnswer, type SignedHeaders, signMessage,
  TICKET_CHARS, type WindowMessage,
} from './push-message.ts';
export { FILE_ID_BYTES, type FileToken, MAX_TOKEN_S, readFileToken, readRequestToken, type RequestToken, TOKEN_S, writeFileToken, writeRequestToken } from './tokens.ts';
export { locatePart, MAX_WINDOW, type PartOfWindow, WINDOW_BYTES, windowLength } from './windows.ts';
