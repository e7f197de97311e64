/** `npm run pretest`: what `npm test` needs, on a fresh clone too. */
import { installWhatIsMissing, requireNode } from './setup/install.mjs';

requireNode();
installWhatIsMissing();
