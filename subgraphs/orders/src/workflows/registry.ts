import type { AnyWorkflow } from '@app/workflow';
import type { Deps } from '../service/deps.ts';
import { cancelOrder } from './cancel-order/cancel-order.ts';
import { cancelRest } from './cancel-rest/cancel-rest.ts';
import { placeOrder } from './place-order/place-order.ts';
import { receiveReturn } from './receive-return/receive-return.ts';
import { refundOrder } from './refund-order/refund-order.ts';
import { shipOrder } from './ship-order/ship-order.ts';

/**
 * Every workflow. Whoever changes the steps of one counts its version up and leaves the old version in this list until no run of it is left (see
 * the metric `workflow_unserved_runs`): runs stay with the version that they began with.
 */
export const workflows: readonly AnyWorkflow<Deps>[] = [placeOrder, cancelOrder, cancelRest, refundOrder, shipOrder, receiveReturn];
