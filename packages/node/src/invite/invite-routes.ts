import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvitationLinks } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import type { ClientAddress } from '@aerogram/gateway';
import { MAINTENANCE_WAIT_S } from '@aerogram/rpc';
import { type Config, type Logger, webAddressOf } from '@aerogram/runtime';
import { floodWaitOf } from '../http/flood-wait.ts';
import { networkOfClient } from '../http/network-of-client.ts';
import { readBody } from '../http/read-body.ts';
import { isOfOwnPage, notAllowed, type PageAnswer, sendPage, tooMany } from '../http/send-page.ts';
import { ENTERED_MAX, INVITE_PAGE_POLICY, NO_INVITATION_PAGE, renderInvited, renderInviteForm, renderInviteProblem } from './invite-page.ts';

/** Maximum length of the body of a request, in bytes. */
const BODY_MAX = 4096;

/** What is said to whoever entered something that cannot be used. */
const WORDS: Readonly<Record<string, string>> = {
  PHONE_NUMBER_INVALID: 'That is no phone number. Write it with the code of the country, such as +1 555 000 1111.',
  EMAIL_INVALID: 'That is no e-mail address.',
  EMAIL_NOT_ALLOWED: 'This server sends no codes to addresses there. Use an address of your organisation.',
};

/** What the pages of invitation links stand on. */
export interface InviteRoutesDeps {
  links: Pick<InvitationLinks, 'takesEmail' | 'checkQuota' | 'newForm' | 'isForm' | 'isOpen' | 'doUse'>;
  config: Pick<Config, 'webAddress' | 'httpPort' | 'tlsCert' | 'codeHookUrl'>;
  log: Logger;
  /** Whether there is a maintenance, in which people can only read. */
  isReadOnly(): boolean;
}

/** Answers a request for the page of an invitation link. @param token what follows `/invite/` */
export type InviteHandler = (token: string, request: IncomingMessage, response: ServerResponse, client: ClientAddress) => void;

const NO_INVITATION: PageAnswer = { status: 404, body: NO_INVITATION_PAGE };
const NOT_NOW: PageAnswer = { status: 503, headers: { 'Retry-After': '5' }, body: renderInviteProblem('Not now', 'Something went wrong in the server. Try again in a while.') };
const NOT_IN_MAINTENANCE: PageAnswer = { status: 503, headers: { 'Retry-After': String(MAINTENANCE_WAIT_S) }, body: renderInviteProblem('Not now', 'The server is being worked on. Try again in a while.') };
const NOT_FROM_HERE: PageAnswer = { status: 403, body: renderInviteProblem('Not from here', 'Only the page of the invitation can send this. Open the link again.') };

/** The one value of a field; '' if there is none, or several. Pure. */
function onlyOf(fields: URLSearchParams, name: string): string {
  const [value = '', ...others] = fields.getAll(name);
  return others.length === 0 ? value : '';
}

/** Creates what answers requests for the pages of invitation links. */
export function createInviteRoutes({ links, config, log, isReadOnly }: InviteRoutesDeps): InviteHandler {
  const sendsToPhones = config.codeHookUrl !== undefined;
  const show = async (token: string): Promise<PageAnswer> => ((await links.isOpen(token)) ? { status: 200, body: renderInviteForm({ form: links.newForm(), takesEmail: links.takesEmail, sendsToPhones }) } : NO_INVITATION);

  const take = async (token: string, request: IncomingMessage, address: string): Promise<PageAnswer> => {
    const body = await readBody(request, BODY_MAX);
    if (body === undefined) return { status: 413, headers: { Connection: 'close' }, body: renderInviteProblem('Too long', 'That is too long.') };
    const fields = new URLSearchParams(body);
    const [form, to] = [onlyOf(fields, 'form'), onlyOf(fields, 'to')];
    if (!links.isForm(form) || to.length > ENTERED_MAX) {
      const page = await show(token);
      return page.status === 200 ? { ...page, status: 400 } : page;
    }
    try {
      const invited = await links.doUse({ token, form, to: to.trim(), address });
      return invited === undefined ? NO_INVITATION : { status: 200, body: renderInvited(invited, sendsToPhones) };
    } catch (error) {
      const text = error instanceof RpcError ? WORDS[error.text] : undefined;
      if (text === undefined) throw error;
      return { status: 400, body: renderInviteForm({ form, takesEmail: links.takesEmail, sendsToPhones, problem: { entered: to, text } }) };
    }
  };

  const answer = async (token: string, request: IncomingMessage, client: ClientAddress): Promise<PageAnswer> => {
    const { method } = request;
    const isForm = method === 'POST';
    if (!isForm && method !== 'GET' && method !== 'HEAD') return notAllowed('GET, HEAD, POST');
    const network = networkOfClient(request, client);
    if (network !== undefined) await links.checkQuota(network, isForm);
    if (!isForm) return show(token);
    if (!isOfOwnPage(request, webAddressOf(config, config.httpPort || client.localPort))) return NOT_FROM_HERE;
    return isReadOnly() ? NOT_IN_MAINTENANCE : take(token, request, client.remoteAddress);
  };

  return (token, request, response, client) => {
    answer(token, request, client)
      .catch((error: unknown): PageAnswer => {
        if (error instanceof RpcError && error.code === 420) return tooMany(floodWaitOf(error));
        log.error({ err: error }, 'the page of an invitation link failed');
        return NOT_NOW;
      })
      .then((done) => {
        // What was not read of a request would block the next one of the connection.
        request.resume();
        sendPage(response, done, { policy: INVITE_PAGE_POLICY, isHead: request.method === 'HEAD' });
      })
      .catch(() => response.destroy());
  };
}
