import type { Workflow } from '../workflow.ts'; export const cancelOrder: Workflow = { name: 'cancel-order', steps: [], pivot: '', onRefused: async () => undefined };
