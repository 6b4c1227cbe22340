import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { Logger } from '@app/observability';
import type { Config } from '../config.ts';

type ReportingConfig = Pick<Config, 'APOLLO_KEY' | 'APOLLO_GRAPH_REF' | 'APOLLO_USAGE_REPORTING_URL' | 'APOLLO_TRACE_SHARE'>;

/**
 * Reports which operations clients send and how they fare, in the format of Apollo's usage reports (protobuf), once there are a key and the
 * graph to report for. No values of variables, no headers and no messages of errors leave the process.
 */
export function usageReporting<Context extends BaseContext>(config: ReportingConfig, logger: Logger): ApolloServerPlugin<Context> {
  if (!isReporting(config)) return ApolloServerPluginUsageReportingDisabled();
  return ApolloServerPluginUsageReporting<Context>({
    endpointUrl: config.APOLLO_USAGE_REPORTING_URL?.replace(/\/$/, ''),
    fieldLevelInstrumentation: config.APOLLO_TRACE_SHARE,
    sendVariableValues: { none: true },
    sendHeaders: { none: true },
    sendErrors: { masked: true },
    reportErrorFunction: (error) => logger.warn({ err: error }, 'usage report was not taken'),
  });
}

/** The reference executor and usage reports need Apollo Server's view of every request. */
export function needsApolloServer(config: ReportingConfig & Pick<Config, 'EXECUTOR'>): boolean {
  return config.EXECUTOR === 'stock' || isReporting(config);
}

function isReporting({ APOLLO_KEY, APOLLO_GRAPH_REF }: ReportingConfig): boolean {
  return APOLLO_KEY !== undefined && APOLLO_GRAPH_REF !== undefined;
}
