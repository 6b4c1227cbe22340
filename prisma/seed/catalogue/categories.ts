import { clothing } from './clothing.ts';
import { furniture } from './furniture.ts';
import { kitchen } from './kitchen.ts';
import { lighting } from './lighting.ts';
import { outdoor } from './outdoor.ts';
import { play } from './play.ts';
import type { CategorySpec } from './spec.ts';
import { tech } from './tech.ts';
import { textiles } from './textiles.ts';

/** The eight categories of the demo shop, in the order of its menu. */
export const catalogueSpec: readonly CategorySpec[] = [kitchen, furniture, lighting, textiles, outdoor, tech, clothing, play];
