/** TL answers and updates as objects of the Bot API. */
export { projectTopic } from './action-object.ts';
export { chatIdOf, type ChatKind, kindOf, projectChat } from './chat-object.ts';
export { documentKind, type FileSize, fileSizes, projectDocument, projectPhotoSizes } from './file-objects.ts';
export { projectFullChat } from './full-chat.ts';
export { projectInlineMessageId, readInlineMessageId } from './inline-message-id.ts';
export { jsonId } from './json-object.ts';
export { KnownPeers } from './known-peers.ts';
export { projectMarkup } from './markup-object.ts';
export { type MemberPlace, projectAdminRights, projectInviteLink, projectMember, projectPermissions } from './member-object.ts';
export { threadOf } from './message-thread.ts';
export type { ObjectSource } from './object-source.ts';
export { OLD_FIELDS } from './old-fields.ts';
export { projectUserProfilePhotos } from './profile-photos.ts';
export { projectMessages } from './project-messages.ts';
export { projectUpdates } from './project-updates.ts';
export { projectSticker, projectStickerSet } from './sticker-object.ts';
export { UPDATE_NAMES, type UpdateName, type UpdateObject } from './update-object.ts';
export { projectMe, projectUser } from './user-object.ts';
