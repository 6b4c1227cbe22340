import { connectionType, DateTimeScalar, UserError } from '@app/subgraph';
import { type ClassType, Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { WorkflowStatus, WorkflowStepOutcome } from '../domain/statuses.ts';
import { Order } from './order.type.ts';

@ObjectType('WorkflowStep', { description: 'A step that a run has behind it.' })
export class WorkflowStep {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => WorkflowStepOutcome, { description: 'What came of it.' })
  outcome!: WorkflowStepOutcome;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it began.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;
}

@ObjectType('Workflow', { description: 'A durable run of a process of an order: placing it, calling it off, shipping, refunds, returns.' })
export class Workflow {
  @Field(() => ID, { description: 'Its id, made from what it is about.' })
  id!: string;

  @Field(() => String, { description: 'Which process.' })
  name!: string;

  @Field(() => Int, { description: 'Version of its definition; a run stays with the one that it began with.' })
  version!: number;

  @Field(() => WorkflowStatus, { description: 'How it stands.' })
  status!: WorkflowStatus;

  @Field(() => Order, { nullable: true, description: 'The order that it is about.' })
  order?: Order | null;

  @Field(() => String, { nullable: true, description: 'The step that failed last or waits; null while all goes well.' })
  step!: string | null;

  @Field(() => Int, { description: 'How often that step failed in a row.' })
  failures!: number;

  @Field(() => String, { nullable: true, description: 'Why it failed last.' })
  lastError!: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the business failure that ended it.' })
  refusalReason!: string | null;

  @Field(() => String, { nullable: true, description: 'The signal that it waits for.' })
  waitingFor!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it goes on by itself, while it waits or pauses.' })
  continuesAt!: Date | null;

  @Directive('@listSize(assumedSize: 20)')
  @Field(() => [WorkflowStep], { description: 'What it has behind it, in order.' })
  steps?: WorkflowStep[];

  @Field(() => DateTimeScalar, { description: 'When it was started.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it changed last.' })
  updatedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;

  /** What it is about. */
  orderId!: string;
}

@InputType('WorkflowFilter', { description: 'Which runs.' })
export class WorkflowFilter {
  @Field(() => String, { nullable: true, description: 'Of this process, such as place-order.' })
  name?: string | null;

  @Field(() => [WorkflowStatus], { nullable: true, description: 'In one of these states.' })
  status?: WorkflowStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Of this order.' })
  orderId?: string | null;
}

@InputType('WorkflowStopInput', { description: 'Why a run is stopped or undone.' })
export class WorkflowStopInput {
  @Field(() => String, { description: 'At most 500 characters; it is written into the history of the order.' })
  reason!: string;
}

@ObjectType('WorkflowPayload', { description: 'What came of steering a run.' })
export class WorkflowPayload {
  @Field(() => Workflow, { nullable: true, description: 'The run as it is now.' })
  workflow!: Workflow | null;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [UserError], { description: 'What went wrong; empty when it worked.' })
  userErrors!: UserError[];
}

const { Connection } = connectionType('Workflow', () => Workflow as ClassType<Workflow>, {
  items: 'runs',
  totalCount: 'optional',
  totalCountCost: 10,
});
export const WorkflowConnection = Connection;
