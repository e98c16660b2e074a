import type { Construct } from 'constructs';

/**
 * A construct id that is free in `scope`. Two siblings of one name are a violation that is reported together
 * with all others (rule ODMD105 and its kin), so the tree itself must be able to hold them.
 */
export function freeNodeId(scope: Construct, wanted: string): string {
  let id = wanted;
  for (let n = 2; scope.node.tryFindChild(id); n++) id = `${wanted}#${n}`;
  return id;
}
