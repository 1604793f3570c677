import type { Invited } from '@aerogram/domain';
import { escapeHtml } from '../http/escape-html.ts';
import { PAGE_STYLE, renderPage } from '../http/page-frame.ts';
import { formPagePolicy } from '../http/page-policy.ts';

/** What browsers let the pages of invitation links do: send the form. */
export const INVITE_PAGE_POLICY = formPagePolicy(PAGE_STYLE);

/** Maximum length of what is entered, in UTF-16 units. */
export const ENTERED_MAX = 254;

/** The page of all links that nobody can use. It does not say why. */
export const NO_INVITATION_PAGE = renderPage('No invitation', `<h1>This invitation cannot be used</h1>
<p>It was used already, has ended, or was taken back. Ask whoever gave it to you for a new one.</p>`);

/** The page that says why a form was not taken. Pure. */
export const renderInviteProblem = (title: string, text: string): string => renderPage(title, `<h1>${escapeHtml(title)}</h1>
<p role="alert">${escapeHtml(text)}</p>`);

/** What the page asks for. */
export interface AskedForm {
  /** The secret of the form. */
  form: string;
  /** Whether an e-mail address can be entered. */
  takesEmail: boolean;
  /** Whether the server sends codes to phone numbers. Where it does not, people get them from the operator. */
  sendsToPhones: boolean;
  /** What was entered before, and what is wrong with it. */
  problem?: { entered: string; text: string };
}

/** The page that asks whom to invite. Pure. */
export function renderInviteForm({ form, takesEmail, sendsToPhones, problem }: AskedForm): string {
  const label = takesEmail ? 'Your phone number or e-mail address' : 'Your phone number';
  const readOut = takesEmail ? 'The codes with which you log in are mailed to an address; those for a phone number you get from whoever runs this server.' : 'The codes with which you log in you get from whoever runs this server.';
  const codes = sendsToPhones ? 'The codes with which you log in are sent there.' : readOut;
  const more = takesEmail ? `${codes} With an e-mail address you get a number of this server.` : codes;
  return renderPage('You are invited', `<h1>You are invited</h1>
<p>Say with what you want to sign up.</p>
${problem === undefined ? '' : `<p class="problem" role="alert" id="problem">${escapeHtml(problem.text)}</p>\n`}<form method="post">
<input type="hidden" name="form" value="${escapeHtml(form)}">
<label for="to">${label}</label>
<input id="to" name="to" type="text" inputmode="${takesEmail ? 'email' : 'tel'}" maxlength="${ENTERED_MAX}" required autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="${takesEmail ? '+1 555 000 1111 or ann@example.org' : '+1 555 000 1111'}" value="${escapeHtml(problem?.entered ?? '')}"${problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"'}>
<button class="button">Continue</button>
</form>
<p><small>${more}</small></p>`);
}

/** The page that says what to do next. It is the same whether or not the number was known before. Pure. @param sendsToPhones as in {@link AskedForm} */
export function renderInvited({ phone, email }: Invited, sendsToPhones: boolean): string {
  const number = `<span class="number" id="number">+${escapeHtml(phone)}</span>`;
  const codes = email === null ? `The code that it then asks for ${sendsToPhones ? 'is sent to this number' : 'you get from whoever runs this server'}.` : `The code that it then asks for is mailed to ${escapeHtml(email)}.`;
  const given = email === null ? '' : '\n<p><strong>Write the number down.</strong> It is shown only now, and you need it each time you log in.</p>';
  return renderPage('You can sign up now', `<h1>You can sign up now</h1>
<p>${email === null ? 'Log in with' : 'Your number is'}<br>${number}</p>${given}
<p>Open the web client, or an app for this server, and enter this number. ${codes}</p>
<p><a class="button" href="/">Open the web client</a></p>`);
}
