/** Ids of runs are made from what they are about, so that there is one run for each. */
export const placementId = (orderId: string): string => `place:${orderId}`;
export const cancellationId = (orderId: string): string => `cancel:${orderId}`;
export const restCancellationId = (orderId: string): string => `cancel-rest:${orderId}`;
export const shipmentRunId = (fulfillmentId: string): string => `ship:${fulfillmentId}`;
export const receiptId = (returnId: string): string => `receive:${returnId}`;
export const refundId = (keyId: string): string => `refund:${keyId}`;
