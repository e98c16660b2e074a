/** `pnpm simulate`: compiles the simulator with the sources that it tests, and runs it. Nothing has to be built. */
import { load } from '../test/simulation/bundle.mjs';

await load('main.ts');
