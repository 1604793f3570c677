/** Search for channels, bots and hashtags; loaded with it. */
export const findingTexts = {
  youMightLike: 'You might like',
  foundPublicOnes: 'Public ones',
  noChannelsYet: 'Channels that you join stand here.',
  noBotsYet: 'Bots to which you wrote stand here.',
  taggedWhere: 'Where to search',
  taggedHere: 'This chat',
  taggedEverywhere: 'All chats',
  nothingTagged: 'No messages with {tag}',
} as const;
