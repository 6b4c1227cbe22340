import { readConfig } from '../config.ts';
import { requestStop } from '../control-socket.ts';
import type { ProjectLayout } from '../project-layout.ts';

/** What `npm stop` works with. */
export interface StopCommandOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
}

/** `npm stop`: ends what `npm start` runs and returns once it is gone. Nothing running is fine. */
export async function stopCommand({ layout, env, write }: StopCommandOptions): Promise<number> {
  const { dataDir } = readConfig(env, layout.root);
  write((await requestStop(dataDir)) ? 'stopped\n' : 'nothing was running\n');
  return 0;
}
