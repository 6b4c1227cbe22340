import type { Workflow } from '../workflow.ts'; export const shipOrder: Workflow = { name: 'ship-order', steps: [], pivot: '', onRefused: async () => undefined };
