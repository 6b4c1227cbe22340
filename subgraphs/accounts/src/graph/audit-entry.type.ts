import { connectionType, DateTimeScalar } from '@app/subgraph';
import { type ClassType, Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { AuditRow } from '../service/read-audit.ts';

@Directive('@tag(name: "admin")')
@ObjectType('AuditEntry', { description: 'Something that must stay known: who did what to whom. Entries are never changed.' })
export class AuditEntry {
  @Field(() => ID, { description: 'Id of the entry.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  recordedAt!: Date;

  @Field(() => String, { description: 'What, such as session.opened, session.refused, account.roles_set or access.denied.' })
  action!: string;

  @Field(() => ID, { nullable: true, description: 'Account of who did it; null when it was the system, or somebody unknown.' })
  actorId!: string | null;

  @Field(() => ID, { description: 'What it was done to: an account, or the operation that was denied.' })
  subjectId!: string;

  @Field(() => String, { nullable: true, description: 'Why, in the words of who did it.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'State before, as JSON.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'State after, or circumstances, as JSON.' })
  after!: string | null;

  @Field(() => ID, { nullable: true, description: 'Request that caused it: the same id stands in every log line.' })
  requestId!: string | null;

  static of({ before, after, ...row }: AuditRow): AuditEntry {
    return Object.assign(new AuditEntry(), row, { before: asText(before), after: asText(after) });
  }
}

@InputType('AuditFilter', { description: 'What to look for; all that is given must fit.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Account of who did it.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'What it was done to.' })
  subjectId?: string | null;

  @Field(() => String, { nullable: true, description: 'The exact action.' })
  action?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not before.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before.' })
  until?: Date | null;
}

export const { Connection: AuditEntryConnection } = connectionType('AuditEntry', () => AuditEntry as ClassType<AuditEntry>, {
  items: 'audit entries',
  totalCount: 'none',
});

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
