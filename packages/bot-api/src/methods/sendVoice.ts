import { defineFileMethod } from '../sending/send-file.ts';

export const sendVoice = defineFileMethod('sendVoice', 'voice');
