import { defineFileMethod } from '../sending/send-file.ts';

export const sendVideo = defineFileMethod('sendVideo', 'video');
