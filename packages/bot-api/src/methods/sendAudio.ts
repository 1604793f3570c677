import { defineFileMethod } from '../sending/send-file.ts';

export const sendAudio = defineFileMethod('sendAudio', 'audio');
