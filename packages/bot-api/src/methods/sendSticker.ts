import { defineFileMethod } from '../sending/send-file.ts';

export const sendSticker = defineFileMethod('sendSticker', 'sticker', []);
