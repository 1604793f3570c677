import { Described } from '../bot-call.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readAllowed } from '../updates/allowed-updates.ts';
import { CERTIFICATE_BYTES_MAX, checkCertificateSize, readCertificates } from '../webhooks/webhook-certificate.ts';
import { connectionsOf } from '../webhooks/webhook-connections.ts';
import { checkIpAddress, checkSecret, parseWebhookUrl } from '../webhooks/webhook-url.ts';
import { removeWebhook } from './deleteWebhook.ts';

export const setWebhook = defineBotMethod({
  method: 'setWebhook',
  params: ['url', 'certificate', 'ip_address', 'max_connections', 'allowed_updates', 'drop_pending_updates', 'secret_token'],
  async run(call, params) {
    const wishes = { dropPending: params.bool('drop_pending_updates'), allowed: readAllowed(params) };
    const url = params.text('url').trim();
    if (url === '') return removeWebhook(call, wishes);
    const secret = params.text('secret_token');
    const ipAddress = params.text('ip_address').trim();
    checkSecret(secret);
    parseWebhookUrl(url);
    checkIpAddress(ipAddress);
    const file = params.file('certificate');
    let certificate: string | null = null;
    if (file?.kind === 'upload') {
      checkCertificateSize(file.upload.size);
      const bytes = await call.domain.files.doTakeUpload(call.botId, file.upload.file, CERTIFICATE_BYTES_MAX);
      certificate = readCertificates(Buffer.from(bytes ?? []).toString('latin1'));
    }
    const outcome = await call.webhooks.doSet(
      { bot_id: call.botId, url, secret, certificate, ip_address: ipAddress, max_connections: connectionsOf(params.int('max_connections'), call.domain.config.botApiLocal) },
      call.tokenHash ?? new Uint8Array(),
      wishes,
    );
    return new Described(true, outcome === 'kept' ? 'Webhook is already set' : 'Webhook was set');
  },
});
