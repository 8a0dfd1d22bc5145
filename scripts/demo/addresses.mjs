// The addresses at example.com in the examples stand for files of the user. n8n must not show them to somebody who tries the
// package: the node looks at a material before it submits it, and would find nothing there.

/** @typedef {import('../../test/e2e/support/index').Workflow} Workflow */

const placeholder = /https:\/\/example\.com\/[\w-]+\.\w+/g;

/**
 * @param {Workflow} workflow
 * @param {Readonly<Record<string, string>>} addresses placeholder -> what takes its place
 * @returns {Workflow} with every known placeholder replaced, wherever it stands: in a field, a table, a note
 */
export const replaceAddresses = (workflow, addresses) => ({
	...workflow,
	nodes: JSON.parse(
		JSON.stringify(workflow.nodes).replace(placeholder, (address) => addresses[address] ?? address),
	),
});

/** @param {Workflow[]} workflows @returns {Record<string, string[]>} placeholder -> names of the workflows it stands in */
export function placeholdersIn(workflows) {
	/** @type {Record<string, string[]>} */
	const found = {};
	for (const { name, nodes } of workflows) {
		for (const address of new Set(JSON.stringify(nodes).match(placeholder)))
			(found[address] ??= []).push(name);
	}
	return found;
}
