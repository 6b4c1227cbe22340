/** What a moderator decided about somebody's review. */
export interface ReviewDecision {
  readonly decision: 'PUBLISH' | 'REJECT' | 'HIDE';
  /** Such as OFF_TOPIC. */
  readonly reasonCode: string | null;
  /** The public sees a text of the review after the decision. */
  readonly isVisible: boolean;
}

/** The mail that tells the author; `url` leads to the review. */
export function reviewMail({ decision, reasonCode, isVisible }: ReviewDecision, url: string): { subject: string; text: string } {
  const why = reasonCode === null ? '' : ` The reason given: ${reasonCode.toLowerCase().replaceAll('_', ' ')}.`;
  switch (decision) {
    case 'PUBLISH':
      return { subject: 'Your review is published', text: `Thank you. Everybody can read your review now: ${url}` };
    case 'REJECT':
      return isVisible
        ? {
            subject: 'Your change to a review was not accepted',
            text: `A moderator did not accept your change; the review stays as it was.${why} You can change it again at ${url}`,
          }
        : {
            subject: 'Your review was not accepted',
            text: `A moderator did not accept your review, so it was not published.${why} You can change it at ${url}; then it is looked at again.`,
          };
    case 'HIDE':
      return { subject: 'Your review was taken off', text: `A moderator has taken your review off.${why} You still see it at ${url}` };
  }
}
