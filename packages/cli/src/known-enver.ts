import { OdmdError } from '@ondemandenv/contracts-base';
import type { EnverStatus, PlatformStatus } from '@ondemandenv/local-platform';

/** @throws OdmdError ODMD711 with the envers that there are */
export function knownEnver(status: PlatformStatus, id: string): EnverStatus {
  const found = status.envers.find((enver) => enver.id === id);
  if (found) return found;
  throw new OdmdError('ODMD711', 'there is no such enver', {
    where: id,
    fix: `use one of ${status.envers.map((enver) => enver.id).join(', ') || '(none yet: push the contracts)'}`,
  });
}
