/**
 * A field with n8n's red mark that stops no run by mistake. n8n refuses to start while a required field that is
 * shown is empty, and shows every field whose condition is an expression. So two fields of one name share the
 * work: the required one has only rules under `hide`, which look at the value as it is written, and an
 * expression is not the value; the other is shown where the choice is none of the values, as n8n's editor takes
 * an expression for what it gives, or for nothing at all (docs/decisions/required-fields.md).
 */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** The two fields, for an operation that is in one resource only and a choice of two that has to be `value`. */
export function neededField(
	field: INodeProperties,
	{
		operation,
		resource,
		choice,
		value,
		other,
	}: { operation: string; resource: string; choice: string; value: string; other: string },
): INodeProperties[] {
	const hide: IDisplayOptions['hide'] = {
		operation: [{ _cnd: { not: operation } }],
		[choice]: [{ _cnd: { not: value } }],
	};
	const show = {
		...{ resource: [resource], operation: [operation] },
		[choice]: [{ _cnd: { not: other } }],
	};
	return [
		{ ...field, displayOptions: { show, hide: { [choice]: [value] } } },
		{ ...field, required: true, displayOptions: { hide } },
	];
}
