import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

/** What a browser sees at `/graphql`: Apollo Sandbox in development, nothing in production. */
export function landingPage<Context extends BaseContext>(isProduction: boolean): ApolloServerPlugin<Context> {
  return isProduction ? ApolloServerPluginLandingPageDisabled() : ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false });
}
