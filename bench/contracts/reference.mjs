import { createRequire } from 'node:module';
import { timed } from '../statistics.mjs';

/** Of the contracts library, so that both make the same kind of object. */
const require = createRequire(import.meta.resolve('@ondemandenv/contracts-base'));
const { Construct, RootConstruct } = require('constructs');

/** The work to compare with: plain constructs, in a tree of the shape of an org, that nobody checks or writes. */
export function reference(builds, { envers, leaves }) {
  return timed(() => {
    const root = new RootConstruct();
    for (let n = 0; n < builds; n++) {
      const build = new Construct(root, `build${n}`);
      for (let e = 0; e < envers; e++) {
        const enver = new Construct(build, `enver${e}`);
        for (let l = 0; l < leaves; l++) new Construct(enver, `leaf${l}`);
      }
    }
    return root;
  }).ms;
}
