/** The planner's variable of the entities that a subgraph is asked for, and what we make of the client's variables with such names. */
const TAKEN = /^representations_*$/;

/** What a client's variable is called in a plan: the planner would take one of its own name for its own. */
export function plannedVariable(name: string): string {
  return TAKEN.test(name) ? `${name}_` : name;
}

/** What the client calls a variable of a plan that is not the planner's own. */
export function clientVariable(name: string): string {
  return TAKEN.test(name) ? name.slice(0, -1) : name;
}
