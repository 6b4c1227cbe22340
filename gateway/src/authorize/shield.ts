import { createRequire } from 'node:module';
import type { Principal } from '@app/auth';
import type { Requirement } from '@app/authorization';
import type { GraphQLResolveInfo } from 'graphql';

/** The ES module build of graphql-shield calls `util.isUndefined`, which Node 24 no longer has; the CommonJS build loads, without `chain` and `race`. */
const { and, or, rule } = createRequire(import.meta.url)('graphql-shield') as typeof import('graphql-shield');

/** Answers whether a policy holds. Rejections and late answers count as no. */
export type PolicyCheck = (policy: string, principal: Principal) => Promise<boolean>;

/** Who is judged, and by whom policies are. */
export interface RuleSubject {
  readonly principal: Principal;
  readonly checkPolicy: PolicyCheck;
}

/** graphql-shield's rule algebra, evaluated outside of any resolver. */
export type Rule = ReturnType<typeof and>;

interface RuleContext extends RuleSubject {
  /** Where graphql-shield keeps "contextual" results: a policy is asked once per request. */
  readonly _shield: { cache: Record<string, Promise<boolean> | boolean> };
}

const isSignedIn = rule('authenticated')((_parent, _args, { principal }: RuleContext) => principal.kind !== 'anonymous');

/** The rule of one requirement. An empty list of alternatives can never be met. */
export function compileRule(requirement: Requirement): Rule {
  switch (requirement.kind) {
    case 'authenticated':
      return and(isSignedIn);
    case 'scopes':
      return or(...requirement.anyOf.map((scopes) => and(isSignedIn, ...scopes.map(hasScope))));
    case 'policy':
      return or(...requirement.anyOf.map((policies) => and(...policies.map(meetsPolicy))));
  }
}

/** A fresh context for the rules of one request. */
export function ruleContext(subject: RuleSubject): RuleContext {
  return { ...subject, _shield: { cache: {} } };
}

/** True only when the rule says exactly true. */
export async function holds(tree: Rule, context: RuleContext): Promise<boolean> {
  const options = { debug: false, allowExternalErrors: false, fallbackRule: isSignedIn, hashFunction: () => '' };
  return (await tree.resolve({}, {}, context, {} as GraphQLResolveInfo, options)) === true;
}

function hasScope(scope: string) {
  return rule(`scope ${scope}`)(
    (_parent, _args, { principal }: RuleContext) => principal.kind === 'user' && principal.scopes.includes(scope),
  );
}

function meetsPolicy(policy: string) {
  return rule(`policy ${policy}`, { cache: 'contextual' })((_parent, _args, { principal, checkPolicy }: RuleContext) =>
    checkPolicy(policy, principal),
  );
}
