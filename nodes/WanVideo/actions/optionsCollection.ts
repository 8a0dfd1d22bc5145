/** The optional settings of an operation, as one collection. */
import type { INodeProperties } from 'n8n-workflow';

/** The collection at the end of an operation's parameters. `options` stand in the order of their labels. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}
