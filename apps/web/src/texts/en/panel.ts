/** The panel of emoji, stickers and GIFs. They come with the panel, so no other part may show them. */
export const panelTexts = {
  searchEmoji: 'Search emoji',
  searchStickers: 'Search stickers',
  emojiGroups: 'Groups of emoji',
  skinTone: 'Skin tone',
  ownStickerSets: 'Sticker sets',
  recentStickers: 'Recent',
  favouriteStickers: 'Favourites',
  foundStickers: 'Found stickers',
  noStickers: 'No stickers here yet. Stickers that you receive can be added with one click.',
  noGifs: 'No GIFs here yet. GIFs that you send appear here.',
  stickerNamed: 'Sticker {emoji}',
  stickerSettings: 'Your sticker sets',
} as const;
