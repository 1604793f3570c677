import { describe, expect, it } from 'vitest';

import { checkObject, checkResult } from './object-types.ts';

const chat = { id: 5, type: 'private', first_name: 'Alice' };
const message = { message_id: 1, date: 2, chat, text: 'hi', from: { id: 5, is_bot: false, first_name: 'Alice' } };

describe('comparison of objects with the types of the reference', () => {
  it('accepts a message, and fields that are undefined', () => {
    expect(checkObject('Message', { ...message, caption: undefined })).toEqual([]);
  });

  it('names unknown fields, missing ones and wrong types, with their paths', () => {
    const { date: _, ...rest } = message;
    expect(checkObject('Message', { ...rest, chat: { ...chat, pet: 'cat' }, text: 7 })).toEqual(['Message.date: missing', 'Message.chat.pet: unknown', 'Message.text: no string']);
    expect(checkObject('Message', { ...message, message_id: 1n })).toEqual(['Message.message_id: no number']);
  });

  it('tells the kinds of a union apart', () => {
    expect(checkObject('ChatMember', { status: 'left', user: message.from })).toEqual([]);
    expect(checkObject('ChatMember', { status: 'kicked', user: message.from })).toEqual(['ChatMember.until_date: missing']);
    expect(checkObject('Chat', { ...chat, title: 'A private chat has none' })).not.toEqual([]);
  });

  it('knows what an update says about its message beyond the type of messages', () => {
    expect(checkObject('Update', { update_id: 1, message })).toEqual([]);
    expect(checkObject('Update', { update_id: 1, channel_post: message })).not.toEqual([]);
    expect(checkObject('Update', { update_id: 1, edited_message: message })).toEqual(['Update.edited_message.edit_date: missing']);
  });

  it('checks the items of lists', () => {
    expect(checkObject('PhotoSize[]', [{ file_id: 'a', file_unique_id: 'b', width: 1, height: 1 }])).toEqual([]);
    expect(checkObject('PhotoSize[]', [{ file_id: 'a', file_unique_id: 'b', width: 1 }])).toEqual(['PhotoSize[0].height: missing']);
    expect(checkObject('PhotoSize[]', {})).toEqual(['PhotoSize: no list']);
    expect(checkObject('Message', { ...message, entities: [{ type: 'pre', offset: 0, length: 2, language: 5 }] })).not.toEqual([]);
  });

  it('accepts the old fields, and only in the types that have them', () => {
    const forward_from = message.from;
    expect(checkObject('Message', { ...message, forward_from, forward_date: 1 })).toEqual([]);
    expect(checkObject('User', { ...message.from, forward_date: 1 })).toEqual(['User.forward_date: unknown']);
  });

  it('knows a message that is gone, and refuses one inside of a reply', () => {
    expect(checkObject('CallbackQuery', { id: '1', from: message.from, chat_instance: '2', data: 'x', message: { chat, message_id: 3, date: 0 } })).toEqual([]);
    const reply_to_message = { ...message, reply_to_message: message };
    expect(checkObject('Message', { ...message, reply_to_message })).toEqual(['Message.reply_to_message.reply_to_message: must not be there']);
  });

  it('refuses the name of a type that does not exist', () => {
    expect(() => checkObject('Mesage', {})).toThrow('no type Mesage');
  });

  it('knows what methods return', () => {
    expect(checkResult('sendMessage', message)).toEqual([]);
    expect(checkResult('sendmessage', { ...message, pet: 'cat' })).toEqual(['sendmessage.pet: unknown']);
    expect(checkResult('getChatMemberCount', '5')).toEqual(['getChatMemberCount: no number']);
    expect(checkResult('editMessageReplyMarkup', true)).toEqual([]);
    expect(checkResult('getUpdates', [{ update_id: 1, message: { ...message, pet: 'cat' } }])).toEqual(['getUpdates[0].message.pet: unknown']);
    expect(checkResult('sendMediaGroup', [{ ...message, pet: 'cat' }])).toEqual(['sendMediaGroup[0].pet: unknown']);
    expect(checkResult('deleteWebhook', 'yes')).not.toEqual([]);
  });
});
