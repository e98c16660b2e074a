import { InvalidArgumentError } from 'commander';

/** `owner/name`. */
export function repository(text: string): { owner: string; name: string } {
  const [owner = '', name = '', ...more] = text.split('/');
  if (!owner || !name || more.length > 0) throw new InvalidArgumentError('Write it as owner/name.');
  return { owner, name };
}
