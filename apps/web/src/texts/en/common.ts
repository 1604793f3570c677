/** What several pages say. */
export const commonTexts = {
  appName: 'Aerogram',
  loading: 'Loading…',
  connecting: 'Connecting…',
  updating: 'Updating…',
  back: 'Back',
  next: 'Next',
  cancel: 'Cancel',
  close: 'Close',
  copied: 'Copied',
  copyByHand: 'Copy this text',
  copyByHandText: 'This page was opened over plain HTTP, where browsers allow no copying. Select the text and copy it by hand.',
  upgraded: 'This server has a newer version of the page.',
  reload: 'Reload',
  elsewhereTitle: 'Open in another tab',
  elsewhereText: 'This browser can use Aerogram in one tab only.',
  elsewhereHere: 'Use it here',
} as const;
