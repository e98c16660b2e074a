import { colourOf } from './kinds.js';
import type { ContractsGraph, GraphEdge, GraphNode } from './model.js';

const STYLES: Readonly<Record<GraphEdge['onChange'], string>> = {
  deploy: 'solid',
  approve: 'bold',
  ignore: 'dashed',
  alarm: 'dotted',
};

/** The graph in the language of Graphviz. */
export function toDot(graph: ContractsGraph): string {
  const accounts = [...new Set(graph.nodes.map(({ account }) => account))].sort();
  const lines = [
    `digraph ${quoted(graph.org)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...accounts.flatMap((account, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(account)};`,
      ...graph.nodes.filter((node) => node.account === account).map((node) => `    ${nodeLine(node)}`),
      '  }',
    ]),
    ...graph.edges.map((edge) => `  ${edgeLine(edge)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeLine({ id, build, revision, kind, region }: GraphNode): string {
  const { fill, line } = colourOf(kind);
  const label = quoted(`${build}\n${revision}\n${kind} · ${region}`);
  return `${quoted(id)} [label=${label}, fillcolor="${fill}", color="${line}"];`;
}

function edgeLine({ from, to, onChange, products }: GraphEdge): string {
  const label = quoted(products.join('\n'));
  return `${quoted(from)} -> ${quoted(to)} [label=${label}, style=${STYLES[onChange]}];`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
