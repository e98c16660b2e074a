import { OdmdError } from '@ondemandenv/contracts-base';
import type { EnverStatus, PlatformStatus } from '@ondemandenv/local-platform';

/** @throws OdmdError ODMD711 with the envers that there are */
export function knownEnver(status: PlatformStatus, id: string): EnverStatus {
  const found = status.envers.find((enver) => enver.id === id);
  if (found) return found;
  const near = status.envers.filter((enver) => enver.id.startsWith(`${id.split('/')[0]}/`));
  const hint = near.length > 0 ? `did you mean ${near.map((enver) => enver.id).join(' or ')}? ` : '';
  throw new OdmdError('ODMD711', 'there is no such enver', {
    where: id,
    fix: `${hint}use one of ${status.envers.map((enver) => enver.id).join(', ') || '(none yet: push the contracts)'}`,
  });
}
