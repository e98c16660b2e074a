import type { Construct } from 'constructs';

/**
 * A construct id that is free in `scope`. An empty name, and two siblings of one name, are violations that are
 * reported together with all others (rule ODMD105 and its kin), so the tree itself must be able to hold them.
 */
export function freeNodeId(scope: Construct, name: string): string {
  const wanted = name === '' ? '(no name)' : name;
  let id = wanted;
  for (let n = 2; scope.node.tryFindChild(id); n++) id = `${wanted}#${n}`;
  return id;
}
