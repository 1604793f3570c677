import { defineFileMethod } from '../sending/send-file.ts';

export const sendPhoto = defineFileMethod('sendPhoto', 'photo');
