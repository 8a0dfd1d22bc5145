// The rows of the report, in its order.

import type { Row } from '../row';
import { batch } from './batch';
import { chaos } from './chaos';
import { hostile } from './hostile';
import { join } from './join';
import { killed } from './killed';
import { lost } from './lost';
import { check, checks, uploads } from './materials';
import { memory } from './memory';
import { overhead } from './overhead';
import { paused } from './paused';
import { size } from './size';
import { limited, many, slow } from './slow';

export const rows: readonly Row[] = [
	batch,
	slow,
	many,
	limited,
	lost,
	memory,
	join,
	paused,
	killed,
	overhead,
	size,
	check,
	checks,
	uploads,
	hostile,
	chaos,
];
