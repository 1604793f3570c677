/** What many pages say of calls. */
export const callingTexts = {
  call: 'Call',
  videoCall: 'Video call',
  videoTile: 'Video',
  calls: 'Calls',
  callBack: 'call back',
} as const;
