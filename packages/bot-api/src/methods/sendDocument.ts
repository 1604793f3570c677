import { defineFileMethod } from '../sending/send-file.ts';

export const sendDocument = defineFileMethod('sendDocument', 'document');
