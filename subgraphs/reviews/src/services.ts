import { Authoring } from './service/authoring.ts';
import { Feedback } from './service/feedback.ts';
import { Listing } from './service/listing.ts';
import { Moderation } from './service/moderation.ts';
import { Questions } from './service/questions.ts';
import { Reading } from './service/reading.ts';
import type { ServiceOptions } from './service/service-options.ts';

/** Everything that can be done with reviews. */
export interface Services {
  readonly authoring: Authoring;
  readonly feedback: Feedback;
  readonly moderation: Moderation;
  readonly questions: Questions;
  readonly reading: Reading;
  readonly listing: Listing;
}

/** Builds the use cases on one database. */
export function createServices(options: ServiceOptions): Services {
  return {
    authoring: new Authoring(options),
    feedback: new Feedback(options),
    moderation: new Moderation(options),
    questions: new Questions(options),
    reading: new Reading(options.db),
    listing: new Listing(options.db),
  };
}
