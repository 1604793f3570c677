/** The Bot API over HTTP. */
export { BotApi, type BotApiDeps, type BotClient } from './bot-api.ts';
export { Described, JsonText } from './bot-call.ts';
export type { BotCallWatch, WatchedCall, WatchedPost } from './bot-call-watch.ts';
export { BotError } from './bot-error.ts';
export { loadFileIds } from './files/file-ids.ts';
export { LocalFiles, type LocalFilesDeps } from './files/local-files.ts';
export type { MediaDetails, MediaKind } from './files/media-details.ts';
export { mediaOfUpload } from './files/upload-media.ts';
export { sendUnavailable } from './http/answer.ts';
export { type BotPath, readBotPath } from './http/bot-path.ts';
export { saveUpload } from './http/save-upload.ts';
export { ALIASES, BOT_METHODS } from './methods/index.ts';
export { documentKind, type FileSize, fileSizes } from './objects/index.ts';
export { OLD_PARAMETERS } from './params/old-parameters.ts';
export { readJson } from './read-json.ts';
export type { UploadedFile } from './params/params.ts';
export { REFUSED_PARAMETERS } from './params/refused.ts';
export { projectEntities, readText, TEXT_NAMES } from './texts/index.ts';
