import { toPayload, type UserError } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { type Run, readWorkflow, readWorkflows } from '../service/workflows/read-workflows.ts';
import { cancelWorkflow, compensateWorkflow, retryWorkflow } from '../service/workflows/steer-workflow.ts';
import type { Order } from './order.type.ts';
import { toOrder } from './to-order.ts';
import { Workflow, WorkflowConnection, WorkflowFilter, WorkflowPayload, type WorkflowStep, WorkflowStopInput } from './workflow.type.ts';

/** What staff sees of durable runs, and does with them. */
@Resolver(() => Workflow)
export class WorkflowResolver {
  @Directive('@requiresScopes(scopes: [["orders:read"]])')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@tag(name: "admin")')
  @Query(() => WorkflowConnection, { description: 'Durable runs, newest first.' })
  async workflows(
    @Ctx() { deps, principal }: OrdersContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
    @Arg('filter', () => WorkflowFilter, { nullable: true, description: 'Which.' }) filter?: WorkflowFilter | null,
  ): Promise<InstanceType<typeof WorkflowConnection>> {
    const page = await readWorkflows(deps, principal, { first, after: after ?? null }, { ...filter });
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toWorkflow(node) }));
    return Object.assign(new WorkflowConnection(), { ...page, edges, nodes: edges.map(({ node }) => node) });
  }

  @Directive('@requiresScopes(scopes: [["orders:read"]])')
  @Directive('@tag(name: "admin")')
  @Query(() => Workflow, { nullable: true, description: 'A durable run by id; null when there is none.' })
  async workflow(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<Workflow | null> {
    const run = await readWorkflow(deps, principal, id);
    return run && toWorkflow(run);
  }

  @Directive('@requiresScopes(scopes: [["orders:write", "payments:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => WorkflowPayload, { description: 'Takes up a run at once that waits, pauses after a failure, or was stopped.' })
  workflowRetry(@Arg('id', () => ID, { description: 'The run.' }) id: string, @Ctx() context: OrdersContext): Promise<WorkflowPayload> {
    return payload(() => retryWorkflow(context.deps, context.principal, id));
  }

  @Directive('@requiresScopes(scopes: [["orders:write", "payments:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => WorkflowPayload, { description: 'Stops a run where it is. Nothing is undone; workflowRetry continues it.' })
  workflowCancel(
    @Arg('id', () => ID, { description: 'The run.' }) id: string,
    @Arg('input', () => WorkflowStopInput, { description: 'Why.' }) input: WorkflowStopInput,
    @Ctx() context: OrdersContext,
  ): Promise<WorkflowPayload> {
    return payload(() => cancelWorkflow(context.deps, context.principal, id, input.reason));
  }

  @Directive('@requiresScopes(scopes: [["orders:write", "payments:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => WorkflowPayload, { description: 'Turns a run around before its point of no return: what it did is undone.' })
  workflowCompensate(
    @Arg('id', () => ID, { description: 'The run.' }) id: string,
    @Arg('input', () => WorkflowStopInput, { description: 'Why.' }) input: WorkflowStopInput,
    @Ctx() context: OrdersContext,
  ): Promise<WorkflowPayload> {
    return payload(() => compensateWorkflow(context.deps, context.principal, id, input.reason));
  }

  @FieldResolver()
  async order(@Root() { orderId }: Workflow, @Ctx() { loaders }: OrdersContext): Promise<Order | null> {
    const row = await loaders.order.load(orderId);
    return row ? toOrder(row) : null;
  }

  @FieldResolver()
  async steps(@Root() { id }: Workflow, @Ctx() { loaders }: OrdersContext): Promise<WorkflowStep[]> {
    return [...(await loaders.workflowStepsOf.load(id))];
  }
}

function toWorkflow({ workflow: name, subject: orderId, refusal, until: continuesAt, ...run }: Run): Workflow {
  return Object.assign(new Workflow(), { ...run, name, orderId, continuesAt, refusalReason: refusal?.reason ?? null });
}

function payload(work: () => Promise<Run>): Promise<WorkflowPayload> {
  const empty = { workflow: null as Workflow | null, userErrors: [] as UserError[] };
  return toPayload(async () => ({ ...empty, workflow: toWorkflow(await work()) }), empty).then((made) =>
    Object.assign(new WorkflowPayload(), made),
  );
}
