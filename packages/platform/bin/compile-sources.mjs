/*
 * Compiles every TypeScript source in place for the image: decorators and other syntax that Node does not strip by
 * itself become plain JavaScript under the same file name, so imports, worker threads and package exports stay as they
 * are and no bundler has to be taught about them. Tests are deleted.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const options = {
  loader: 'ts',
  format: 'esm',
  target: 'node24',
  sourcemap: 'inline',
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false, verbatimModuleSyntax: true } },
};

const files = globSync(['{packages,subgraphs,services,gateway,prisma}/**/*.ts'], { exclude: ['**/node_modules/**', '**/*.d.ts'] });
for (const file of files) {
  if (file.endsWith('.test.ts')) rmSync(file);
  else writeFileSync(file, transformSync(readFileSync(file, 'utf8'), { ...options, sourcefile: file }).code);
}
process.stdout.write(`${files.length} files compiled\n`);
