/** Where messages are written. */
export const composerTexts = {
  message: 'Message',
  send: 'Send',
  attach: 'Attach',
  photoOrVideo: 'Photo or video',
  file: 'File',
  sendFiles: 'Send files',
  caption: 'Caption',
  emoji: 'Emoji',
  cancelReply: 'Cancel reply',
  cannotWrite: 'You cannot write here.',
  cannotPost: 'Only admins can write in this channel.',
  join: 'Join',
} as const;
