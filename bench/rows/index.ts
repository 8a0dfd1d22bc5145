// The rows of the report, in its order.

import type { Row } from '../row';
import { batch } from './batch';
import { chaos } from './chaos';
import { killed } from './killed';
import { lost } from './lost';
import { memory } from './memory';
import { overhead } from './overhead';
import { paused } from './paused';
import { size } from './size';

export const rows: readonly Row[] = [batch, lost, memory, paused, killed, overhead, size, chaos];
