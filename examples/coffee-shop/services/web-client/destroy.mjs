import { execFileSync } from 'node:child_process';

execFileSync('odmd', ['local', 'service', 'stop', 'web-client'], { stdio: 'inherit' });
