import type { Workflow } from '../workflow.ts'; export const receiveReturn: Workflow = { name: 'receive-return', steps: [], pivot: '', onRefused: async () => undefined };
