import { defineStatement } from '../database/statement.ts';

/** A place in `send_keys`, for going through it in ranges. */
export interface SendKeyPlace {
  owner_id: bigint;
  random_id: bigint;
}

/**
 * Goes through some keys above a place: notes those whose message is gone, and removes those that were gone long enough.
 * Its row is the last key it looked at; none means that it came to the end.
 */
export const sweepSendKeys = defineStatement<SendKeyPlace>(
  'sweep_send_keys',
  `WITH range AS MATERIALIZED (
     SELECT k.owner_id, k.random_id, k.gone_date,
            NOT EXISTS (SELECT FROM messages AS m WHERE m.owner_id = k.owner_id AND m.msg_id = k.msg_id) AS is_gone
       FROM send_keys AS k WHERE (k.owner_id, k.random_id) > ($1, $2)
      ORDER BY k.owner_id, k.random_id LIMIT $3::integer
   ), noted AS (
     UPDATE send_keys AS k SET gone_date = $4::integer
       FROM range AS r WHERE k.owner_id = r.owner_id AND k.random_id = r.random_id AND r.is_gone AND r.gone_date IS NULL
   ), removed AS (
     DELETE FROM send_keys AS k USING range AS r
      WHERE k.owner_id = r.owner_id AND k.random_id = r.random_id AND r.gone_date < $5::integer
   )
   SELECT owner_id, random_id FROM range ORDER BY owner_id DESC, random_id DESC LIMIT 1`,
);

/** Rows that say themselves when they end. */
export const dropExpired = [
  defineStatement('drop_old_marks', 'DELETE FROM commit_marks WHERE date < $1::integer - 86400'),
  defineStatement('drop_exported_authorizations', 'DELETE FROM exported_authorizations WHERE expires_date < $1::integer - 3600'),
  defineStatement('drop_login_tokens', 'DELETE FROM login_tokens WHERE expires_date < $1::integer - 3600'),
  // Who has not answered for so long is not counted, and what is written to them is no first message.
  defineStatement('drop_first_contacts', 'DELETE FROM first_contacts WHERE date < $1::integer - 30 * 86400'),
  defineStatement('drop_tmp_passwords', 'DELETE FROM tmp_passwords WHERE expires_date < $1::integer'),
];

/**
 * What a clock that was ahead has dated later than now: limits and codes that would hold for as long as it was ahead. Whoever was
 * locked out may try again, and no code stays valid for months.
 */
export const dropFuture = [
  defineStatement('drop_future_login_codes', 'DELETE FROM login_codes WHERE created_date > $1::integer + 60'),
  defineStatement('drop_future_email_codes', 'DELETE FROM email_codes WHERE since_date > $1::integer + 60'),
  defineStatement('drop_future_password_guesses', 'DELETE FROM password_guesses WHERE since_date > $1::integer + 60'),
  defineStatement('drop_future_srp_challenges', 'DELETE FROM srp_challenges WHERE created_date > $1::integer + 60'),
  defineStatement('pull_first_contacts', 'UPDATE first_contacts SET date = $1::integer WHERE date > $1::integer + 60'),
  // No message lives longer than a year from when it came.
  defineStatement('pull_expiring_messages', 'UPDATE expiring_messages SET expires_date = $1::integer + 365 * 86400 WHERE expires_date > $1::integer + 366 * 86400'),
];
