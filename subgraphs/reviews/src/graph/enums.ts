import { registerEnumType } from 'type-graphql';
import { ModerationDecision, ReportReason, ReviewSort, ReviewStatus, VoteValue } from '../domain/vocabulary.ts';

registerEnumType(ReviewStatus, {
  name: 'ReviewStatus',
  description: 'Where a review is in its life.',
  valuesConfig: {
    PENDING: { description: 'Waits for a moderator. An older text that was approved stays visible.' },
    PUBLISHED: { description: 'Visible to everybody.' },
    REJECTED: { description: 'Not shown; its author may edit it and try again.' },
    HIDDEN: { description: 'Was visible and has been taken off.' },
  },
});
registerEnumType(VoteValue, {
  name: 'VoteValue',
  description: 'What a reader thinks of a review.',
  valuesConfig: { HELPFUL: { description: 'It helped.' }, NOT_HELPFUL: { description: 'It did not help.' } },
});
registerEnumType(ReviewSort, {
  name: 'ReviewSort',
  description: 'Order of a list of reviews.',
  valuesConfig: {
    MOST_HELPFUL: { description: 'Most helpful votes first.' },
    NEWEST: { description: 'Newest first.' },
    RATING_DESC: { description: 'Most stars first.' },
    RATING_ASC: { description: 'Fewest stars first.' },
  },
});
registerEnumType(ReportReason, {
  name: 'ReportReason',
  description: 'Why a review is reported.',
  valuesConfig: {
    SPAM: { description: 'Advertising or repetition.' },
    OFFENSIVE: { description: 'Insults or incites.' },
    OFF_TOPIC: { description: 'Is not about the product.' },
    CONFLICT_OF_INTEREST: { description: 'Written by somebody with a stake in it.' },
    PRIVATE_DATA: { description: 'Contains personal data.' },
  },
});
registerEnumType(ModerationDecision, {
  name: 'ModerationDecision',
  description: 'What a moderator decides.',
  valuesConfig: {
    PUBLISH: { description: 'Show it: a pending review, a pending edit, or a hidden review again.' },
    REJECT: { description: 'Do not show what is pending; an older approved text stays.' },
    HIDE: { description: 'Take a published review off.' },
  },
});
