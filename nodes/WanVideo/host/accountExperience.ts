/** What this process remembers of how long tasks took, for each account. Bounded, and gone with the process. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Experience, Experiences } from '../generation/experience';
import { accountOf } from './api';

const experiences = new Experiences();

/** What earlier tasks of the node's account tell. */
export function experienceOf(context: IExecuteFunctions): Experience {
	return experiences.at(accountOf(context));
}

/** As after a restart. */
export function forgetLearnt(): void {
	experiences.clear();
}
