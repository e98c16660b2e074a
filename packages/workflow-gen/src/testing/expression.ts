/** An expression in the words of a workflow file. */
export function expression(inner: string): string {
  return `\${{ ${inner} }}`;
}
