/** The viewer of photos and videos; loaded with it. */
export const viewerTexts = {
  rotate: 'Rotate',
  copyPicture: 'Copy picture',
  pictureNotCopied: 'The browser did not copy the picture.',
  showInChat: 'Show in chat',
  playbackSpeed: 'Playback speed',
} as const;
