/** Something that EvoLink would refuse, told before anything is sent. */
import type { RequestField } from './request';

/** The field by its label, what is wrong, what to do. */
export interface Problem {
	field: RequestField;
	/** Of a list: which row, from 0. */
	row?: number;
	text: string;
}

/** Whether two problems are about one field: the second one follows from the first. */
export function sameField(
	one: Pick<Problem, 'field' | 'row'>,
	other: Pick<Problem, 'field' | 'row'>,
): boolean {
	return one.field === other.field && one.row === other.row;
}
