export {
  type Delivery,
  deleteSettledMails,
  deliverMail,
  discardMail,
  type MailDatabase,
  mailsToOffer,
  markOffered,
  type NewMail,
  postMail,
} from './mail-table.ts';
export { type MailSettings, mailerOf, mailVariables } from './mail-variables.ts';
export { type Mailer, MailRefused, type OutgoingMail, showMails } from './mailer.ts';
export { mailHandler, offerMails, sendMail, sendWaitingMails } from './send-mail.ts';
export { createSmtpMailer, type SmtpSettings } from './smtp-mailer.ts';
