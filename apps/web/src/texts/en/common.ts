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
  elsewhereTitle: 'Open in another tab',
  elsewhereText: 'This browser can use Aerogram in one tab only.',
  elsewhereHere: 'Use it here',
} as const;
