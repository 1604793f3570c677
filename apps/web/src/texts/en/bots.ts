/** Keyboards of bots. */
export const botsTexts = {
  botButtons: 'Buttons',
  botSays: '{name} says',
  ok: 'OK',
  buttonUnknown: 'This client cannot do what this button asks for.',
  enterPassword: 'Enter your password',
  enterPasswordText: 'This button needs your password. The bot does not get to know it.',
  confirmPress: 'Continue',
  chooseInlineChat: 'Choose a chat',
} as const;
