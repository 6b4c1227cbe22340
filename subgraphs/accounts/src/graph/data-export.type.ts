import { DateTimeScalar, Node } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';
import type { DataExportRow } from '../service/reading.ts';
import { JobStatus } from './enums.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('DataExport', { implements: Node, description: 'A copy of the personal data that the accounts service holds.' })
export class DataExport extends Node {
  @Field(() => JobStatus, { description: 'How far it is.' })
  status!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The JSON document as a data: URL, for the owner only; null until it is done and once it has expired.',
  })
  downloadUrl!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is deleted.' })
  expiresAt!: Date | null;

  /** @param isReadable the caller owns it. A data: URL and no link: nothing that could be passed on or guessed. */
  static of({ id, status, requestedAt, expiresAt, content }: DataExportRow, isReadable: boolean): DataExport {
    const downloadUrl = isReadable && content !== null ? toDataUrl(content) : null;
    return Object.assign(new DataExport(), { id, status, requestedAt, expiresAt, downloadUrl });
  }
}

function toDataUrl(content: unknown): string {
  return `data:application/json;base64,${Buffer.from(JSON.stringify(content, null, 2)).toString('base64')}`;
}
