import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { RatingChanged } from '@app/events/catalogue/rating.events';
import { recordRating, type Tx } from '../service/projections.ts';

/** Reviews' events: what lists are sorted and filtered by. */
export class RatingHandlers {
  @EventHandler(RatingChanged)
  onChanged({ data }: ReceivedEvent<DataOf<typeof RatingChanged>>, tx: Tx): Promise<void> {
    return recordRating(tx, data.productId, data);
  }
}
