/** Keyboards of bots. */
export const botsTexts = {
  botButtons: 'Buttons',
  botSays: '{name} says',
  ok: 'OK',
  buttonUnknown: 'This client cannot do what this button asks for.',
  enterPassword: 'Enter your password',
  enterPasswordText: 'This button needs your password. The bot does not get to know it.',
  confirmPress: 'Continue',
  botKeyboard: 'Keyboard of the bot',
  cannotSendPlace: 'This client cannot send where you are. Use another one for that.',
  cannotSendPeers: 'This client cannot choose people or chats for a bot yet. Use another one for that.',
  startBot: 'Start',
  chooseInlineChat: 'Choose a chat',
} as const;
