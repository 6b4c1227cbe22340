export { type DeadJob, DeadSet } from './dead-set.ts';
export { type Backoff, type DataOfJob, defineJob, type JobDefinition } from './define-job.ts';
export { describeSignal, type SignalDescription } from './describe-signal.ts';
export { HopelessJob, JobError, type JobErrorCode } from './job-error.ts';
export { handle, type JobContext, type JobHandler } from './job-handler.ts';
export { recordJobs, recordQueue } from './job-metrics.ts';
export { type JobCounts, JobQueue, type NewJob, type QueueOptions } from './job-queue.ts';
export { type JobSignal, type RunningJobs, startJobWorker, type WorkerOptions } from './job-worker.ts';
export { type Rhythm, type Schedule, schedule } from './schedule.ts';
